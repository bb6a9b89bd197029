import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mapLayers } from "../../src/dockerfile/layerMap.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { HistoryEntry, ImageConfig } from "../../src/image/image.ts";

function configWith(history: readonly HistoryEntry[]): ImageConfig {
  return { entrypoint: [], cmd: [], env: [], workingDir: "", user: "", labels: {}, history, onBuild: [] };
}

/** `- ` before an entry: it made no layer. */
function historyOf(lines: readonly string[]): readonly HistoryEntry[] {
  return lines.map((line) => ({ createdBy: line.replace(/^- /, ""), comment: "", emptyLayer: line.startsWith("- ") }));
}

/** `KEYWORD layer` of what the last stage's instructions made, or the reason. */
function mapped(text: string, history: readonly HistoryEntry[], layerCount?: number): string {
  const dockerfile = parseDockerfile(text).value;
  const index = dockerfile.stages.length - 1;
  const map = mapLayers(dockerfile, index, configWith(history), layerCount ?? history.filter((entry) => !entry.emptyLayer).length);
  if (map.kind === "unmatched") return map.reason;
  const layers = dockerfile.stages[index]?.instructions.map(({ keyword }, at) => `${keyword} ${map.layerOfInstruction[at] ?? "-"}`) ?? [];
  return [`first ${map.firstOwnLayer}`, ...layers].join(", ");
}

const buildkitBase = ["ADD rootfs.tar / # buildkit", '- CMD ["bash"]'];

describe("BuildKit", () => {
  const text =
    'FROM python AS build\nRUN make\nFROM python\nARG V=1\nENV A=1\nWORKDIR /app\nRUN apt-get update \\\n  && apt-get install -y x\nCOPY --from=build --chown=1:1 /o ./\nCOPY ["a b", "$V/d/"]\nRUN ["/bin/true", "x"]\nRUN <<EOF\necho here\n  echo there\nEOF\nUSER u\nCMD ["a"]\n';
  const own = [
    "- ARG V=1",
    "- ENV A=1",
    "WORKDIR /app",
    "RUN |1 V=1 /bin/sh -c apt-get update   && apt-get install -y x # buildkit",
    "COPY --chown=1:1 /o ./ # buildkit",
    "COPY a b 1/d/ # buildkit",
    "RUN |1 V=1 /bin/true x # buildkit",
    "RUN |1 V=1 /bin/sh -c echo here\n  echo there\n # buildkit",
    "- USER u",
    '- CMD ["a"]',
  ];
  const expected = "first 1, ARG -, ENV -, WORKDIR 1, RUN 2, COPY 3, COPY 4, RUN 5, RUN 6, USER -, CMD -";
  test("each instruction", () => expect(mapped(text, historyOf([...buildkitBase, ...own]))).toBe(expected));
  test("labels from the command line stand in between", () =>
    expect(mapped(text, historyOf([...buildkitBase, ...own, "- LABEL a=b", "- LABEL c=d"]))).toBe(expected));
  test("an instruction that was changed since", () =>
    expect(mapped(text.replace("install -y x", "install -y y"), historyOf([...buildkitBase, ...own]))).toContain("Line 7 has RUN"));
  test("an instruction that was added since", () =>
    expect(mapped(text.replace("USER u", "RUN new\nUSER u"), historyOf([...buildkitBase, ...own]))).toContain("Line 16 has RUN"));
  test("a RUN that only ends alike", () =>
    expect(mapped("FROM a\nRUN b\n", historyOf(["RUN /bin/sh -c a && b # buildkit"]))).toContain("Line 2"));
});

