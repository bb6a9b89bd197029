import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { Remedy, TextEdit } from "../../src/findings/finding.ts";
import { fixFor, runtimeBaseFix, textOf } from "../../src/findings/fixes.ts";
import { appendCommand } from "../../src/findings/runEdits.ts";

/** The text with the edits made, from the last one to the first. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split("\n");
  const offset = (line: number, column: number): number => lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + column;
  return [...edits]
    .sort((a, b) => b.range.startLine - a.range.startLine || b.range.startColumn - a.range.startColumn)
    .reduce(
      (result, { range, newText }) =>
        result.slice(0, offset(range.startLine, range.startColumn)) + newText + result.slice(offset(range.endLine, range.endColumn)),
      text,
    );
}

const clean: Remedy = { kind: "append-command", command: "rm -rf /x" };
const noCache: Remedy = {
  kind: "add-option",
  after: /\bpip[\d.]*\s+install\b/,
  option: "--no-cache-dir",
  otherwise: "rm -rf ~/.cache/pip",
};

/** `expected` undefined: no edit is safe. The fix is for the last instruction. */
function check(text: string, remedy: Remedy, expected: string | undefined): void {
  const { value: dockerfile } = parseDockerfile(text);
  const stage = dockerfile.stages.at(-1);
  const instruction = stage?.instructions.at(-1);
  if (!stage || !instruction) throw new Error("the text has an instruction");
  const fix = fixFor(remedy, instruction, [stage], textOf(text, dockerfile));
  expect(fix && (fix.edits.length > 0 ? edited(text, fix.edits) : fix.ignoreLines.join("\n"))).toBe(expected);
}

test.each([
  ["one line", "FROM a\nRUN apt-get update", "FROM a\nRUN apt-get update && rm -rf /x"],
  ["blanks at the end", "FROM a\nRUN apt-get update  \n", "FROM a\nRUN apt-get update && rm -rf /x  \n"],
  [
    "continued lines",
    "FROM a\nRUN apt-get update && \\\n    apt-get install -y curl\n",
    "FROM a\nRUN apt-get update && \\\n    apt-get install -y curl \\\n    && rm -rf /x\n",
  ],
  ["comments between", "FROM a\nRUN a \\\n  # why\n  b\n", "FROM a\nRUN a \\\n  # why\n  b \\\n  && rm -rf /x\n"],
  ["another escape", "# escape=`\nFROM a\nRUN a `\n  b\n", "# escape=`\nFROM a\nRUN a `\n  b `\n  && rm -rf /x\n"],
  ["a heredoc", "FROM a\nRUN <<EOF\napt-get update\n# done\nEOF\n", "FROM a\nRUN <<EOF\napt-get update && rm -rf /x\n# done\nEOF\n"],
  [
    "a heredoc for a shell",
    "FROM a\nRUN bash -e <<'EOF'\nset -x\n  a\n\nEOF\n",
    "FROM a\nRUN bash -e <<'EOF'\nset -x\n  a && rm -rf /x\n\nEOF\n",
  ],
  ["a heredoc for another language", "FROM a\nRUN python3 <<EOF\nprint(1)\nEOF\n", undefined],
  ["a script of another language", "FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF\n", undefined],
  ["exec form", 'FROM a\nRUN ["apt-get", "update"]\n', undefined],
  ["a comment of the shell", "FROM a\nRUN a # and then\n", undefined],
  ["an unfinished command", "FROM a\nRUN a ;\n", undefined],
  ["in the background", "FROM a\nRUN a &\n", undefined],
  ["a quote that is not closed", "FROM a\nRUN sh -c 'a\n", undefined],
  ["flags", "FROM a\nRUN --mount=type=secret,id=x a\n", "FROM a\nRUN --mount=type=secret,id=x a && rm -rf /x\n"],
])("a command at the end of a RUN: %s", (_about, text, expected) => check(text, clean, expected));

