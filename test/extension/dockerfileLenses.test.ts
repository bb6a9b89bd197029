import { expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { dockerfileLenses, type DockerfileView } from "../../src/extension/dockerfileLenses.ts";
import { known, knownInspection, view } from "./lensSample.ts";

/** `line: title`, lines as an editor counts them. */
function check(given: DockerfileView, expected: readonly string[]): void {
  expect(dockerfileLenses(given).map((lens) => `${lens.range.startLine + 1}: ${lens.title}`)).toEqual(expected);
}

test("a known image: the sum above FROM, each layer above its instruction, what runs above ENTRYPOINT", () => {
  check(view(), [
    "4: Base image: 231 MB, 12.0 % touched (4 KiB pages)",
    "5: 5.4 GB, 3.0 % touched (4 KiB pages)",
    "7: Startup touches ≈ 2.9 % of 6.7 GB (4 KiB pages), 8.3 % of 30,920 files · estimated · demo:dev from Docker, 2 min ago",
    "7: Choose another image…",
    "8: 8.0 MB, 0 % touched (4 KiB pages)",
    "9: no file of the final image",
    "11: Runs python3 serve.py (/usr/bin/python3.11)",
  ]);
});

test.each([
  ["openedFiles", "Startup touches ≈ 8.3 % of 30,920 files (opened), 2.9 % of 6.7 GB (4 KiB pages)"],
  ["wholeBytes", "Startup touches ≈ 55.6 % of 6.7 GB (whole files), 8.3 % of 30,920 files"],
  ["chunkBytes", "Startup touches ≈ 13.6 % of 6.7 GB (4 MiB chunks), 8.3 % of 30,920 files"],
] as const)("the sum names its measure: %s", (measure, start) => {
  const sum = dockerfileLenses(view({ measure })).find((lens) => lens.title.startsWith("Startup touches"));
  expect(sum?.title).toBe(`${start} · estimated · demo:dev from Docker, 2 min ago`);
});

test.each([
  ["Docker", "demo:dev", "demo:dev from Docker"],
  ["registry localhost:5000", "localhost:5000/demo:dev", "localhost:5000/demo:dev from registry"],
  ["registry registry-1.docker.io", "python:3.12", "python:3.12 from registry registry-1.docker.io"],
  ["OCI layout /images/demo", "oci:/images/demo:dev", "oci:/images/demo:dev from OCI layout"],
])("an origin (%s) is not told twice behind %s", (originLabel, imageName, expected) => {
  const base = knownInspection();
  const inspection = { ...base, image: { ...base.image, originLabel } };
  const sum = dockerfileLenses(view({ status: known({ inspection, imageName }) })).find((lens) => lens.title.startsWith("Startup touches"));
  expect(sum?.title).toContain(` · ${expected}, 2 min ago`);
});

test("the layer's lens opens the panel at that layer", () => {
  const lens = dockerfileLenses(view()).find(({ range }) => range.startLine === 4);
  expect(lens?.action).toEqual({ kind: "showImage", imageName: "demo:dev", layerIndex: 1 });
});

test("an edited text says that its answer is not the built image's", () => {
  const titles = dockerfileLenses(view({ status: known({ edited: true }) })).map((lens) => lens.title);
  expect(titles.filter((title) => title.includes("estimated for the edited text"))).toHaveLength(1);
});

test("layers that do not fit the text are not claimed, and the reason is given", () => {
  const dockerfile = parseDockerfile('FROM debian:12\nRUN make\nCMD ["serve"]\n').value;
  check(view({ dockerfile, status: known({ targetStage: 0 }) }), [
    "1: Startup touches ≈ 2.9 % of 6.7 GB (4 KiB pages), 8.3 % of 30,920 files · estimated · demo:dev from Docker, 2 min ago",
    expect.stringMatching(/^1: Layers cannot be told apart: Line 2 has RUN where/) as string,
    "1: Choose another image…",
    "3: Runs python3 serve.py (/usr/bin/python3.11)",
  ]);
});

test("a command that is not in the image is told, not hidden", () => {
  const inspection = knownInspection({ commands: [{ argv: ["nope"], probability: 1 }] });
  const last = dockerfileLenses(view({ status: known({ inspection }) })).at(-1);
  expect(last?.title).toBe("▲ Runs nope, which is not in demo:dev");
});

test("one layer for several instructions is told once", () => {
  const base = knownInspection();
  const inspection = {
    ...base,
    image: {
      ...base.image,
      layers: base.image.layers.slice(0, 2),
      config: {
        ...base.image.config,
        history: [
          { createdBy: "ADD /", comment: "", emptyLayer: false },
          { createdBy: "/bin/sh -c #(nop) COPY dir:1 in /app ", comment: "", emptyLayer: true },
          { createdBy: "/bin/sh -c make", comment: "FROM debian:12", emptyLayer: false },
        ],
      },
    },
  };
  const dockerfile = parseDockerfile("FROM debian:12\nCOPY app /app\nRUN make\n").value;
  const titles = dockerfileLenses(view({ dockerfile, status: known({ inspection, targetStage: 0 }) })).map((lens) => lens.title);
  expect(titles.filter((title) => title.startsWith("5.4 GB"))).toEqual([
    "5.4 GB, 3.0 % touched (4 KiB pages) · one layer for 2 instructions",
  ]);
});

test.each([
  [{ kind: "none" }, ["7: Choose image… to see what startup touches"]],
  [
    { kind: "none", guess: { name: "demo:dev", reason: "service api in compose.yaml" } },
    ["7: Inspect demo:dev (service api in compose.yaml)", "7: Choose image…"],
  ],
  [{ kind: "chosen", imageName: "demo:dev" }, ["7: Inspect demo:dev", "7: Choose another image…"]],
  [
    { kind: "reading", imageName: "demo:dev", progress: "3 of 8 layers, 1.2 GB of 3.4 GB" },
    ["7: Reading demo:dev: 3 of 8 layers, 1.2 GB of 3.4 GB"],
  ],
  [
    { kind: "failed", imageName: "demo:dev", message: "There is no image demo:dev." },
    ["7: ✕ There is no image demo:dev.", "7: Try again", "7: Choose another image…"],
  ],
  [{ kind: "untrusted" }, ["7: Restricted Mode: only this text is read. Trust the workspace to see what startup touches"]],
] as const)("before an image is known: %j", (status, expected) => {
  check(view({ status }), expected);
});

test("what the text proves stands at its place, image or not", () => {
  const range = { startLine: 0, startColumn: 0, endLine: 0, endColumn: 25 };
  const provable = [{ range, summary: "only what COPY --from takes is in the image", reason: "…" }];
  check(view({ provable, status: { kind: "none" } }), [
    "1: only what COPY --from takes is in the image",
    "7: Choose image… to see what startup touches",
  ]);
});

test("a text without stages has no lens", () => {
  check(view({ dockerfile: parseDockerfile("# nothing\n").value, status: { kind: "none" } }), []);
});

test("names from images draw no icons, break no line and turn no text around", () => {
  const inspection = knownInspection({
    commands: [{ argv: ["$(trash)", "a\nb", "\u202egpj.exe", "\u0000?"], executable: "/x", probability: 1 }],
  });
  const last = dockerfileLenses(view({ status: known({ inspection }) })).at(-1);
  expect(last?.title).toBe('Runs $ (trash) "a b" gpj.exe … (/x)');
});
