import { csvLine, type CsvCell } from "../csvLine.ts";
import type { AmountRow } from "./comparedAmount.ts";
import type { ComparedRow } from "./comparedCell.ts";
import type { WeightRow } from "./comparedWeight.ts";
import type { DocumentsComparison } from "./documentsComparison.ts";

/** The comparison for spreadsheets: one row a number of a report, with the difference to the first report. */
export function comparisonCsv({ bench, boots, image }: DocumentsComparison): string {
  const rows = [
    ...(bench ? bench.arms.flatMap(({ arm, rows: own }) => timeRows("bench", arm, own, bench.reports)) : []),
    ...(boots
      ? [
          ...timeRows("boots", "until ready", [boots.ready, ...boots.phases], boots.reports),
          ...timeRows("boots", "units", boots.units, boots.reports),
        ]
      : []),
    ...(image
      ? [
          ...amountRows(image.amounts, image.reports),
          ...weightRows("layers", image.layers, image.reports),
          ...weightRows("packages", image.packages, image.reports),
        ]
      : []),
  ];
  return [columns, ...rows].map(csvLine).join("");
}

type Names = readonly { readonly name: string }[];

const columns = [
  "part",
  "group",
  "what",
  "report",
  "unit",
  "count",
  "value",
  "difference",
  "difference_low",
  "difference_high",
  "change",
  "version",
];

function timeRows(part: string, group: string, rows: readonly ComparedRow[], reports: Names): readonly (readonly CsvCell[])[] {
  return rows.flatMap(({ key, cells }) =>
    cells.map(({ count, medianMs, differenceMs, interval, change }, index) => [
      part,
      group,
      key,
      reports[index]?.name,
      "ms",
      count,
      medianMs,
      differenceMs,
      interval?.low,
      interval?.high,
      change,
      undefined,
    ]),
  );
}

function amountRows(rows: readonly AmountRow[], reports: Names): readonly (readonly CsvCell[])[] {
  return rows.flatMap(({ key, unit, cells }) =>
    cells.map(({ value, difference, differenceBounds, change }, index) => [
      "image",
      "amounts",
      key,
      reports[index]?.name,
      unit,
      undefined,
      value,
      difference,
      differenceBounds?.low,
      differenceBounds?.high,
      change,
      undefined,
    ]),
  );
}

/** Two rows for each: of all bytes, and of those that startup does not touch. */
function weightRows(group: string, rows: readonly WeightRow[], reports: Names): readonly (readonly CsvCell[])[] {
  return rows.flatMap(({ label, cells }) =>
    cells.flatMap((cell, index) => {
      const row = (unit: string, value: number | undefined, difference: number | undefined): readonly CsvCell[] => [
        "image",
        group,
        label,
        reports[index]?.name,
        unit,
        undefined,
        value,
        difference,
        undefined,
        undefined,
        cell.change,
        cell.version,
      ];
      return [row("untouched bytes", cell.untouchedBytes, cell.untouchedDifferenceBytes), row("bytes", cell.bytes, cell.differenceBytes)];
    }),
  );
}
