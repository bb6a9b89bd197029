import { formatBytes } from "../base/format.ts";
import type { TextRange } from "../base/text.ts";
import type { FindingFile, PlacedFinding } from "../findings/finding.ts";
import { visibleText } from "./visibleText.ts";

/** A finding as the editor marks it. */
export interface FindingMark {
  /** The first line of the instruction: a RUN of twenty lines is not to be underlined as a whole. */
  readonly range: TextRange;
  readonly message: string;
  readonly code: string;
  readonly severity: "warning" | "information";
  /** Other places that belong to it. */
  readonly related: readonly { readonly range: TextRange; readonly message: string }[];
}

/** Undefined for what has no place in the text. Names from images are shown as plain text. */
export function findingMark(finding: PlacedFinding): FindingMark | undefined {
  const { place, source, code, severity, message, advice, evidence } = finding;
  if (!place) return undefined;
  const files = evidence.length > 0 ? ` Largest: ${evidence.slice(0, 3).map(fileText).join(", ")}.` : "";
  return {
    range: firstLine(place.range),
    message: `${visibleText(message, 400)} ${visibleText(advice, 300)}${files}`,
    code,
    severity,
    related:
      source && source.range !== place.range
        ? [{ range: firstLine(source.range), message: "The bytes were put into the image here." }]
        : [],
  };
}

function fileText({ path, sizeBytes }: FindingFile): string {
  return `${visibleText(path, 100)} (${formatBytes(sizeBytes)})`;
}

function firstLine(range: TextRange): TextRange {
  if (range.endLine === range.startLine) return range;
  return { ...range, endLine: range.startLine + 1, endColumn: 0 };
}

/** What is to be added to an ignore file: lines that are not in it yet, on lines of their own. Empty when all are there. */
export function addedIgnoreText(before: string, ignoreLines: readonly string[]): string {
  const there = new Set(before.split(/\r?\n/).map((line) => line.trim()));
  const missing = ignoreLines.filter((line) => !there.has(line));
  if (missing.length === 0) return "";
  return `${before === "" || before.endsWith("\n") ? "" : "\n"}${missing.join("\n")}\n`;
}
