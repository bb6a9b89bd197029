import { formatBytes, formatCount, formatFraction } from "../base/format.ts";
import type { Report, ReportTraced } from "../results/report.ts";
import { amountText, formatShare, measures, measureText, wholeOf } from "../results/measureText.ts";
import { momentText } from "./momentArgument.ts";
import { printable, textTable } from "./table.ts";

/** The estimate beside a recording of the same start, for people at a terminal. */
export function printTraced(report: Report, traced: ReportTraced, top: number): string {
  const { estimate, totals } = report;
  const values = traced.moment === "ready" ? estimate : estimate.afterRequest;
  const rows = measures.flatMap((measure) => {
    const recorded = traced.measures[measure];
    if (!recorded) return [];
    const whole = wholeOf(measure, totals);
    return [
      [
        measureText(measure, estimate.chunkSizeBytes).label,
        amountText(measure, values[measure].value),
        formatShare(values[measure].value, whole),
        amountText(measure, recorded.value),
        formatShare(recorded.value, whole),
        `${recorded.errorPoints >= 0 ? "+" : "−"}${Math.abs(recorded.errorPoints).toFixed(2)}`,
        recorded.isCovered ? "yes" : "no",
      ],
    ];
  });
  const table = textTable(["measure", ">estimated", ">share", ">traced", ">share", ">error in points", "in the 90 % interval"], rows);
  const found = `  ${formatFraction(traced.recall)} of the traced files were predicted (${formatFraction(traced.byteRecall)} by size), ${formatFraction(traced.precision)} of the predicted files were traced.\n`;
  return [
    `Traced (${traced.format}, ${momentText(traced.moment)})\n${table}${found}${dropped(traced)}`,
    list("Traced, not predicted", traced.missed, top),
    list("Predicted, not traced", traced.surplus, top, (file) => printable(`${file.rule}: ${file.evidence}`)),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function dropped({ dropped: { runtime, folders, missing } }: ReportTraced): string {
  const parts = [
    ...(missing > 0 ? [`${formatCount(missing)} not in the image`] : []),
    ...(runtime > 0 ? [`${formatCount(runtime)} provided by the container runtime`] : []),
    ...(folders > 0 ? [`${formatCount(folders)} folders`] : []),
  ];
  return parts.length > 0 ? `  Left out of the trace: ${parts.join(", ")}.\n` : "";
}

function list<T extends ReportTraced["missed"][number]>(
  title: string,
  files: readonly T[],
  top: number,
  because?: (file: T) => string,
): string {
  if (files.length === 0 || top === 0) return "";
  const bytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const rows = files.slice(0, top).map((file) => [formatBytes(file.sizeBytes), printable(file.path), ...(because ? [because(file)] : [])]);
  const more = files.length > top ? `  and ${formatCount(files.length - top)} more\n` : "";
  return `${title} (${formatCount(files.length)} ${files.length === 1 ? "file" : "files"}, ${formatBytes(bytes)})\n${textTable([">size", "file", ...(because ? ["because"] : [])], rows)}${more}`;
}
