import { describe, expect, test } from "vitest";
import { maxInstructions, maxTextLength, parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { StageBase } from "../../src/dockerfile/dockerfile.ts";

function stagesOf(text: string, buildArgs?: Record<string, string>): { name: string | undefined; base: StageBase; keywords: string }[] {
  return parseDockerfile(text, buildArgs).value.stages.map(({ name, base, instructions }) => ({
    name,
    base,
    keywords: instructions.map(({ keyword }) => keyword).join(" "),
  }));
}

describe("stages", () => {
  test.each<[string, string, Record<string, string> | undefined, ReturnType<typeof stagesOf>]>([
    [
      "names and references, case does not matter",
      "from golang AS Build\nrun make\nFROM scratch\nCOPY --from=build /a /a\nFROM BUILD\n",
      undefined,
      [
        { name: "build", base: { kind: "image", name: "golang" }, keywords: "RUN" },
        { name: undefined, base: { kind: "scratch" }, keywords: "COPY" },
        { name: undefined, base: { kind: "stage", stageIndex: 0 }, keywords: "" },
      ],
    ],
    [
      "ARG before FROM, with a default and a build argument",
      "ARG V=3.11\nARG R\nFROM ${R:-docker.io}/python:${V}-slim\n",
      { V: "3.12" },
      [{ name: undefined, base: { kind: "image", name: "docker.io/python:3.12-slim" }, keywords: "" }],
    ],
    [
      "an argument without a value",
      "ARG BASE\nFROM $BASE\n",
      undefined,
      [{ name: undefined, base: { kind: "unknown", text: "$BASE" }, keywords: "" }],
    ],
    [
      "a build argument that no ARG declares",
      "FROM a:$X\n",
      { X: "1" },
      [{ name: undefined, base: { kind: "unknown", text: "a:$X" }, keywords: "" }],
    ],
    [
      "automatic platform arguments",
      "FROM --platform=$BUILDPLATFORM a-${TARGETARCH} AS b\n",
      { TARGETARCH: "arm64", BUILDPLATFORM: "linux/amd64" },
      [{ name: "b", base: { kind: "image", name: "a-arm64", platform: "linux/amd64" }, keywords: "" }],
    ],
    [
      "FROM inside a heredoc is text",
      "FROM a\nRUN <<EOF\nFROM b\nEOF\nCMD c\n",
      undefined,
      [{ name: undefined, base: { kind: "image", name: "a" }, keywords: "RUN CMD" }],
    ],
    [
      "a backtick escapes after the directive",
      "# escape=`\nFROM a\nRUN dir `\n c:\\\nCMD x\n",
      undefined,
      [{ name: undefined, base: { kind: "image", name: "a" }, keywords: "RUN CMD" }],
    ],
  ])("%s", (_, text, buildArgs, expected) => expect(stagesOf(text, buildArgs)).toEqual(expected));
});

describe("instructions", () => {
  function instruction(lines: string): { argumentText: string; flags: object; heredocs: object } {
    const found = parseDockerfile(`FROM a\n${lines}`).value.stages[0]?.instructions[0];
    if (!found) throw new Error("no instruction");
    return { argumentText: found.argumentText, flags: found.flags, heredocs: found.heredocs };
  }
  test.each<[string, string, string, object, object]>([
    ["comments and empty lines between continued lines", "RUN a \\\n# no\n\n  b\\\n  c\n", "a   b  c", {}, []],
    ["blanks after the escape", "RUN a \\  \nb\n", "a b", {}, []],
    ["CRLF", "RUN a \\\r\n  b\r\nCMD x\r\n", "a   b", {}, []],
    ["a doubled escape ends the line", "RUN a \\\\\nCMD b\n", "a \\\\", {}, []],
    ["flags", 'COPY --from=b --link --chown="a b" x y\n', "x y", { from: "b", link: "", chown: "a b" }, []],
    ["a repeated flag", "RUN --mount=type=cache,target=/a --mount=type=tmpfs x\n", "x", { mount: "type=cache,target=/a\ntype=tmpfs" }, []],
    ["a heredoc", "RUN <<EOF\na\nb\nEOF\n", "<<EOF", {}, [{ name: "EOF", text: "a\nb\n" }]],
    [
      "two heredocs, tabs stripped",
      "COPY <<-a <<'b' /d/\n\tx\n\ta\n\ty\nb\n",
      "<<-a <<'b' /d/",
      {},
      [
        { name: "a", text: "x\n" },
        { name: "b", text: "\ty\n" },
      ],
    ],
    ["a heredoc that never ends", "RUN <<EOF\na\n", "<<EOF", {}, [{ name: "EOF", text: "a\n\n" }]],
    ["ONBUILD keeps its trigger", "ONBUILD COPY --from=x . /a\n", "COPY --from=x . /a", {}, []],
  ])("%s", (_, lines, argumentText, flags, heredocs) => expect(instruction(lines)).toEqual({ argumentText, flags, heredocs }));
});

describe("ranges", () => {
  test.each([
    ["LF", "ARG A=1\nFROM a AS x\nRUN a \\\n  b\n\n# c\nFROM b\n"],
    ["CRLF", "ARG A=1\r\nFROM a AS x\r\nRUN a \\\r\n  b\r\n\r\n# c\r\nFROM b\r\n"],
    ["a byte order mark", "\ufeffARG A=1\nFROM a AS x\nRUN a \\\n  b\n\n# c\nFROM b\n"],
  ])("%s", (_, text) => {
    const [stage, second] = parseDockerfile(text).value.stages;
    expect(stage?.fromRange).toEqual({ startLine: 1, startColumn: 0, endLine: 1, endColumn: 11 });
    expect(stage?.instructions[0]?.range).toEqual({ startLine: 2, startColumn: 0, endLine: 3, endColumn: 3 });
    expect(stage?.range).toEqual({ startLine: 1, startColumn: 0, endLine: 5, endColumn: 3 });
    expect(second?.range.endLine).toBe(7);
  });
  test("tabs count as one column", () => {
    const [stage] = parseDockerfile("\tFROM a\n\t\tRUN\tb\n").value.stages;
    expect(stage?.fromRange).toEqual({ startLine: 0, startColumn: 1, endLine: 0, endColumn: 7 });
    expect(stage?.instructions[0]?.range).toEqual({ startLine: 1, startColumn: 2, endLine: 1, endColumn: 7 });
  });
});

describe("problems", () => {
  test.each([
    ["", "no FROM"],
    ["FROM\n", "names no image"],
    ["RUN a\nFROM a\n", "before the first FROM"],
    ["FROM a\nRUM b\n", '"RUM" is no instruction'],
    ["FROM a\nRUN\n", "RUN has no arguments"],
    ["FROM a\nCOPY --from=b /x /y\nFROM c AS b\n", "not built before"],
    ["FROM a\nCOPY --from=7 /x /y\n", "no stage with this number"],
    ["FROM a AS 1x\n", "cannot name a stage"],
    ["FROM a b\n", "AS with a name"],
    ["FROM a\0\n", "NUL bytes"],
  ])("%j", (text, message) =>
    expect(
      parseDockerfile(text)
        .problems.map((problem) => problem.message)
        .join(),
    ).toContain(message),
  );

  test("a sound file has none", () => expect(parseDockerfile("FROM a AS b\nRUN c\nFROM b\nCMD d\n").problems).toEqual([]));
});

describe("hostile sizes end quickly", () => {
  test.each([
    ["5 MB of lines", "FROM a\n" + "RUN echo hello world\n".repeat(250_000), `longer than ${maxTextLength / 1024} KiB`],
    ["5 MB in one line", "FROM a\nRUN " + "a".repeat(5_000_000), "longer than"],
    ["5 MB of continued lines", "FROM a\nRUN " + "a \\\n".repeat(1_250_000), "longer than"],
    ["10,000 stages", "FROM a\nRUN b\n".repeat(10_000), `the first ${maxInstructions}`],
    [
      "binary without NUL",
      Array.from({ length: 300_000 }, (_, i) => String.fromCharCode(1 + ((i * 7919) % 255))).join(""),
      "no instruction",
    ],
    ["many heredocs in a line", "FROM a\nRUN" + " <<a".repeat(100_000) + "\na\n".repeat(50_000), ""],
    ["many escapes", "FROM a\nRUN " + "\\ ".repeat(200_000), ""],
    ["many flags", "FROM a\nRUN " + "--a=b ".repeat(80_000) + "c", ""],
    ["many variables", "FROM a\nENV " + "a=$b ".repeat(80_000), ""],
    ["nested variables", "FROM " + "${a:-".repeat(80_000) + "\n", ""],
    ["many names in one FROM", "FROM " + "a ".repeat(200_000) + "\n", ""],
  ])("%s", (_, text, message) => {
    const startedAtMs = performance.now();
    const { problems } = parseDockerfile(text);
    expect(performance.now() - startedAtMs).toBeLessThan(3000);
    expect(problems.length).toBeLessThan(60);
    expect(problems.map((problem) => problem.message).join("\n")).toContain(message);
  });
});
