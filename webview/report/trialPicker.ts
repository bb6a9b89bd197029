import type { PanelBench, TrialRow } from "../../src/protocol/reportMessages.ts";
import { el, fill } from "../dom.ts";
import { button, choice, type Choice } from "../elements.ts";
import { namedTrials } from "./namedTrials.ts";
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
