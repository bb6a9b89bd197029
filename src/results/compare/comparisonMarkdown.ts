import type { BenchComparison } from "./benchComparison.ts";
import { comparisonSentences, comparisonTables } from "./benchComparisonText.ts";
import { markdownParts, markdownTable, markdownText } from "../markdownText.ts";

/** The comparison for a pull request. */
export function comparisonMarkdown(comparison: BenchComparison): string {
  const [answer = "", ...rest] = comparisonSentences(comparison);
  return markdownParts([
    `### Cold start, ${comparison.reports.map(({ name }) => markdownText(name)).join(" → ")}`,
    `**${markdownText(answer)}**`,
    rest.map((sentence) => `- ${markdownText(sentence)}`).join("\n"),
    ...comparisonTables(comparison).flatMap(({ title, columns, rows, note }) => [
      `#### ${markdownText(title)}`,
      markdownTable(columns, rows),
      ...(note === undefined ? [] : [markdownText(note)]),
    ]),
  ]);
}
