import { foreignLine } from "../base/foreignText.ts";

/**
 * Text of strangers as words and nothing else: no markup, HTML, links, mentions or references to issues. Entities, since a backslash
 * before a letter would show.
 */
export function markdownText(text: string): string {
  return foreignLine(text, 1000)
    .replace(/[&<>\\`*_~[\]|#@!$]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replace(/\b(https?|ftp|mailto):/gi, "$1&#58;")
    .replace(/\bwww\./gi, "www&#46;");
}

/** A column whose name begins with `>` is aligned to the right. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => markdownText(cell.trim())).join(" | ")} |`;
  return [
    line(columns.map((column) => column.replace(/^>/, ""))),
    `|${columns.map((column) => (column.startsWith(">") ? "---:" : "---")).join("|")}|`,
    ...rows.map(line),
  ].join("\n");
}

/** Paragraphs with an empty line between them and a line feed at the end. */
export function markdownParts(parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined && part !== "")
    .map((part) => `${part}\n`)
    .join("\n");
}
