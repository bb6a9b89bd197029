import type { BenchComparison } from "../results/compare/benchComparison.ts";
import { comparisonSentences, comparisonTables } from "../results/compare/benchComparisonText.ts";
import { printable, textTable } from "./table.ts";

/** The comparison for people at a terminal: what became slower first, then every time. */
export function printComparison(comparison: BenchComparison): string {
  return [
    comparisonSentences(comparison)
      .map((sentence) => `${printable(sentence)}\n`)
      .join(""),
    ...comparisonTables(comparison).map(({ title, columns, rows, note }) => {
      const cells = rows.map((row) => row.map(printable));
      return `${printable(title)}\n${textTable(columns.map(printable), cells)}${note === undefined ? "" : `  ${note}\n`}`;
    }),
  ].join("\n");
}
