import { formatCount, formatDuration } from "../../src/base/format.ts";
import type { BenchComparison } from "../../src/results/compare/benchComparison.ts";
import { benchComparisonSentences } from "../../src/results/compare/benchComparisonText.ts";
import type { ComparedCell, ComparedRow } from "../../src/results/compare/comparedCell.ts";
import { changeWords } from "../../src/results/compare/comparedTable.ts";
import { differenceText, intervalText } from "../../src/results/differenceText.ts";
import { el, hidden, type Child } from "../dom.ts";
import { plainTable } from "../views/plainTable.ts";

/** What became slower or faster, what was changed, and every time of every arm. */
export function comparisonNodes(comparison: BenchComparison): Node[] {
  const { settings, arms, reports, intervals } = comparison;
  const [answer = "", ...rest] = benchComparisonSentences(comparison);
  return [
    el(
      "section",
      { class: "verdict" },
      el("p", { class: "big" }, comparison.regressions > 0 && el("span", { class: "sign-error", "aria-hidden": "true" }, "▲ "), answer),
      el("ul", { class: "notes caveats" }, ...rest.map((sentence) => el("li", {}, sentence))),
    ),
    ...(settings.length > 0
      ? [el("section", {}, el("h2", {}, "Changed settings"), scroll("Changed settings, table", settingsTable(comparison), comparison))]
      : []),
    ...arms.map(({ arm, rows }) =>
      el(
        "section",
        {},
        el(
          "h2",
          {},
          arm,
          el("span", { class: "dim" }, " medians, and beneath them the difference to the first report with its 95 % interval"),
        ),
        scroll(`${arm}, compared, table`, armTable(rows, reports), comparison),
      ),
    ),
    el(
      "p",
      { class: "dim small" },
      `${reports.map(({ name }) => name).join(" → ")}, in the order in which they began. ▲ slower and ▼ faster: the interval leaves 0 out by more than the stamps may be off; ≈ it does not.${
        intervals > 10 ? ` Of ${formatCount(intervals)} intervals about one in twenty does so by chance.` : ""
      }`,
    ),
  ];
}

function scroll(label: string, table: HTMLElement, { reports }: BenchComparison): HTMLElement {
  table.style.setProperty("--reports", String(reports.length));
  return el("div", { class: "scroll comparison", tabindex: 0, role: "region", "aria-label": label }, table);
}

function settingsTable({ settings, reports }: BenchComparison): HTMLElement {
  return plainTable(
    ["Setting", ...reports.map(({ name }) => shortName(name))],
    settings.map(({ name, values }) =>
      el("tr", {}, el("th", { scope: "row" }, name), ...values.map((value) => el("td", { class: "setting" }, value ?? "–"))),
    ),
    reports.length + 1,
  );
}

/** One column a report: beneath its median the difference, what it says in a word with its sign, and the interval; so that four fit a page. */
function armTable(rows: readonly ComparedRow[], reports: BenchComparison["reports"]): HTMLElement {
  return plainTable(
    ["Time", ...reports.map(({ name }) => shortName(name))],
    rows.map(({ label, kind, cells }) =>
      el(
        "tr",
        { class: kind === "stage" ? "within" : "" },
        el("th", { scope: "row" }, label),
        ...cells.map((cell) => el("td", { class: "number" }, ...medianNodes(cell, kind), ...differenceNodes(cell))),
      ),
    ),
  );
}

function medianNodes({ medianMs, count }: ComparedCell, kind: ComparedRow["kind"]): readonly Child[] {
  if (medianMs === undefined) return [el("span", { class: "dim" }, "–")];
  return [formatDuration(medianMs), kind === "time" && el("span", { class: "dim" }, ` n ${formatCount(count)}`)];
}

const changeClasses = { slower: "sign-error", faster: "sign-passed", few: "dim", refused: "dim" } as const;

/** Most times did not change: they take one line, their interval, since the difference itself is that of the two medians. */
function differenceNodes({ differenceMs, interval, change }: ComparedCell): readonly Child[] {
  if (change === undefined) return [];
  if (change === "open")
    return [el("span", { class: "dim under" }, "≈ ", hidden(`${changeWords.open}, `), interval ? intervalText(interval) : "")];
  const words = el("span", { class: `change ${changeClasses[change]}` }, changeWords[change]);
  return [
    el("span", { class: "under" }, differenceMs !== undefined && el("strong", {}, differenceText(differenceMs)), " ", words),
    interval && el("span", { class: "dim under" }, intervalText(interval)),
  ];
}

/** The file's name without its folder and what all of them end in; the whole one is in the list above. */
export function shortName(fileName: string): string {
  return fileName.replace(/^.*[/\\]/, "").replace(/\.coldstart\.json$/, "") || fileName;
}
