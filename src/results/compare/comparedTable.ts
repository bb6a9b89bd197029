import { formatCount, formatDuration } from "../../base/format.ts";
import type { BenchTable } from "../benchTables.ts";
import { differenceText, intervalText } from "../differenceText.ts";
import type { ComparedCell, ComparedRow } from "./comparedCell.ts";
import type { ComparedSetting } from "./comparedSettings.ts";

/** The reports of a comparison, as far as tables name them. */
export type ComparedNames = readonly { readonly name: string }[];

/** The words of a change, each with its sign; what a sign means never hangs on colour. */
export const changeWords: Readonly<Record<NonNullable<ComparedCell["change"]>, string>> = {
  slower: "▲ slower",
  faster: "▼ faster",
  open: "no clear difference",
  few: "too few to tell",
  refused: "not comparable",
};

export function timeTable(title: string, rows: readonly ComparedRow[], reports: ComparedNames): BenchTable {
  return {
    title,
    columns: ["", `>${reports[0]?.name ?? ""}`, ...reports.slice(1).flatMap(({ name }) => [`>${name}`, ">difference", "interval", ""])],
    rows: rows.map(({ label, kind, cells }) => [
      kind === "stage" ? `  ${label}` : label,
      medianText(cells[0]),
      ...cells
        .slice(1)
        .flatMap((cell) => [
          medianText(cell),
          cell.differenceMs === undefined ? "" : differenceText(cell.differenceMs),
          cell.interval ? intervalText(cell.interval) : "",
          cell.change === undefined ? "" : changeWords[cell.change],
        ]),
    ]),
  };
}

function medianText(cell: ComparedCell | undefined): string {
  return cell?.medianMs === undefined ? "–" : `${formatDuration(cell.medianMs)} (${formatCount(cell.count)})`;
}

export function settingsTable(settings: readonly ComparedSetting[], reports: ComparedNames): BenchTable {
  return {
    title: "Changed settings",
    columns: ["setting", ...reports.map(({ name }) => name)],
    rows: settings.map(({ name, values }) => [name, ...values.map((value) => value ?? "–")]),
  };
}

const mostNamed = 6;

/** `2 settings differ: kernel, node type.` */
export function settingsSentence(settings: readonly ComparedSetting[]): string {
  if (settings.length === 0) return "No setting that is known differs.";
  const names = settings.slice(0, mostNamed).map(({ name }) => name);
  return `${settings.length === 1 ? "One setting differs" : `${settings.length} settings differ`}: ${names.join(", ")}${settings.length > mostNamed ? ", …" : ""}.`;
}
