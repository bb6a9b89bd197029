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
    ...(settings.length > 0
      ? [el("section", {}, el("h2", {}, "Changed settings"), scroll("Changed settings, table", settingsTable(comparison)))]
      : []),
    ...arms.map(({ arm, rows }) =>
      el(
        "section",
        {},
        el("h2", {}, arm, el("span", { class: "dim" }, " medians, and the difference to the first report with its 95 % interval")),
        scroll(`${arm}, compared, table`, armTable(rows, reports)),
      ),
    ),
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
  return el("div", { class: "scroll comparison", tabindex: 0, role: "region", "aria-label": label }, table);
}

function settingsTable({ settings, reports }: ReportComparison): HTMLElement {
  return plainTable(
    ["Setting", ...reports.map(({ name }) => shortName(name))],
    settings.map(({ name, values }) =>
      el("tr", {}, el("th", { scope: "row" }, name), ...values.map((value) => el("td", { class: "setting" }, value ?? "–"))),
    ),
    reports.length + 1,
  );
}

function armTable(rows: readonly ComparedRow[], reports: ReportComparison["reports"]): HTMLElement {
  const head = [
    "Time",
    ...reports.flatMap(({ name }, index) => (index === 0 ? [shortName(name)] : [shortName(name), "Difference", "95 % interval", "Change"])),
  ];
  return plainTable(
    head,
    rows.map(({ label, kind, cells }) =>
      el(
        "tr",
        { class: kind === "stage" ? "within" : "" },
        el("th", { scope: "row" }, label),
        ...cells.flatMap((cell, index) => [medianCell(cell, kind), ...(index === 0 ? [] : differenceCells(cell))]),
      ),
    ),
  );
}

function medianCell({ medianMs, count }: ComparedCell, kind: ComparedRow["kind"]): HTMLElement {
  if (medianMs === undefined) return el("td", { class: "number dim" }, "–");
  return el(
    "td",
    { class: "number" },
    formatDuration(medianMs),
    kind === "time" && el("span", { class: "dim" }, ` n ${formatCount(count)}`),
  );
}

const changeClasses = { slower: "sign-error", faster: "sign-passed", open: "dim", few: "dim", refused: "dim" } as const;

/** The difference, its interval, and what both say in a word with its sign. */
function differenceCells({ differenceMs, interval, change }: ComparedCell): readonly HTMLElement[] {
  const isMarked = change === "slower" || change === "faster";
  const text = differenceMs === undefined ? "–" : differenceText(differenceMs);
  return [
    el("td", { class: "number" }, isMarked ? el("strong", {}, text) : text),
    el("td", { class: "number dim" }, interval ? intervalText(interval) : "–"),
    el(
      "td",
      { class: change === undefined ? "number dim" : `number change ${changeClasses[change]}` },
      change === undefined ? "–" : changeWords[change],
    ),
  ];
}

/** The file's name without its folder and what all of them end in; the whole one is in the list above. */
export function shortName(fileName: string): string {
  return fileName.replace(/^.*[/\\]/, "").replace(/\.coldstart\.json$/, "") || fileName;
}
