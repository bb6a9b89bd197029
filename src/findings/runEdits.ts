import type { Instruction } from "../dockerfile/dockerfile.ts";
import { execForm } from "../dockerfile/words.ts";
import type { TextEdit } from "./finding.ts";

/** The text of a Dockerfile, as its ranges count it. */
export interface DockerfileText {
  readonly lines: readonly string[];
  readonly escapeCharacter: string;
}

/**
 * Adds a command at the end of a RUN, so that it runs when all before it went well. Undefined where the text does not let that be said
 * for sure: exec form, a trailing comment, an unfinished command, a heredoc for something else than a shell.
 */
export function appendCommand(text: DockerfileText, instruction: Instruction, command: string): readonly TextEdit[] | undefined {
  if (instruction.keyword !== "RUN" || execForm(instruction.argumentText)) return undefined;
  if (instruction.heredocs.length > 0) return appendToHeredoc(text, instruction, command);
  // A heredoc that only the shell sees would take the command in.
  return instruction.argumentText.includes("<<") ? undefined : appendToLine(text, instruction, command);
}

function appendToLine(
  { lines, escapeCharacter }: DockerfileText,
  { range }: Instruction,
  command: string,
): readonly TextEdit[] | undefined {
  let last = range.endLine;
  while (last > range.startLine && isBlankOrComment(lines[last] ?? "")) last--;
  const line = last === range.endLine ? (lines[last] ?? "").slice(0, range.endColumn) : (lines[last] ?? "");
  const written = line.trimEnd();
  if (isUnfinished(written, escapeCharacter)) return undefined;
  // Behind an open quote the command would be a text.
  if (!quotesAreClosed(lines.slice(range.startLine, last + 1), escapeCharacter)) return undefined;
  const at = { startLine: last, startColumn: written.length, endLine: last, endColumn: written.length };
  if (last === range.startLine) return [{ range: at, newText: ` && ${command}` }];
  const indentation = /^\s*/.exec(line)?.[0] ?? "";
  return [{ range: at, newText: ` ${escapeCharacter}\n${indentation === "" ? "    " : indentation}&& ${command}` }];
}

function isBlankOrComment(line: string): boolean {
  return line.trim() === "" || /^\s*#/.test(line);
}

function quotesAreClosed(lines: readonly string[], escapeCharacter: string): boolean {
  let quote = "";
  for (const line of lines) {
    if (/^\s*#/.test(line)) continue;
    for (let at = 0; at < line.length; at++) {
      const char = line.charAt(at);
      if (char === escapeCharacter || (char === "\\" && quote !== "'")) at++;
      else if (quote) quote = char === quote ? "" : quote;
      else if (char === '"' || char === "'") quote = char;
    }
  }
  return quote === "";
}

/** `RUN <<EOF` alone, or with a shell behind it: the command becomes the last line of the script. */
function appendToHeredoc(
  { lines }: DockerfileText,
  { argumentText, heredocs, range }: Instruction,
  command: string,
): readonly TextEdit[] | undefined {
  const [heredoc] = heredocs;
  if (!heredoc || heredocs.length > 1 || !/^(?:(?:\/bin\/)?(?:ba|da|a)?sh\s+(?:-\w+\s+)*)?<<-?["']?[\w.-]+["']?\s*$/.test(argumentText))
    return undefined;
  const shebang = /^#!(.*)/.exec(heredoc.text)?.[1];
  if (shebang !== undefined && !/\b(?:ba|da|a)?sh\b/.test(shebang)) return undefined;
  let last = range.endLine;
  while (last > range.startLine && (lines[last] ?? "").trim() !== heredoc.name) last--;
  do last--;
  while (last > range.startLine && isBlankOrComment(lines[last] ?? ""));
  const written = (lines[last] ?? "").trimEnd();
  if (last <= range.startLine || isUnfinished(written, "\\")) return undefined;
  if (!quotesAreClosed(lines.slice(range.startLine + 1, last + 1), "\\")) return undefined;
  // Not a line of its own: without `set -e` the script's status is that of its last command.
  return [{ range: { startLine: last, startColumn: written.length, endLine: last, endColumn: written.length }, newText: ` && ${command}` }];
}

/** Whether something else must follow, or a comment would swallow what follows. */
function isUnfinished(written: string, escapeCharacter: string): boolean {
  return written === "" || written.endsWith(escapeCharacter) || /(?:&&|\|\||[;|&({])$|(?:^|\s)#/.test(written);
}

/** Adds an option behind each place in a RUN where `after` matches and the option is not in that command already. */
export function addOption(
  text: DockerfileText,
  { keyword, range, argumentText }: Instruction,
  after: RegExp,
  option: string,
): readonly TextEdit[] | undefined {
  if (keyword !== "RUN" || execForm(argumentText)) return undefined;
  const edits: TextEdit[] = [];
  const every = new RegExp(after.source, "g");
  for (let line = range.startLine; line <= range.endLine; line++) {
    const written = text.lines[line] ?? "";
    if (/^\s*#/.test(written)) continue;
    for (const match of written.matchAll(every)) {
      const end = match.index + match[0].length;
      if (restOfCommand(text, range.endLine, line, end).includes(option)) continue;
      edits.push({ range: { startLine: line, startColumn: end, endLine: line, endColumn: end }, newText: ` ${option}` });
    }
  }
  return edits.length > 0 ? edits : undefined;
}

/** The words up to the end of the simple command, over continued lines. */
function restOfCommand({ lines, escapeCharacter }: DockerfileText, endLine: number, line: number, column: number): string {
  let rest = "";
  for (let at = line; at <= endLine; at++) {
    const written = (lines[at] ?? "").slice(at === line ? column : 0);
    if (at > line && isBlankOrComment(written)) continue;
    const stop = /&&|\|\||;/.exec(written);
    rest += stop ? written.slice(0, stop.index) : written;
    if (stop || !written.trimEnd().endsWith(escapeCharacter)) break;
  }
  return rest;
}
