import { DockerfileParser } from "dockerfile-ast";
import type { Problem, TextRange, WithProblems } from "../base/text.ts";
import type { Dockerfile, Instruction } from "./dockerfile.ts";
import { readLogicalLine } from "./logicalLine.ts";
import { hostPlatform, platformArgs } from "./platformArgs.ts";
import { buildStages } from "./stages.ts";

/** Longer texts are read up to here: real Dockerfiles have some kilobytes, and dockerfile-ast takes seconds for some of 1 MB. */
export const maxTextLength = 256 * 1024;
/** Further instructions are left out. */
export const maxInstructions = 10_000;

/**
 * Reads a Dockerfile. Never throws; what is wrong or left out is among the problems.
 * `buildArgs` are `--build-arg` values; the automatic platform arguments are those of this machine unless given there.
 */
export function parseDockerfile(text: string, buildArgs: Readonly<Record<string, string>> = {}): WithProblems<Dockerfile> {
  const problems: Problem[] = [];
  const readable = readableText(text, problems);
  const lines = readable.split(/\r\n|\r|\n/);
  const { instructions, escapeCharacter } = readInstructions(readable, lines, problems);
  const given = { ...platformArgs(hostPlatform()), ...buildArgs };
  const { stages, globalArgs } = buildStages(instructions, lines, escapeCharacter, given, problems);
  return { value: { stages, globalArgs, escapeCharacter }, problems };
}

function readableText(text: string, problems: Problem[]): string {
  // An editor shows the text without the mark, so columns are counted without it.
  const unmarked = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (unmarked.includes("\0")) {
    problems.push({ severity: "error", message: "This is no text file: it contains NUL bytes. Nothing was read." });
    return "";
  }
  if (unmarked.length <= maxTextLength) return unmarked;
  const end = unmarked.lastIndexOf("\n", maxTextLength);
  problems.push({
    severity: "error",
    message: `The Dockerfile is longer than ${maxTextLength / 1024} KiB; only the lines before that were read.`,
  });
  return unmarked.slice(0, end < 0 ? 0 : end);
}

function readInstructions(
  text: string,
  lines: readonly string[],
  problems: Problem[],
): { instructions: Instruction[]; escapeCharacter: "\\" | "`" } {
  const parsed = parseOrUndefined(text, problems);
  if (!parsed) return { instructions: [], escapeCharacter: "\\" };
  const escapeCharacter = parsed.getEscapeCharacter() === "`" ? "`" : "\\";
  const found = parsed.getInstructions();
  if (found.length > maxInstructions) {
    problems.push({
      severity: "error",
      message: `The Dockerfile has ${found.length} instructions; only the first ${maxInstructions} were read.`,
    });
  }
  const instructions = found.slice(0, maxInstructions).map((item): Instruction => {
    const { start, end } = item.getRange();
    const range: TextRange = { startLine: start.line, startColumn: start.character, endLine: end.line, endColumn: end.character };
    const keyword = item.getKeyword().toUpperCase();
    return { keyword, ...readLogicalLine(linesIn(lines, range), keyword, escapeCharacter), range };
  });
  return { instructions, escapeCharacter };
}

function parseOrUndefined(text: string, problems: Problem[]): ReturnType<typeof DockerfileParser.parse> | undefined {
  try {
    return DockerfileParser.parse(text);
  } catch {
    problems.push({ severity: "error", message: "The Dockerfile could not be read: its syntax confuses the parser." });
    return undefined;
  }
}

function linesIn(lines: readonly string[], range: TextRange): string[] {
  const own = lines.slice(range.startLine, range.endLine + 1);
  const last = own.length - 1;
  if (own[last] !== undefined) own[last] = own[last].slice(0, range.endColumn);
  if (own[0] !== undefined) own[0] = own[0].slice(range.startColumn);
  return own;
}
