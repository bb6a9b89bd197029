import { formatCount, formatDuration } from "../../src/base/format.ts";
import type { ArmSummary } from "../../src/bench/summary.ts";
import type { PanelBench } from "../../src/protocol/reportMessages.ts";
import { timeAxis, type TimeAxis } from "../../src/results/timeAxis.ts";
import { el, fill, hidden } from "../dom.ts";
import { stageBar, stageLegend } from "./stageBars.ts";
import { axisHead, placed, track } from "./timeTrack.ts";

/** The stages of each arm's median trial in one bar, and beneath it the median of all with its interval. */
export class WhereTimeGoes {
  readonly element: HTMLElement;
  readonly #chart = el("div", { class: "where", role: "img" });
  readonly #legend = el("div");
  #bench: PanelBench | undefined;
  #widthPx = 0;

  constructor() {
    this.element = el(
      "section",
      {},
      el(
        "h2",
        {},
        "Where the time goes ",
        el("span", { class: "dim" }, "the real trial nearest each arm's median · dot and line: median of all and its interval"),
      ),
      this.#chart,
      this.#legend,
    );
    // Labels in the bars fit or not by the width.
    new ResizeObserver(() => {
      if (Math.abs(this.#chart.clientWidth - this.#widthPx) > 8) this.#draw();
    }).observe(this.#chart);
  }

  update(bench: PanelBench): void {
    this.#bench = bench;
    this.#draw();
  }

  #draw(): void {
    if (!this.#bench) return;
    const { summary, nearest } = this.#bench;
    this.#widthPx = this.#chart.clientWidth;
    this.element.hidden = nearest.length === 0;
    const ends = [
      ...nearest.map(({ stages }) => stages.totalMs),
      ...summary.arms.map(({ ready }) => ready?.interval?.high ?? ready?.medianMs ?? 0),
    ];
    const axis = timeAxis(Math.max(0, ...ends));
    const trackWidthPx = Math.max(200, (this.#widthPx || 850) - 300);
    const rows = summary.arms.map((arm) => {
      const shown = nearest.find(({ trial }) => trial.id === arm.nearestTrialId);
      return armRow(arm, axis, shown ? stageBar(shown.stages, axis, trackWidthPx) : []);
    });
    fill(
      this.#chart,
      el("div", { class: "where-row head" }, el("span"), axisHead(axis), el("span", { class: "dim" }, "time to ready")),
      ...rows.flat(),
    );
    this.#chart.setAttribute(
      "aria-label",
      `Time to ready by arm. ${summary.arms.map(spoken).join(" ")} The tables below have the same numbers.`,
    );
    fill(
      this.#legend,
      stageLegend(
        nearest.map(({ stages }) => stages),
        axis.endMs,
      ),
    );
  }
}

function armRow(arm: ArmSummary, axis: TimeAxis, bar: readonly HTMLElement[]): HTMLElement {
  const { ready, counts } = arm;
  const none = counts.all === 0 ? "no trial yet" : "no trial counts";
  return el(
    "div",
    { class: "where-row" },
    el("span", { class: "arm" }, arm.arm),
    track(axis, el("span", { class: "bar" }, ...bar), ...(ready ? whisker(ready, axis) : [])),
    ready
      ? el(
          "span",
          { class: "value" },
          el("strong", {}, formatDuration(ready.medianMs)),
          el("span", { class: "dim" }, `${intervalText(ready)}n ${formatCount(ready.count)}`),
        )
      : el("span", { class: "value dim" }, none),
  );
}

function whisker({ medianMs, interval }: NonNullable<ArmSummary["ready"]>, { endMs }: TimeAxis): HTMLElement[] {
  const line = interval && placed(el("span", { class: "whisker" }), interval.low, endMs, interval.high - interval.low);
  return [...(line ? [line] : []), placed(el("span", { class: "dot" }), medianMs, endMs)];
}

function intervalText({ interval }: NonNullable<ArmSummary["ready"]>): string {
  return interval ? `${rangeText(interval.low, interval.high)} · ` : "";
}

/** `31.9–33.4 s`: the unit once where both have the same. */
export function rangeText(lowMs: number, highMs: number): string {
  const [low, high] = [formatDuration(lowMs), formatDuration(highMs)];
  const unit = / (?:ms|s)$/.exec(high)?.[0];
  return unit !== undefined && low.endsWith(unit) && !high.includes("min") ? `${low.slice(0, -unit.length)}–${high}` : `${low} – ${high}`;
}

function spoken({ arm, ready }: ArmSummary): string {
  return ready ? `${arm}: ${formatDuration(ready.medianMs)}, ${ready.count} trials.` : `${arm}: no time.`;
}

/** The same for cells of tables: median, and beneath it the interval. */
export function timeCell(time: ArmSummary["ready"]): HTMLElement {
  if (!time) return el("td", { class: "number dim" }, "–");
  return el(
    "td",
    { class: "number" },
    formatDuration(time.medianMs),
    time.interval && el("span", { class: "dim under" }, hidden(" between "), rangeText(time.interval.low, time.interval.high)),
  );
}
