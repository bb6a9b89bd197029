import { markdownParts, markdownTable, markdownText } from "../markdownText.ts";
import { comparisonSections } from "./comparisonSections.ts";
import type { DocumentsComparison } from "./documentsComparison.ts";

/** The comparison for a pull request. */
export function comparisonMarkdown(comparison: DocumentsComparison): string {
  return markdownParts([
    ...comparisonSections(comparison).flatMap(({ title, names, sentences: [answer = "", ...rest], tables }) => [
      `### ${title}, ${names.map(markdownText).join(" → ")}`,
      `**${markdownText(answer)}**`,
      listed(rest),
      ...tables.flatMap((table) => [
        `#### ${markdownText(table.title)}`,
        markdownTable(table.columns, table.rows),
        ...(table.note === undefined ? [] : [markdownText(table.note)]),
      ]),
    ]),
    listed(comparison.leftOut),
  ]);
}

function listed(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${markdownText(sentence)}`).join("\n");
}
