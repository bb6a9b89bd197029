import { formatCount } from "../../src/base/format.ts";
import type { AmountCell, AmountRow } from "../../src/results/compare/comparedAmount.ts";
import type { ComparedNames } from "../../src/results/compare/comparedTable.ts";
import type { WeightCell, WeightRow } from "../../src/results/compare/comparedWeight.ts";
import type { ImageComparison } from "../../src/results/compare/imageComparison.ts";
import {
  amountDifferenceText,
  amountText,
  amountWords,
  boundsText,
  imageComparisonSentences,
  weightChangeText,
  weightText,
} from "../../src/results/compare/imageComparisonText.ts";
import { byteDifferenceText } from "../../src/results/differenceText.ts";
import { el, hidden, type Child } from "../dom.ts";
import { plainTable } from "../views/plainTable.ts";
import { comparedSection, comparisonVerdict, settingsSection } from "./comparisonTable.ts";

const mostRows = 40;

/** How much larger an image became, what startup touches of it, and which layers and packages that comes from. */
export function comparedImages(comparison: ImageComparison): readonly Node[] {
  const { reports, settings, amounts, layers, packages } = comparison;
  const isLarger = amounts.some(({ key, cells }) => key === "bytes" && cells[1]?.change === "more");
  return [
    comparisonVerdict(imageComparisonSentences(comparison), isLarger),
    ...settingsSection("Image", settings, reports),
    comparedSection(
      {
        part: "Image",
        title: "Size, and what startup touches",
        explained: "sizes are exact; what is touched is estimated, with its 90 % interval",
      },
      table("Amount", amounts, reports, ({ label, unit, cells }) => [
        label,
        cells.map((cell) => el("td", { class: "number" }, ...amountNodes(cell, unit))),
      ]),
      reports,
    ),
    ...weights("Layers that differ", "Layer", layers, reports),
    ...weights("Packages that differ", "Package", packages, reports),
  ];
}

function table<Row>(
  head: string,
  rows: readonly Row[],
  reports: ComparedNames,
  cellsOf: (row: Row) => readonly [label: string, cells: readonly Node[]],
): HTMLElement {
  return plainTable(
    [head, ...reports.map(({ name }) => name)],
    rows.map((row) => {
      const [label, cells] = cellsOf(row);
      return el("tr", {}, el("th", { scope: "row" }, label), ...cells);
    }),
  );
}

function amountNodes({ value, bounds, difference, change }: AmountCell, unit: AmountRow["unit"]): readonly Child[] {
  const text = value === undefined ? el("span", { class: "dim" }, "–") : amountText(value, unit);
  const between = bounds && el("span", { class: "dim under" }, boundsText(bounds, unit));
  if (difference === undefined || change === undefined || change === "same") return [text, between];
  const told = amountDifferenceText(difference, unit);
  return [
    text,
    between,
    change === "open"
      ? el("span", { class: "dim under" }, "≈ ", hidden(`${amountWords.open}, `), told)
      : el("span", { class: "under" }, el("strong", {}, told), " ", el("span", { class: "change" }, amountWords[change])),
  ];
}

function weights(title: string, head: string, rows: readonly WeightRow[], reports: ComparedNames): readonly Node[] {
  if (rows.length === 0) return [];
  const left = rows.length - mostRows;
  return [
    comparedSection(
      { part: "Image", title, explained: "the largest difference of what startup does not touch first" },
      table(head, rows.slice(0, mostRows), reports, ({ label, cells }) => [
        label,
        cells.map((cell) => el("td", { class: "number" }, ...weightNodes(cell))),
      ]),
      reports,
    ),
    ...(left > 0
      ? [el("p", { class: "dim small" }, `${formatCount(left)} more differ less; coldstart report --format csv has all of them.`)]
      : []),
  ];
}

function weightNodes(cell: WeightCell): readonly Child[] {
  const { differenceBytes, untouchedDifferenceBytes, change } = cell;
  const text = cell.bytes === undefined ? el("span", { class: "dim" }, "–") : weightText(cell);
  if (change === undefined || change === "same") return [text];
  return [
    text,
    el("span", { class: "under" }, el("strong", {}, byteDifferenceText(differenceBytes ?? 0)), " ", weightChangeText(cell)),
    el("span", { class: "dim under" }, `${byteDifferenceText(untouchedDifferenceBytes ?? 0)} untouched`),
  ];
}
