import type { HistoryEntry } from "../image/image.ts";
import type { Instruction } from "./dockerfile.ts";
import { execForm, splitWords } from "./words.ts";

/** Whether the instruction always makes a layer. (BuildKit's WORKDIR makes one as well, others' does not.) */
export function makesFiles(keyword: string): boolean {
  return keyword === "RUN" || keyword === "COPY" || keyword === "ADD";
}

/**
 * Whether a history entry can come from this instruction. Three ways of writing it are known:
 * Docker's old builder and buildah (`/bin/sh -c #(nop) COPY dir:<hash> in /app `, `|1 A=b /bin/sh -c make`), and
 * BuildKit (`COPY . /app # buildkit`, `RUN |1 A=b /bin/sh -c make # buildkit`). Settings are compared by keyword only:
 * a changed value does not move layers.
 */
export function madeBy(instruction: Instruction, entry: HistoryEntry): boolean {
  const { keyword, text } = readEntry(entry.createdBy);
  if (keyword !== instruction.keyword) return false;
  if (keyword === "RUN") return runMatches(instruction, text);
  if (keyword === "COPY" || keyword === "ADD") return copyMatches(instruction, text);
  return true;
}

/** Which instruction wrote the entry: `RUN`, `COPY`, … */
export function historyKeyword(entry: HistoryEntry): string {
  return readEntry(entry.createdBy).keyword;
}

/** For a sentence: the start of what the entry says. */
export function shownEntry(entry: HistoryEntry): string {
  const { keyword, text } = readEntry(entry.createdBy);
  const shown = `${keyword} ${text}`.replace(/[^\x20-\x7e]/g, "?");
  return `"${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}"`;
}

const keywordFirst =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)(?:\s+|$)/;

function readEntry(createdBy: string): { keyword: string; text: string } {
  const text = collapse(createdBy.slice(0, maxEntryLength)).replace(/ ?# buildkit$/, "");
  const nop = text.indexOf("#(nop)");
  const plain = nop >= 0 && nop < 40 ? text.slice(nop + 6).trimStart() : text;
  const match = keywordFirst.exec(plain);
  // Without a keyword it is a command of the old builder or of buildah.
  return match ? { keyword: match[1] ?? "", text: plain.slice(match[0].length) } : { keyword: "RUN", text: plain };
}

/** RUN lines can be long; beyond this nothing is compared. */
const maxEntryLength = 100_000;

function collapse(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function runMatches(instruction: Instruction, text: string): boolean {
  const written = collapse(instruction.argumentText.slice(0, maxEntryLength));
  const words = execForm(instruction.argumentText);
  const candidates = words ? [written, collapse(words.join(" "))] : [written];
  if (candidates.some((candidate) => text.endsWith(candidate) && isShellPrefix(text.slice(0, text.length - candidate.length)))) return true;
  // With a heredoc, builders write its body, or the command and the body.
  return instruction.heredocs.some(({ text: body }) => {
    const start = collapse(body).slice(0, 60);
    return start !== "" && text.includes(start);
  });
}

/** What stands before the command: nothing, build arguments (`|2 A=1 B=2`), or a shell with its options. */
function isShellPrefix(prefix: string): boolean {
  const trimmed = prefix.trim();
  return trimmed === "" || /^\|\d+ /.test(trimmed) || /(?:^|\s)[-/]\S+$/.test(trimmed);
}

function copyMatches(instruction: Instruction, text: string): boolean {
  const words = execForm(instruction.argumentText) ?? splitWords(instruction.argumentText);
  const inEntry = text.split(" ").filter((word) => !/^--[a-z-]+(?:=|$)/.test(word));
  const hashed = /^(?:file|dir|multi):[0-9a-f]+$/.test(inEntry[0] ?? "") || inEntry[1] === "in";
  const dest = words.at(-1) ?? "";
  // A variable in the word was replaced by one builder and kept by another.
  if (hashed) return inEntry[1] === "in" && wordMatches(dest, inEntry.slice(2).join(" "));
  if (words.some((word) => word.includes("$") || word.startsWith("<<"))) return wordMatches(dest, inEntry.at(-1) ?? "");
  return collapse(words.map(unquoted).join(" ")) === inEntry.join(" ");
}

function wordMatches(written: string, inEntry: string): boolean {
  const parts = unquoted(written)
    .split(/\$(?:\{[^}]*\}|\w+)/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (parts.length > 10) return true;
  return new RegExp(`^${parts.join(".*")}$`).test(inEntry) || unquoted(written) === inEntry;
}

function unquoted(word: string): string {
  return word.replace(/["']/g, "");
}
