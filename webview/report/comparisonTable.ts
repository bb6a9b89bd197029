import { formatCount, formatDuration } from "../../src/base/format.ts";
import type { ComparedCell, ComparedRow, ReportComparison } from "../../src/results/compareReports.ts";
import { changeWords, comparisonSentences } from "../../src/results/comparisonTables.ts";
import { differenceText, intervalText } from "../../src/results/differenceText.ts";
import { el } from "../dom.ts";
import { plainTable } from "../views/plainTable.ts";

/** What became slower or faster, what was changed, and every time of every arm. */
export function comparisonNodes(comparison: ReportComparison): Node[] {
  const { settings, arms, reports, intervals } = comparison;
  const [answer = "", ...rest] = comparisonSentences(comparison);
  return [
    el(
      "section",
      { class: "verdict" },
      el("p", { class: "big" }, comparison.regressions > 0 && el("span", { class: "sign-error", "aria-hidden": "true" }, "▲ "), answer),
      el("ul", { class: "notes caveats" }, ...rest.map((sentence) => el("li", {}, sentence))),
    ),
    ...(settings.length > 0 ? [el("h2", {}, "Changed settings"), scroll("Changed settings, table", settingsTable(comparison))] : []),
    ...arms.flatMap(({ arm, rows }) => [
      el("h2", {}, arm, el("span", { class: "dim" }, " medians, and the difference to the first report with its 95 % interval")),
      scroll(`${arm}, compared, table`, armTable(rows, reports)),
    ]),
    el(
      "p",
      { class: "dim small" },
      `${reports.map(({ name }) => name).join(" → ")}, in the order in which they began. ▲ slower and ▼ faster: the interval leaves 0 out by more than the stamps may be off.${
        intervals > 10 ? ` Of ${formatCount(intervals)} intervals about one in twenty does so by chance.` : ""
      }`,
    ),
  ];
}

function scroll(label: string, table: HTMLElement): HTMLElement {
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, table);
}

function settingsTable({ settings, reports }: ReportComparison): HTMLElement {
  return plainTable(
    ["Setting", ...reports.map(({ name }) => name)],
    settings.map(({ name, values }) =>
      el("tr", {}, el("th", { scope: "row" }, name), ...values.map((value) => el("td", { class: "setting" }, value ?? "–"))),
    ),
  );
}

function armTable(rows: readonly ComparedRow[], reports: ReportComparison["reports"]): HTMLElement {
  const head = ["Time", ...reports.flatMap(({ name }, index) => (index === 0 ? [name] : [name, "Difference"]))];
  return plainTable(
    head,
    rows.map(({ label, kind, cells }) =>
      el(
        "tr",
        { class: kind === "stage" ? "within" : "" },
        el("th", { scope: "row" }, label),
        ...cells.flatMap((cell, index) => [medianCell(cell), ...(index === 0 ? [] : [differenceCell(cell)])]),
      ),
    ),
  );
}

function medianCell({ medianMs, count }: ComparedCell): HTMLElement {
  if (medianMs === undefined) return el("td", { class: "number dim" }, "–");
  return el("td", { class: "number" }, formatDuration(medianMs), el("span", { class: "dim under" }, `n ${formatCount(count)}`));
}

const changeClasses = { slower: "sign-error", faster: "sign-passed", open: "dim", few: "dim", refused: "dim" } as const;

function differenceCell({ differenceMs, interval, change }: ComparedCell): HTMLElement {
  if (change === undefined) return el("td", { class: "number dim" }, "–");
  const word = el("span", { class: `under ${changeClasses[change]}` }, changeWords[change]);
  if (differenceMs === undefined) return el("td", { class: "number" }, word);
  const isMarked = change === "slower" || change === "faster";
  return el(
    "td",
    { class: "number" },
    isMarked ? el("strong", {}, differenceText(differenceMs)) : differenceText(differenceMs),
    interval && el("span", { class: "dim under" }, intervalText(interval)),
    word,
  );
}
