import { formatCount, formatDuration } from "../../src/base/format.ts";
import { stagesInWords } from "../../src/bench/benchWords.ts";
import type { TrialPhase } from "../../src/bench/benchRun.ts";
import type { CurrentTrial, ReportMethods, RunningReport } from "../../src/protocol/reportMessages.ts";
import { timeAxis } from "../../src/results/timeAxis.ts";
import { el, fill } from "../dom.ts";
import { button } from "../elements.ts";
import { stageBar } from "./stageBars.ts";
import { track } from "./timeTrack.ts";

const phaseWords: Readonly<Record<TrialPhase, string>> = {
  cooling: "making the node cold",
  starting: "starting",
  proving: "ready; looking at how it was loaded",
  removing: "removing the pod",
};

/** What happens right now. Only this is drawn again at each mark. */
export class LiveStrip {
  readonly element: HTMLElement;
  readonly #title = el("p", { class: "live-title", role: "status" });
  readonly #progress = el("progress", { max: 1, "aria-label": "Trials that have ended" });
  readonly #trials = el("div", { class: "live-trials" });
  readonly #cancel: HTMLElement;

  constructor(host: ReportMethods) {
    this.#cancel = button("Cancel", "secondary", () => void host.cancelRun().catch(() => undefined));
    this.element = el(
      "section",
      { class: "live" },
      el("div", { class: "live-head" }, this.#title, this.#cancel),
      this.#progress,
      this.#trials,
    );
  }

  update({ current, bench, plannedTrials, isCancelling }: RunningReport): void {
    const ended = bench.trials.length;
    // Spoken once per trial, not at each mark.
    const title = isCancelling
      ? "Cancelling: the pod is being removed, what was measured is kept."
      : `Measuring: ${formatCount(ended)} of ${formatCount(plannedTrials)} trials have ended.`;
    if (this.#title.textContent !== title) this.#title.textContent = title;
    this.#progress.value = plannedTrials > 0 ? ended / plannedTrials : 0;
    if (isCancelling) this.#cancel.setAttribute("disabled", "");
    else this.#cancel.removeAttribute("disabled");
    const longestMs = Math.max(
      ...bench.summary.arms.map(({ ready }) => ready?.highestMs ?? 0),
      ...current.map(({ stages }) => stages.totalMs),
      1000,
    );
    fill(this.#trials, ...current.map((trial) => liveTrial(trial, longestMs)));
  }
}

function liveTrial(trial: CurrentTrial, longestMs: number): HTMLElement {
  const { arm, order, phase, stages } = trial;
  const last = stages.stages.at(-1);
  const seen = last ? `${stagesInWords(last.names)} done after ${formatDuration(stages.totalMs)}` : "";
  const axis = timeAxis(longestMs, 6);
  return el(
    "div",
    { class: "live-trial" },
    el("span", { class: "arm" }, `${arm}, trial ${formatCount(order + 1)}`),
    track(axis, el("span", { class: "bar" }, ...stageBar(stages, axis, 500))),
    el("span", { class: "dim" }, [phaseWords[phase], seen].filter(Boolean).join(" · ")),
  );
}
