import { formatCount, formatDuration } from "../../src/base/format.ts";
import type { ComparedCell, ComparedRow } from "../../src/results/compare/comparedCell.ts";
import type { ComparedSetting } from "../../src/results/compare/comparedSettings.ts";
import { changeWords, type ComparedNames } from "../../src/results/compare/comparedTable.ts";
import { differenceText, intervalText } from "../../src/results/differenceText.ts";
import { el, hidden, type Child } from "../dom.ts";
import { plainTable } from "../views/plainTable.ts";

/** The answer of a comparison and what else is to be said. `isWorse`: the answer tells of something that became slower or larger. */
export function comparisonVerdict([answer = "", ...rest]: readonly string[], isWorse: boolean): HTMLElement {
  return el(
    "div",
    { class: "verdict" },
    el("p", { class: "big" }, isWorse && el("span", { class: "sign-error", "aria-hidden": "true" }, "▲ "), answer),
    rest.length > 0 && el("ul", { class: "notes caveats" }, ...rest.map((sentence) => el("li", {}, sentence))),
  );
}

export interface SectionTitle {
  /** Of the reports, for those who hear the table's name alone. */
  readonly part: string;
  readonly title: string;
  readonly explained?: string;
}

/** A table of a comparison beneath its title. */
export function comparedSection({ part, title, explained }: SectionTitle, table: HTMLElement, reports: ComparedNames): HTMLElement {
  table.style.setProperty("--reports", String(reports.length));
  return el(
    "section",
    {},
    el("h3", {}, title, explained !== undefined && el("span", { class: "dim" }, ` ${explained}`)),
    el("div", { class: "scroll comparison", tabindex: 0, role: "region", "aria-label": `${part}: ${title}, table` }, table),
  );
}

/** Nothing, where no setting differs. */
export function settingsSection(part: string, settings: readonly ComparedSetting[], reports: ComparedNames): readonly HTMLElement[] {
  if (settings.length === 0) return [];
  const rows = settings.map(({ name, values }) =>
    el("tr", {}, el("th", { scope: "row" }, name), ...values.map((value) => el("td", { class: "setting" }, value ?? "–"))),
  );
  const table = plainTable(["Setting", ...reports.map(({ name }) => name)], rows, reports.length + 1);
  return [comparedSection({ part, title: "Changed settings" }, table, reports)];
}

/** One column a report: beneath its median the difference, what it says in a word with its sign, and the interval; so that four fit a page. */
export function timesTable(rows: readonly ComparedRow[], reports: ComparedNames): HTMLElement {
  return plainTable(
    ["Time", ...reports.map(({ name }) => name)],
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
