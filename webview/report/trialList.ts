import { formatBytes, formatCount, formatDuration } from "../../src/base/format.ts";
import { taintWords } from "../../src/bench/benchWords.ts";
import type { PanelBench, TrialRow } from "../../src/protocol/reportMessages.ts";
import { el, fill, on } from "../dom.ts";
import { choice } from "../elements.ts";
import { listedTrials } from "./listedTrials.ts";
import { rowAfterKey, rowWindow } from "../views/rowWindow.ts";
import type { ReportViewEvent, ReportViewState, TrialFilter, TrialOrder } from "./reportState.ts";

const rowHeightPx = 24;

const filterLabels: readonly (readonly [TrialFilter, string])[] = [
  ["all", "All trials"],
  ["counted", "In the numbers"],
  ["set-aside", "Set aside"],
  ["failed", "Not ready"],
];

const orderLabels: readonly (readonly [TrialOrder, string])[] = [
  ["order", "In order of execution"],
  ["slowest", "Slowest first"],
  ["fastest", "Fastest first"],
];

const columns = ["Trial", "Arm", "Block", "Started", "Ready", "Fetched", "Began", "Mark"];

/** All trials; only the rows in sight exist. Enter or a click shows one stage by stage. */
export class TrialList {
  readonly element: HTMLElement;
  readonly #dispatch: (event: ReportViewEvent) => void;
  readonly #filter;
  readonly #order;
  readonly #count = el("p", { class: "dim", role: "status" });
  readonly #rows = el("div", { class: "rows", role: "rowgroup" });
  readonly #view: HTMLElement;
  #trials: readonly TrialRow[] = [];
  #active = 0;
  #shown: unknown[] = [];

  constructor(dispatch: (event: ReportViewEvent) => void) {
    this.#dispatch = dispatch;
    this.#filter = choice("Which trials", filterLabels, (filter) => dispatch({ kind: "went", to: { filter } }));
    this.#order = choice("Order", orderLabels, (order) => dispatch({ kind: "went", to: { order } }));
    const head = el(
      "div",
      { class: "row head", role: "row" },
      ...columns.map((name, at) => el("span", { role: "columnheader", class: at >= 3 && at <= 5 ? "number" : "" }, name)),
    );
    this.#view = el(
      "div",
      { class: "view", role: "grid", tabindex: 0, "aria-label": "Trials", "aria-colcount": columns.length },
      el("div", { role: "rowgroup", class: "head-group" }, head),
      this.#rows,
    );
    on(this.#view, "scroll", () => this.#draw());
    on(this.#view, "keydown", (event) => this.#onKey(event as KeyboardEvent));
    on(this.#rows, "click", (event) => {
      const row = (event.target as Element).closest<HTMLElement>("[aria-rowindex]");
      if (row) this.#open(Number(row.getAttribute("aria-rowindex")) - 2);
    });
    this.element = el(
      "section",
      { class: "trials" },
      el("h2", {}, "All trials ", el("span", { class: "dim" }, "Enter or a click shows one stage by stage")),
      el("div", { class: "controls" }, this.#filter.element, this.#order.element),
      this.#count,
      this.#view,
    );
    new ResizeObserver(() => this.#draw()).observe(this.#view);
  }

  update(bench: PanelBench, { filter, order }: ReportViewState): void {
    const asked = [bench, filter, order];
    if (asked.every((one, at) => one === this.#shown[at])) return;
    const isNewQuestion = filter !== this.#shown[1] || order !== this.#shown[2];
    this.#shown = asked;
    this.#filter.value = filter;
    this.#order.value = order;
    this.#trials = listedTrials(bench.trials, filter, order);
    if (isNewQuestion) {
      this.#active = 0;
      this.#view.scrollTop = 0;
    }
    this.#view.setAttribute("aria-rowcount", String(this.#trials.length + 1));
    this.#rows.style.height = `${this.#trials.length * rowHeightPx}px`;
    this.#count.textContent =
      this.#trials.length === 0
        ? "No trial is like that."
        : this.#trials.length === 1
          ? "1 trial"
          : `${formatCount(this.#trials.length)} trials`;
    this.#draw();
  }

  #draw(): void {
    const visible = rowWindow(this.#view.scrollTop, this.#view.clientHeight, rowHeightPx, this.#trials.length);
    const rows: HTMLElement[] = [];
    for (let index = visible.first; index < visible.end; index++) {
      const trial = this.#trials[index];
      if (trial) rows.push(rowElement(trial, index, index === this.#active));
    }
    fill(this.#rows, ...rows);
    const active = this.#rows.querySelector(".active");
    if (active) this.#view.setAttribute("aria-activedescendant", active.id);
    else this.#view.removeAttribute("aria-activedescendant");
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Enter") {
      this.#open(this.#active);
      return;
    }
    const inView = Math.max(1, Math.floor(this.#view.clientHeight / rowHeightPx) - 2);
    const target = rowAfterKey(event.key, this.#active, this.#trials.length, inView);
    if (target === undefined) return;
    event.preventDefault();
    this.#active = target;
    const top = target * rowHeightPx;
    const height = this.#view.clientHeight - rowHeightPx;
    if (top < this.#view.scrollTop) this.#view.scrollTop = top;
    else if (top + rowHeightPx > this.#view.scrollTop + height) this.#view.scrollTop = top + rowHeightPx - height;
    this.#draw();
  }

  #open(index: number): void {
    const trial = this.#trials[index];
    if (!trial) return;
    this.#active = index;
    this.#dispatch({ kind: "went", to: { tab: "waterfall", trialId: trial.id } });
  }
}

function rowElement(trial: TrialRow, index: number, isActive: boolean): HTMLElement {
  const row = el(
    "div",
    {
      role: "row",
      id: `trial-${index}`,
      class: isActive ? "row active" : "row",
      "aria-rowindex": index + 2,
      "aria-selected": String(isActive),
    },
    cell(String(trial.order + 1)),
    cell(trial.arm, "arm"),
    cell(String(trial.block + 1), "dim"),
    cell(trial.startedMs === undefined ? "–" : formatDuration(trial.startedMs), "number"),
    cell(trial.readyMs === undefined ? "–" : formatDuration(trial.readyMs), "number"),
    cell(trial.fetchedBytes === undefined ? "–" : formatBytes(trial.fetchedBytes), "number"),
    cell(trial.coldness),
    cell(markText(trial)),
  );
  row.style.top = `${index * rowHeightPx}px`;
  return row;
}

function cell(text: string, name = ""): HTMLElement {
  return el("span", { role: "gridcell", class: name, title: text.length > 18 ? text : undefined }, text);
}

function markText({ outcome, failure, taints }: TrialRow): string {
  if (outcome === "failed") return `✕ ${failure ?? "failed"}`;
  if (outcome === "timed-out") return "✕ not ready in time";
  if (outcome === "cancelled") return "✕ cancelled";
  return taints.length === 0 ? "✓" : `▲ ${taints.map((taint) => taintWords[taint]).join(", ")}`;
}
