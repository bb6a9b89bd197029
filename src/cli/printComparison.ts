import { comparisonSections } from "../results/compare/comparisonSections.ts";
import type { DocumentsComparison } from "../results/compare/documentsComparison.ts";
import { printable, textTable } from "./table.ts";

/** The comparison for people at a terminal: what became slower or larger first, then all of it. */
export function printComparison(comparison: DocumentsComparison): string {
  const sections = comparisonSections(comparison);
  return [
    ...sections.flatMap(({ title, sentences, tables }) => [
      ...(sections.length > 1 ? [`${title.toUpperCase()}\n`] : []),
      lines(sentences),
      ...tables.map((table) => {
        const cells = table.rows.map((row) => row.map(printable));
        return `${printable(table.title)}\n${textTable(table.columns.map(printable), cells)}${table.note === undefined ? "" : `  ${table.note}\n`}`;
      }),
    ]),
    ...(comparison.leftOut.length > 0 ? [lines(comparison.leftOut)] : []),
  ].join("\n");
}

function lines(sentences: readonly string[]): string {
  return sentences.map((sentence) => `${printable(sentence)}\n`).join("");
}
