import { formatBytes, formatCount, formatFraction } from "../../base/format.ts";
import type { BenchTable } from "../benchTables.ts";
import { byteDifferenceText } from "../differenceText.ts";
import type { AmountCell, AmountRow, Bounds } from "./comparedAmount.ts";
import { settingsSentence, settingsTable, type ComparedNames } from "./comparedTable.ts";
import type { WeightCell, WeightRow } from "./comparedWeight.ts";
import type { ComparedImage, ImageComparison } from "./imageComparison.ts";

/** The words of a change, each with its sign. */
export const amountWords: Readonly<Record<NonNullable<AmountCell["change"]>, string>> = {
  more: "▲ more",
  less: "▼ less",
  same: "the same",
  open: "no clear difference",
};

/** What the comparison of images comes to, the answer first. Never empty. */
export function imageComparisonSentences(comparison: ImageComparison): readonly string[] {
  const { reports, settings, layers, packages } = comparison;
  const [first, ...others] = reports;
  if (!first || others.length === 0) return ["There is nothing to compare: it takes two reports with an image."];
  return [
    ...others.map((other, index) => sizeText(comparison, first, other, index + 1)),
    ...others.map((other, index) => touchedText(comparison, first, other, index + 1)),
    ...others.flatMap((other, index) => mostText("layer", layers, other, index + 1)),
    ...others.flatMap((other, index) => mostText("package", packages, other, index + 1)),
    ...others.flatMap((other, index) => packagesText(packages, first, other, index + 1)),
    ...others.flatMap((other, index) => weightsText(comparison, first, other, index + 1)),
    settingsSentence(settings),
  ];
}

function cellsOf({ amounts }: ImageComparison, key: string, index: number): readonly [AmountCell, AmountCell] {
  const row = amounts.find((one) => one.key === key);
  return [row?.cells[0] ?? {}, row?.cells[index] ?? {}];
}

function sizeText(comparison: ImageComparison, first: ComparedImage, other: ComparedImage, index: number): string {
  const [base, own] = cellsOf(comparison, "bytes", index);
  const difference = own.difference ?? 0;
  const sizes = `${formatBytes(own.value ?? 0)} against ${formatBytes(base.value ?? 0)}`;
  if (other.isFirst) return `${other.name} and ${first.name} hold the same image, of ${formatBytes(own.value ?? 0)}.`;
  const untouched = cellsOf(comparison, "untouchedBytes", index)[1].difference ?? 0;
  const rest =
    Math.sign(untouched) === Math.sign(difference)
      ? `, ${formatBytes(Math.min(Math.abs(untouched), Math.abs(difference)))} of it what startup does not touch`
      : "";
  const { sharedLayers } = other;
  const shared =
    sharedLayers.count === 0
      ? "No layer is the same."
      : `${formatCount(sharedLayers.count)} of its layers ${sharedLayers.count === 1 ? "is" : "are"} the same (${formatBytes(sharedLayers.bytes)}).`;
  if (difference === 0) return `The image of ${other.name} is as large as that of ${first.name}, ${formatBytes(own.value ?? 0)}. ${shared}`;
  return `The image of ${other.name} is ${formatBytes(Math.abs(difference))} ${difference > 0 ? "larger" : "smaller"} than that of ${first.name}, ${sizes}${rest}. ${shared}`;
}

function touchedText(comparison: ImageComparison, first: ComparedImage, other: ComparedImage, index: number): string {
  const [base, own] = cellsOf(comparison, "pageBytes", index);
  const [baseShare, ownShare] = cellsOf(comparison, "pageShare", index);
  const both = `${amountText(own.value, "bytes")} (${amountText(ownShare.value, "share")}) in ${other.name} and ${amountText(base.value, "bytes")} (${amountText(baseShare.value, "share")}) in ${first.name}`;
  const said = `Startup touches ${both}, estimated in 4 KiB pages`;
  if (own.change === "open") return `${said}: no clear difference, as the 90 % intervals of both estimates overlap.`;
  if (own.change === "more" || own.change === "less")
    return `${said}: ${own.change}, and the 90 % intervals of both estimates do not overlap.`;
  return `${said}.`;
}

const mostNamed = 3;

/** What grew or shrank most, what startup does not touch first. */
function mostText(what: "layer" | "package", rows: readonly WeightRow[], { name }: ComparedImage, index: number): readonly string[] {
  const named = rows.flatMap(({ label, cells }) => {
    const { untouchedDifferenceBytes = 0, differenceBytes = 0 } = cells[index] ?? {};
    if (Math.abs(differenceBytes) < noticedBytes && Math.abs(untouchedDifferenceBytes) < noticedBytes) return [];
    return [`${label} ${byteDifferenceText(differenceBytes)} (${byteDifferenceText(untouchedDifferenceBytes)} untouched)`];
  });
  return named.length === 0 ? [] : [`By ${what}, most in ${name}: ${named.slice(0, mostNamed).join("; ")}.`];
}

const noticedBytes = 100_000;