describe("Docker's old builder", () => {
  test("each instruction", () =>
    expect(
      mapped(
        'FROM python\nENV A=1\nCOPY . /app\nCOPY --chown=1:1 a b $A/\nADD x /y/\nRUN pip install  x\nRUN ["a", "b"]\nENTRYPOINT ["a"]\n',
        historyOf([
          "/bin/sh -c #(nop) ADD file:1234abcd in / ",
          '- /bin/sh -c #(nop)  CMD ["bash"]',
          "- /bin/sh -c #(nop)  ENV A=1",
          "/bin/sh -c #(nop) COPY dir:0a1b2c in /app ",
          "/bin/sh -c #(nop) COPY --chown=1:1 multi:0a1b2c in 1/ ",
          "/bin/sh -c #(nop) ADD file:0a1b2c in /y/ ",
          "/bin/sh -c pip install  x",
          "a b",
          '- /bin/sh -c #(nop)  ENTRYPOINT ["a"]',
        ]),
      ),
    ).toBe("first 1, ENV -, COPY 1, COPY 2, ADD 3, RUN 4, RUN 5, ENTRYPOINT -"));
  test("squashed", () =>
    expect(
      mapped(
        "FROM python\nCOPY a /a\nRUN b\n",
        historyOf(["/bin/sh -c #(nop) ADD file:12 in / ", "- /bin/sh -c #(nop) COPY file:12 in /a ", "- /bin/sh -c b", ""]),
      ),
    ).toContain("history has"));
});

describe("buildah, as it really writes", () => {
  const text = readFileSync("test/fixtures/dockerfile/buildah.Dockerfile", "utf8");
  function recorded(name: string): readonly HistoryEntry[] {
    const entries = JSON.parse(readFileSync(`test/fixtures/dockerfile/${name}.history.json`, "utf8")) as {
      created_by?: string;
      comment?: string;
      empty_layer?: boolean;
    }[];
    return entries.map((entry) => ({
      createdBy: entry.created_by ?? "",
      comment: entry.comment ?? "",
      emptyLayer: entry.empty_layer ?? false,
    }));
  }
  const metadata = "USER -, EXPOSE -, VOLUME -, HEALTHCHECK -, SHELL -";
  test("with --layers", () =>
    expect(mapped(text, recorded("buildah-elayers"))).toBe(
      `first 2, ARG -, ENV -, LABEL -, WORKDIR -, COPY 2, COPY 3, RUN 4, RUN 5, ADD 6, ${metadata}, RUN 7, ONBUILD -, ENTRYPOINT -, CMD -`,
    ));
  test("without --layers all share the stage's one layer", () =>
    expect(mapped(text, recorded("buildah-eflat"))).toBe(
      `first 2, ARG -, ENV -, LABEL -, WORKDIR -, COPY 2, COPY 2, RUN 2, RUN 2, ADD 2, ${metadata}, RUN 2, ONBUILD -, ENTRYPOINT -, CMD -`,
    ));
});

describe("stages built on stages", () => {
  const text = "FROM python AS a\nRUN one\nFROM a AS b\nRUN two\nFROM c\nRUN three\n";
  const history = historyOf(["base", "RUN /bin/sh -c one # buildkit", "RUN /bin/sh -c two # buildkit"]);
  test.each([
    [1, 1, { kind: "matched", firstOwnLayer: 2, layerOfInstruction: [2] }],
    [0, 1, { kind: "matched", firstOwnLayer: 1, layerOfInstruction: [1] }],
    [2, 1, { kind: "unmatched", reason: "The image was not built on this stage." }],
    [9, undefined, { kind: "unmatched", reason: "The image was not built on this stage." }],
  ])("stage %i of an image built from stage %s", (stageIndex, target, expected) =>
    expect(mapLayers(parseDockerfile(text).value, stageIndex, configWith(history), 3, target)).toEqual(expected),
  );
});

describe("history that says nothing", () => {
  test("none", () => expect(mapped("FROM a\nRUN b\n", [], 2)).toBe("The image keeps no history."));
  test("another number of layers", () =>
    expect(mapped("FROM a\nRUN b\n", historyOf(["/bin/sh -c b"]), 3)).toBe("The image has 3 layers, its history tells of 1."));
  test("scratch with layers below", () =>
    expect(mapped("FROM scratch\nCOPY a /a\n", historyOf(["x", "COPY a /a # buildkit"]))).toContain("begins with"));
  test("a stage without layers of its own", () =>
    expect(mapped('FROM a\nCMD ["b"]\n', historyOf(["x", '- CMD ["b"]']))).toBe("first 1, CMD -"));
});
