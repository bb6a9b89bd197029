import { UserError } from "../base/errors.ts";
import { comparisonMarkdown } from "../results/compare/comparisonMarkdown.ts";
import { compareBenches } from "../results/compare/benchComparison.ts";
import type { ReportDocument } from "../results/document.ts";
import { printComparison } from "./printComparison.ts";
import { printable } from "./table.ts";

const mostReports = 20;

/** Several reports beside the first; only the forms of a comparison. */
export function comparedText(reports: readonly { readonly name: string; readonly document: ReportDocument }[], format: string): string {
  if (reports.length > mostReports)
    throw new UserError("bad-usage", `${reports.length} reports are too many to compare.`, `Give at most ${mostReports}.`);
  const benches = reports.map(({ name, document: { bench } }) => {
    if (bench) return { name, bench };
    throw new UserError(
      "bad-usage",
      `${printable(name)} holds no benchmark.`,
      "Only benchmarks are compared; boots are with coldstart boot --compare.",
    );
  });
  const comparison = compareBenches(benches);
  switch (format) {
    case "text":
      return printComparison(comparison);
    case "md":
      return comparisonMarkdown(comparison);
    case "json":
      return `${JSON.stringify(comparison, null, 1)}\n`;
    default:
      throw new UserError("bad-usage", `Several reports are compared, which the format ${format} cannot hold.`, "Use text, md or json.");
  }
}