function packagesText(packages: readonly WeightRow[], first: ComparedImage, { name }: ComparedImage, index: number): readonly string[] {
  const count = (change: WeightCell["change"]): number => packages.filter(({ cells }) => cells[index]?.change === change).length;
  const [added, removed, version] = [count("added"), count("removed"), count("version")];
  if (added + removed + version === 0) return [];
  return [
    `Packages of ${name} against ${first.name}: ${formatCount(added)} added, ${formatCount(removed)} removed, ${formatCount(version)} in another version.`,
  ];
}

function weightsText(comparison: ImageComparison, first: ComparedImage, other: ComparedImage, index: number): readonly string[] {
  const [base, own] = cellsOf(comparison, "weightBytes", index);
  if ((own.difference ?? 0) === 0) return [];
  return [
    `Startup opens ${formatBytes(own.value ?? 0)} of model weights in ${other.name} and ${formatBytes(base.value ?? 0)} in ${first.name}.`,
  ];
}

/** An amount in its own unit; `–`: not known. */
export function amountText(amount: number | undefined, unit: AmountRow["unit"]): string {
  if (amount === undefined) return "–";
  return unit === "bytes" ? formatBytes(amount) : unit === "count" ? formatCount(amount) : formatFraction(amount);
}

/** `+1.2 GB`, `-12`, `+0.3 points`. */
export function amountDifferenceText(difference: number, unit: AmountRow["unit"]): string {
  if (unit === "bytes") return byteDifferenceText(difference);
  const text = unit === "count" ? formatCount(Math.abs(difference)) : `${Math.abs(100 * difference).toFixed(1)} points`;
  return /^0(\.0)?\b/.test(text) && Number.parseFloat(text) === 0 ? text : `${difference > 0 ? "+" : "-"}${text}`;
}

export function boundsText({ low, high }: Bounds, unit: AmountRow["unit"]): string {
  return `${amountText(low, unit)} to ${amountText(high, unit)}`;
}

const mostRows = 20;

/** Settings first, then amounts, and what grew or shrank by layer and package. */
export function imageComparisonTables({ reports, settings, amounts, layers, packages }: ImageComparison): readonly BenchTable[] {
  return [
    settingsTable(settings, reports),
    amountTable(amounts, reports),
    weightTable("Layers that differ", layers, reports),
    weightTable("Packages that differ", packages, reports),
  ].filter(({ rows }) => rows.length > 0);
}

function amountTable(amounts: readonly AmountRow[], reports: ComparedNames): BenchTable {
  return {
    title: "Size, and what startup touches",
    columns: ["", `>${reports[0]?.name ?? ""}`, ...reports.slice(1).flatMap(({ name }) => [`>${name}`, ">difference", "between", ""])],
    rows: amounts.map(({ label, unit, cells }) => [
      label,
      amountText(cells[0]?.value, unit),
      ...cells
        .slice(1)
        .flatMap(({ value, difference, differenceBounds, change }) => [
          amountText(value, unit),
          difference === undefined ? "" : amountDifferenceText(difference, unit),
          differenceBounds
            ? `${amountDifferenceText(differenceBounds.low, unit)} and ${amountDifferenceText(differenceBounds.high, unit)}`
            : "",
          change === undefined ? "" : amountWords[change],
        ]),
    ]),
    note: "Sizes and numbers are exact. What is touched is estimated; its difference lies between what it is when both estimates are at the ends of their 90 % intervals.",
  };
}

function weightTable(title: string, rows: readonly WeightRow[], reports: ComparedNames): BenchTable {
  const left = rows.length - mostRows;
  return {
    title,
    columns: ["", `>${reports[0]?.name ?? ""}`, ...reports.slice(1).flatMap(({ name }) => [`>${name}`, ">untouched", ">all", ""])],
    rows: rows
      .slice(0, mostRows)
      .map(({ label, cells }) => [
        label,
        weightText(cells[0]),
        ...cells
          .slice(1)
          .flatMap((cell) => [
            weightText(cell),
            cell.untouchedDifferenceBytes === undefined ? "" : byteDifferenceText(cell.untouchedDifferenceBytes),
            cell.differenceBytes === undefined ? "" : byteDifferenceText(cell.differenceBytes),
            weightChangeText(cell),
          ]),
      ]),
    ...(left > 0 && { note: `${formatCount(left)} more differ less; CSV and JSON have all.` }),
  };
}

/** `1.5 GB, 2.5.1`; `–`: the image does not have it. */
export function weightText(cell: WeightCell | undefined): string {
  if (cell?.bytes === undefined) return "–";
  return `${formatBytes(cell.bytes)}${cell.version ? `, ${cell.version}` : ""}`;
}

/** The words of a change of a layer or package, each with its sign; empty where nothing is to be told. */
export function weightChangeText({ change, differenceBytes = 0, untouchedDifferenceBytes = 0 }: WeightCell): string {
  if (change === undefined) return "";
  if (change !== "size") return weightWords[change];
  if (differenceBytes !== 0) return differenceBytes > 0 ? "▲ larger" : "▼ smaller";
  return untouchedDifferenceBytes > 0 ? "▼ less touched" : "▲ more touched";
}

const weightWords = { added: "▲ added", removed: "▼ removed", version: "≠ other version", same: "the same" } as const;
