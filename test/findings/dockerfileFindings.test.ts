import { expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { provableFacts } from "../../src/dockerfile/provable.ts";
import { dockerfileFindings } from "../../src/findings/dockerfileFindings.ts";
import type { PlacedFinding } from "../../src/findings/finding.ts";
import type { SizedBuildContext } from "../../src/inspect/buildContext.ts";
import type { Inspection } from "../../src/inspect/inspection.ts";
import { layeredInspection, type TestLayer } from "./layeredInspection.ts";

function contextOf(sizes: Readonly<Record<string, number>>): SizedBuildContext {
  const paths = Object.keys(sizes);
  return {
    ignoreFileName: ".dockerignore",
    read: () => undefined,
    exists: (path) => paths.some((one) => one === path || one.startsWith(`${path}/`)),
    list: () => [],
    sizeBytes: (path) => paths.filter((one) => one.startsWith(`${path}/`)).reduce((sum, one) => sum + (sizes[one] ?? 0) * 1e6, 0),
  };
}

function found(
  text: string,
  { inspection, context = contextOf({}) }: { inspection?: Inspection; context?: SizedBuildContext } = {},
): readonly PlacedFinding[] {
  const { value: dockerfile } = parseDockerfile(text);
  const provable = provableFacts(dockerfile, context);
  return dockerfileFindings({ dockerfile, text, targetStage: dockerfile.stages.length - 1, provable, context, inspection });
}

/** `line code megabytes [fix]`, one for each finding. */
function check(text: string, given: { inspection?: Inspection; context?: SizedBuildContext }, expected: readonly string[]): void {
  const lines = found(text, given).map(({ place, code, sizeBytes, fix }) => {
    const line = place ? `line ${place.range.startLine + 1}` : "no line";
    return `${line} ${code} ${sizeBytes === null ? "?" : `${sizeBytes / 1e6} MB`}${fix ? ` [${fix.title}]` : ""}`;
  });
  expect(lines).toEqual(expected);
}

test("from the text alone: what a RUN leaves behind, without a size", () => {
  check(
    "FROM debian:12\nRUN apt-get update && apt-get install -y gcc\nRUN pip install torch\nRUN --mount=type=cache,target=/root/.cache/pip pip install numpy\n",
    {},
    [
      'line 2 package-cache ? [Add "rm -rf /var/lib/apt/lists/*" to this RUN]',
      "line 2 build-tools ?",
      "line 3 package-cache ? [Add --no-cache-dir]",
    ],
  );
  check("FROM debian:12\nENV PIP_NO_CACHE_DIR=1\nRUN pip install torch && apt-get update && rm -rf /var/lib/apt/lists/*\n", {}, []);
  check("FROM debian:12 AS build\nRUN apt-get update\nFROM scratch\nCOPY --from=build /x /x\n", {}, []);
});

test("from the build context: what COPY . brings along, with its size", () => {
  const context = contextOf({
    ".git/HEAD": 0,
    ".git/objects/pack": 45,
    "node_modules/x/index.js": 80,
    "venv/pyvenv.cfg": 0,
    "venv/lib/x": 0.5,
  });
  check("FROM a\nWORKDIR /app\nCOPY package.json .\nRUN npm ci && npm cache clean --force\nCOPY . .\n", { context }, [
    "line 5 stray-files 80 MB [Leave node_modules out of the build context]",
    "line 5 git-folder 45 MB [Leave .git out of the build context]",
  ]);
  check("FROM a\nCOPY src /app\n", { context }, []);
  check("FROM a AS x\nCOPY . .\nFROM a\n", { context }, []);
});

const dockerfile = `FROM nvidia/cuda:12.4.1-devel-ubuntu22.04
RUN apt-get update && apt-get install -y python3
COPY app /app
RUN chown -R app /app
CMD ["python3", "/app/serve.py"]
`;

const layers: readonly TestLayer[] = [
  { createdBy: "/bin/sh -c #(nop) ADD file:aaaa in / ", files: { "/bin/sh": 1, "/var/cache/apt/pkgcache.bin": 3 } },
  {
    createdBy: "RUN /bin/sh -c install cuda # buildkit",
    files: { "/usr/local/cuda-12.4/include/cuda.h": 90, "/usr/local/cuda-12.4/lib64/libcudart.so": 5 },
  },
  {
    createdBy: "RUN /bin/sh -c apt-get update && apt-get install -y python3 # buildkit",
    files: { "/var/lib/apt/lists/Packages": 20, "/usr/bin/python3": 6 },
  },
  { createdBy: "COPY app /app # buildkit", files: { "/app/serve.py": 1, "/app/model.onnx": 7 } },
  { createdBy: "RUN /bin/sh -c chown -R app /app # buildkit", files: { "/app/serve.py": 1, "/app/model.onnx": 7 } },
];

test("with an image: exact megabytes at the instruction that made the layer, the base image at FROM", () => {
  check(dockerfile, { inspection: layeredInspection(layers, ["/app/serve.py"]) }, [
    "line 1 devel-base 90 MB [Build on the -runtime variant of this image]",
    'line 2 package-cache 20 MB [Add "rm -rf /var/lib/apt/lists/*" to this RUN]',
    "line 4 rewritten-files 8 MB",
    "line 1 package-cache 3 MB",
  ]);
  const chown = found(dockerfile, { inspection: layeredInspection(layers) }).find(({ code }) => code === "rewritten-files");
  expect(chown?.source?.range.startLine).toBe(2);
});

test("startup that opens a file of what only the -devel base has: nothing is claimed of it", () => {
  const inspection = layeredInspection(layers, ["/usr/local/cuda-12.4/include/cuda.h"]);
  expect(found(dockerfile, { inspection }).map(({ code }) => code)).not.toContain("devel-base");
});

test("an edited instruction loses its finding, the others keep theirs", () => {
  const edited = dockerfile.replace("python3\n", "python3 && rm -rf /var/lib/apt/lists/*\n");
  check(edited, { inspection: layeredInspection(layers) }, [
    "no line build-tools 90 MB",
    "no line package-cache 20 MB",
    "line 4 rewritten-files 8 MB",
    "no line package-cache 3 MB",
  ]);
});

test("what an image's layer decides is not suggested from the text again", () => {
  const slim = [...layers.slice(0, 2), { createdBy: layers[2]?.createdBy ?? "", files: { "/usr/bin/python3": 6 } }, ...layers.slice(3)];
  expect(found(dockerfile, { inspection: layeredInspection(slim) }).filter(({ place }) => place?.range.startLine === 1)).toEqual([]);
});

test("one layer for all instructions: the stage is named, none of them is blamed, and nothing is edited", () => {
  const text = "FROM debian:12\nRUN apt-get update\nRUN x\nCMD y\n";
  const history = [
    { createdBy: "ADD rootfs", comment: "", emptyLayer: false },
    { createdBy: "/bin/sh -c apt-get update", comment: "", emptyLayer: true },
    { createdBy: "/bin/sh -c x", comment: "", emptyLayer: true },
    { createdBy: '/bin/sh -c #(nop) CMD ["y"]', comment: "FROM debian:12", emptyLayer: false },
  ];
  const plain = layeredInspection([
    { createdBy: "ADD rootfs", files: { "/bin/sh": 1 } },
    { createdBy: "", files: { "/var/lib/apt/lists/Packages": 20 } },
  ]);
  const inspection = { ...plain, image: { ...plain.image, config: { ...plain.image.config, history } } };
  check(text, { inspection }, ["line 1 package-cache 20 MB"]);
});
