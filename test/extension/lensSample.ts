import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { DockerfileView, KnownImage } from "../../src/extension/dockerfileLenses.ts";
import type { Inspection } from "../../src/inspect/inspection.ts";
import type { LayerEstimate } from "../../src/startup/startupSet.ts";
import { smallInspection } from "../results/fakeInspection.ts";

export const dockerfileText = `FROM golang:1.23 AS build
RUN go build -o /out/tool ./...

FROM debian:12 AS base
RUN apt-get update && apt-get install -y python3

FROM base
COPY --from=build /out/tool /usr/bin/
COPY app /app
WORKDIR /app
ENTRYPOINT ["python3", "serve.py"]
`;

const history = [
  ["ADD file:4ea3a5f1 in /", false],
  ["RUN /bin/sh -c apt-get update && apt-get install -y python3 # buildkit", false],
  ["COPY /out/tool /usr/bin/ # buildkit", false],
  ["COPY app /app # buildkit", false],
  ["WORKDIR /app", true],
  ['ENTRYPOINT ["python3" "serve.py"]', true],
] as const;

function layer(layerIndex: number, files: number, bytes: number, openedFiles: number, pageBytes: number): LayerEstimate {
  return { layerIndex, files, bytes, openedFiles, pageBytes, wholeBytes: pageBytes * 4, chunkBytes: pageBytes * 2 };
}

/** The image that `dockerfileText` builds: four layers, the first of them the base image's. */
export function knownInspection(change: Partial<Inspection["estimate"]> = {}): Inspection {
  const small = smallInspection();
  const around = (value: number): { value: number; low: number; high: number } => ({ value, low: value / 2, high: value * 2 });
  return {
    ...small,
    inspectedAtEpochMs: 1_000_000,
    image: {
      ...small.image,
      originLabel: "Docker",
      config: {
        ...small.image.config,
        history: history.map(([createdBy, emptyLayer]) => ({ createdBy, comment: "buildkit.dockerfile.v0", emptyLayer })),
      },
      layers: Array.from({ length: 4 }, (_, index) => ({ ...small.image.layers[0]!, index, diffId: `sha256:d${index}` as const })),
    },
    estimate: {
      ...small.estimate,
      totals: { files: 30_920, bytes: 6_700_000_000 },
      measures: {
        openedFiles: around(2566),
        wholeBytes: around(3_725_200_000),
        pageBytes: around(194_300_000),
        chunkBytes: around(911_200_000),
      },
      commands: [{ argv: ["python3", "serve.py"], executable: "/usr/bin/python3.11", probability: 1 }],
      layers: [
        layer(0, 3_000, 231_000_000, 300, 27_720_000),
        layer(1, 27_900, 5_400_000_000, 2_260, 162_000_000),
        layer(2, 1, 8_000_000, 0, 0),
        layer(3, 0, 0, 0, 0),
      ],
      ...change,
    },
  };
}

export function known(change: Partial<KnownImage> = {}): KnownImage {
  return { kind: "known", imageName: "demo:dev", inspection: knownInspection(), targetStage: 2, edited: false, ...change };
}

export function view(change: Partial<DockerfileView> = {}): DockerfileView {
  return {
    dockerfile: parseDockerfile(dockerfileText).value,
    provable: [],
    status: known(),
    measure: "pageBytes",
    nowEpochMs: 1_000_000 + 2 * 60_000,
    ...change,
  };
}
