import { formatDuration } from "../../src/base/format.ts";
import type { PanelBench, TrialRow } from "../../src/protocol/reportMessages.ts";
import { el, fill } from "../dom.ts";
import { button, choice, type Choice } from "../elements.ts";
import { shownArm, shownTrialId, type Overlay, type ReportViewEvent, type ReportViewState } from "./reportState.ts";

const overlayLabels: readonly (readonly [Overlay, string])[] = [
  ["none", "Nothing over it"],
  ["arms", "Over it: the other arms"],
  ["extremes", "Over it: fastest and slowest"],
];

/** Which trial the waterfall shows. Lists the few that have a name; the others are reached one by one or from the list of trials. */
export class TrialPicker {
  readonly element: HTMLElement;
  readonly #dispatch: (event: ReportViewEvent) => void;
  readonly #selects = el("div", { class: "controls-part" });
  readonly #overlay: Choice<Overlay>;
  #arm: Choice<string> | undefined;
  #trial: Choice<string> | undefined;
  #key = "";
  #own: readonly TrialRow[] = [];
  #at = 0;

  constructor(dispatch: (event: ReportViewEvent) => void) {
    this.#dispatch = dispatch;
    this.#overlay = choice("What lies over the waterfall", overlayLabels, (overlay) => dispatch({ kind: "went", to: { overlay } }));
    this.element = el(
      "div",
      { class: "controls" },
      this.#selects,
      button("‹ Previous", "secondary", () => this.#step(-1)),
      button("Next ›", "secondary", () => this.#step(1)),
      this.#overlay.element,
    );
  }

  update(bench: PanelBench, state: ReportViewState): void {
    const arm = shownArm(state, bench) ?? "";
    const trialId = shownTrialId(state, bench) ?? "";
    this.#own = bench.trials.filter((trial) => trial.arm === arm);
    this.#at = this.#own.findIndex(({ id }) => id === trialId);
    const options = namedTrials(bench, arm, trialId);
    const arms = bench.summary.arms.map((one) => one.arm);
    const key = JSON.stringify([arms, options]);
    if (key !== this.#key) {
      this.#key = key;
      this.#arm = choice(
        "Arm",
        arms.map((name) => [name, name] as const),
        (name) => this.#dispatch({ kind: "went", to: { arm: name, trialId: undefined } }),
      );
      this.#trial = choice("Trial", options, (id) => this.#dispatch({ kind: "went", to: { trialId: id } }));
      fill(this.#selects, this.#arm.element, this.#trial.element);
    }
    if (this.#arm) this.#arm.value = arm;
    if (this.#trial) this.#trial.value = trialId;
    this.#overlay.value = state.overlay;
  }

  #step(by: number): void {
    const next = this.#own[(this.#at + by + this.#own.length) % this.#own.length];
    if (next) this.#dispatch({ kind: "went", to: { trialId: next.id } });
  }
}

/** The trials of an arm that have a name, and the one that is shown. */
export function namedTrials({ summary, trials }: PanelBench, arm: string, shownId: string): readonly (readonly [string, string])[] {
  const own = trials.filter((trial) => trial.arm === arm);
  const { nearestTrialId, outliers = [] } = summary.arms.find((one) => one.arm === arm) ?? {};
  const named = new Map<string, string>();
  const name = (id: string | undefined, text: string): void => {
    if (id !== undefined && !named.has(id)) named.set(id, text);
  };
  name(nearestTrialId, "nearest the median");
  const { fastest, slowest } = extremesOf(own);
  name(fastest?.id, "fastest");
  name(slowest?.id, "slowest");
  for (const { trialId } of outliers.slice(0, 8)) name(trialId, "outlier");
  for (const trial of own.filter(({ outcome }) => outcome !== "ready").slice(0, 5)) name(trial.id, trial.failure ?? trial.outcome);
  for (const trial of own.filter(({ outcome, taints }) => outcome === "ready" && taints.length > 0).slice(0, 5))
    name(trial.id, "set aside");
  name(shownId === "" ? undefined : shownId, "picked");
  return own.flatMap((trial) => {
    const text = named.get(trial.id);
    return text === undefined ? [] : [[trial.id, `Trial ${trial.order + 1} · ${timeText(trial)} · ${text}`] as const];
  });
}

/** Of those that count. */
export function extremesOf(trials: readonly TrialRow[]): {
  readonly fastest: TrialRow | undefined;
  readonly slowest: TrialRow | undefined;
} {
  let fastest: TrialRow | undefined;
  let slowest: TrialRow | undefined;
  for (const trial of trials) {
    if (trial.readyMs === undefined || trial.outcome !== "ready" || trial.taints.length > 0) continue;
    if (trial.readyMs < (fastest?.readyMs ?? Infinity)) fastest = trial;
    if (trial.readyMs > (slowest?.readyMs ?? -Infinity)) slowest = trial;
  }
  return { fastest, slowest };
}

export function timeText({ readyMs, outcome }: TrialRow): string {
  return readyMs === undefined ? (outcome === "timed-out" ? "never ready" : outcome) : formatDuration(readyMs);
}