test.each([
  ["FROM a\nRUN pip install torch", "FROM a\nRUN pip install --no-cache-dir torch"],
  [
    "FROM a\nRUN pip3 install -U pip && \\\n  python -m pip install -r r.txt",
    "FROM a\nRUN pip3 install --no-cache-dir -U pip && \\\n  python -m pip install --no-cache-dir -r r.txt",
  ],
  [
    "FROM a\nRUN pip install --no-cache-dir a && pip install \\\n  b",
    "FROM a\nRUN pip install --no-cache-dir a && pip install --no-cache-dir \\\n  b",
  ],
  [
    "FROM a\nRUN pip install \\\n  # pip install of what is needed\n  --no-cache-dir a && ./install.sh",
    "FROM a\nRUN pip install \\\n  # pip install of what is needed\n  --no-cache-dir a && ./install.sh \\\n  && rm -rf ~/.cache/pip",
  ],
  ["FROM a\nRUN ./setup.sh", "FROM a\nRUN ./setup.sh && rm -rf ~/.cache/pip"],
])("an option of pip, else its cache is removed: %#", (text, expected) => check(text, noCache, expected));

test.each([
  ["FROM a\nWORKDIR /app\nCOPY . .", "/app/.git", ".git"],
  ["FROM a\nCOPY . /srv/x/", "/srv/x/tests", "tests"],
  ["FROM a\nWORKDIR /w\nWORKDIR app\nCOPY src lib", "/w/app/lib/tests", "src/tests"],
  ["FROM a\nCOPY . .", "/app/.git", undefined],
  ["FROM a\nCOPY --from=b . /app", "/app/.git", undefined],
  ["FROM a\nCOPY a b /app/", "/app/.git", undefined],
  ["FROM a\nCOPY $X /app", "/app/.git", undefined],
  ["FROM a\nCOPY . /app", "/other/.git", undefined],
])("the place in the build context of what %j put into the image", (text, imagePath, expected) => {
  check(text, { kind: "ignore", imagePaths: [imagePath] }, expected);
});

test.each([
  [
    "FROM nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04\nRUN pip install torch",
    "FROM nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04\nRUN pip install torch",
  ],
  ["FROM pytorch/pytorch:2.5.1-cuda12.4-cudnn9-devel AS x", "FROM pytorch/pytorch:2.5.1-cuda12.4-cudnn9-runtime AS x"],
  ["FROM nvidia/cuda:12.4.1-devel\nRUN make all", undefined],
  ["FROM nvidia/cuda:12.4.1-devel\nRUN pip install flash-attn", undefined],
  [`FROM nvidia/cuda:12.4.1-devel@sha256:${"0".repeat(64)}`, undefined],
  ["ARG TAG=12-devel\nFROM nvidia/cuda:${TAG}", undefined],
])("the -runtime variant of a base image: %j", (text, expected) => {
  const { value: dockerfile } = parseDockerfile(text);
  const stage = dockerfile.stages[0];
  const fix = stage && runtimeBaseFix(stage, textOf(text, dockerfile));
  expect(fix && edited(text, fix.edits)).toBe(expected);
});

test("whatever the text: with the command added, there are as many instructions, and the RUN's command ends with it", () => {
  const word = fc.constantFrom(
    "a",
    "b -c",
    "&&",
    "||",
    ";",
    "\\\n",
    "\n",
    '"',
    "'",
    "# x",
    "<<EOF\n",
    "EOF\n",
    "RUN ",
    "COPY . .\n",
    "  ",
    "if x; then y; fi",
    "`",
    "|",
    "(",
    ")",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      const text = `FROM a\nRUN x ${words.join("")}\nUSER app\n`;
      const { value: dockerfile } = parseDockerfile(text);
      const instructions = dockerfile.stages[0]?.instructions ?? [];
      instructions.forEach((instruction, index) => {
        const edits = appendCommand(textOf(text, dockerfile), instruction, "rm -rf /x");
        if (!edits) return;
        const after = parseDockerfile(edited(text, edits)).value.stages[0]?.instructions ?? [];
        expect(after.map(({ keyword }) => keyword)).toEqual(instructions.map(({ keyword }) => keyword));
        const { argumentText = "", heredocs = [] } = after[index] ?? {};
        expect(heredocs.length > 0 ? heredocs[0]?.text : argumentText).toContain("&& rm -rf /x");
      });
    }),
    { numRuns: 2000 },
  );
});
