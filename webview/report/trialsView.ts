import type { PanelBench } from "../../src/protocol/reportMessages.ts";
import { armMarks } from "../charts/armMarks.ts";
import { TrialPoints } from "../charts/trialPoints.ts";
import { el, fill } from "../dom.ts";
import type { ReportViewEvent, ReportViewState } from "./reportState.ts";
import { TrialList } from "./trialList.ts";
import { pointsInput, pointsLabel } from "./trialStrips.ts";

/** Every trial in order of execution, so that drift and outliers are seen, and the list of all. */
export class TrialsView {
  readonly element: HTMLElement;
  readonly #legend = el("p", { class: "keys" });
  readonly #canvas = el("canvas", { role: "img" });
  readonly #frame = el("div", { class: "chart order" }, this.#canvas);
  readonly #chart: HTMLElement;
  readonly #points: TrialPoints;
  readonly #list: TrialList;
  #shown: PanelBench | undefined;

  constructor(dispatch: (event: ReportViewEvent) => void) {
    this.#points = new TrialPoints(this.#canvas, (trialId) => dispatch({ kind: "went", to: { tab: "waterfall", trialId } }));
    this.#list = new TrialList(dispatch);
    this.#chart = el(
      "section",
      {},
      el("h2", {}, "Time to ready ", el("span", { class: "dim" }, "in order of execution: a slope is drift")),
      this.#frame,
      this.#legend,
    );
    this.element = el("div", {}, this.#chart, this.#list.element);
  }

  update(bench: PanelBench, state: ReportViewState): void {
    this.#list.update(bench, state);
    if (bench === this.#shown) return;
    this.#shown = bench;
    this.redraw();
  }

  redraw(): void {
    const bench = this.#shown;
    if (!bench) return;
    const input = pointsInput(bench, "order");
    this.#chart.hidden = !bench.trials.some(({ readyMs }) => readyMs !== undefined);
    this.#canvas.setAttribute("aria-label", pointsLabel(bench));
    const marks = armMarks(input.arms.length);
    fill(
      this.#legend,
      ...input.arms.map(({ name }, index) => {
        const sign = el("span", { class: "mark-sign", "aria-hidden": "true" }, marks[index]?.sign ?? "●");
        sign.style.color = marks[index]?.colour ?? "";
        return el("span", { class: "key-of" }, sign, name);
      }),
      el("span", { class: "dim" }, "dashed: median · hollow: set aside · ring: outlier, kept in every number"),
    );
    this.#points.draw(input);
  }
}
