import type { PanelBench } from "../../src/protocol/reportMessages.ts";
import { TrialPoints, type TrialPointsInput } from "../charts/trialPoints.ts";
import { spreadText } from "../../src/results/spreadText.ts";
import { timeAxis } from "../../src/results/timeAxis.ts";
import { el, fill } from "../dom.ts";
import type { ReportViewEvent } from "./reportState.ts";

/** Every trial of each arm on one line of time: the spread behind the medians. */
export class TrialStrips {
  readonly element: HTMLElement;
  readonly #names = el("div", { class: "strip-names", "aria-hidden": "true" });
  readonly #canvas = el("canvas", { role: "img" });
  readonly #frame = el("div", { class: "chart" }, this.#canvas);
  readonly #points: TrialPoints;
  #shown: PanelBench | undefined;

  constructor(dispatch: (event: ReportViewEvent) => void) {
    this.#points = new TrialPoints(this.#canvas, (trialId) => dispatch({ kind: "went", to: { tab: "waterfall", trialId } }));
    this.element = el(
      "section",
      { class: "strips" },
      el("h2", {}, "Every trial ", el("span", { class: "dim" }, "time to ready")),
      el("div", { class: "strip-frame" }, this.#names, this.#frame),
      el(
        "p",
        { class: "dim small" },
        "Line: median. Hollow: set aside. Ring: outlier, kept. Within an arm from above to below in order of execution.",
      ),
    );
  }

  update(bench: PanelBench): void {
    this.#shown = bench;
    const input = pointsInput(bench, "strips");
    this.element.hidden = !bench.trials.some(({ readyMs }) => readyMs !== undefined);
    fill(this.#names, ...input.arms.map(({ name }) => el("span", {}, name)));
    const heightPx = input.arms.length * 54 + 34;
    this.#frame.style.height = `${heightPx}px`;
    this.#names.style.height = `${heightPx - 34}px`;
    this.#canvas.setAttribute("aria-label", pointsLabel(bench));
    if (this.element.isConnected) this.#points.draw(input);
  }

  redraw(): void {
    if (this.#shown) this.update(this.#shown);
  }
}

export function pointsInput({ summary, trials }: PanelBench, layout: TrialPointsInput["layout"]): TrialPointsInput {
  const longestMs = trials.reduce((most, { readyMs }) => Math.max(most, readyMs ?? 0), 0);
  return {
    arms: summary.arms.map(({ arm, ready, outliers }) => ({
      name: arm,
      medianMs: ready?.medianMs,
      outlierIds: new Set(outliers.map(({ trialId }) => trialId)),
    })),
    trials,
    layout,
    ...timeAxis(longestMs, layout === "strips" ? 4 : 5),
  };
}

export function pointsLabel({ summary }: PanelBench): string {
  return `Time to ready of every trial. ${summary.arms.map(spreadText).join(" ")} The list of trials has the same numbers.`;
}
