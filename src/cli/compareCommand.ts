import { UserError } from "../base/errors.ts";
import { comparisonCsv } from "../results/compare/comparisonCsv.ts";
import { comparisonMarkdown } from "../results/compare/comparisonMarkdown.ts";
import { compareDocuments, type FiledDocument } from "../results/compare/documentsComparison.ts";
import { printComparison } from "./printComparison.ts";
import { printable } from "./table.ts";

const mostReports = 20;

/** Several reports beside the first; only the forms of a comparison. Throws `UserError` when they have nothing in common. */
export function comparedText(reports: readonly FiledDocument[], format: string): string {
  if (reports.length > mostReports)
    throw new UserError("bad-usage", `${reports.length} reports are too many to compare.`, `Give at most ${mostReports}.`);
  const comparison = compareDocuments(reports);
  if (!comparison.bench && !comparison.boots && !comparison.image)
    throw new UserError(
      "bad-usage",
      comparison.leftOut.map(printable).join(" "),
      "Give reports that hold a benchmark, boots or an image each.",
    );
  switch (format) {
    case "text":
      return printComparison(comparison);
    case "md":
      return comparisonMarkdown(comparison);
    case "csv":
      return comparisonCsv(comparison);
    case "json":
      return `${JSON.stringify(comparison, null, 1)}\n`;
    default:
      throw new UserError(
        "bad-usage",
        `Several reports are compared, which the format ${format} cannot hold.`,
        "Use text, md, csv or json.",
      );
  }
}
