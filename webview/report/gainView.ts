import { formatDuration } from "../../src/base/format.ts";
import { fasterText, ratioText } from "../../src/bench/ratioWords.ts";
import type { PanelBench } from "../../src/protocol/reportMessages.ts";
import { el, fill } from "../dom.ts";
import { choice, type Choice } from "../elements.ts";
import { breakEvenSlowdown, gainRungs, gainTimes, measuredSlowdown, type GainTimes, type Rung } from "./gainRungs.ts";
import type { ReportViewEvent, ReportViewState } from "./reportState.ts";
import { slider } from "./slider.ts";

/** Provisioning in steps of 5 s up to a quarter of an hour, as long as it takes to get a GPU machine. */
const mostProvisioningS = 900;
/** The slow-down's slider is logarithmic: 1× in a third, 20× at its end. */
const lowestSlowdown = 0.5;
const highestSlowdown = 20;
const slowdownSteps = 200;

/** The speed-up at each rung of a start, and what would be left of it elsewhere. */
export class GainView {
  readonly element: HTMLElement;
  readonly #rungs = el("div", { class: "rungs" });
  readonly #arms = el("div", { class: "gain-arm" });
  readonly #note = el("p", { class: "dim small", role: "status" });
  readonly #dispatch: (event: ReportViewEvent) => void;
  readonly #slowdown;
  readonly #provisioning;
  #choice: Choice<string> | undefined;
  #choices = "";

  constructor(dispatch: (event: ReportViewEvent) => void) {
    this.#dispatch = dispatch;
    this.#slowdown = slider("slowdown", "Application start", { min: 0, max: slowdownSteps, step: 1 }, (at) =>
      dispatch({ kind: "went", to: { slowdown: slowdownAt(at) } }),
    );
    this.#provisioning = slider("provisioning", "New node", { min: 0, max: mostProvisioningS, step: 5 }, (seconds) =>
      dispatch({ kind: "went", to: { provisioningMs: seconds * 1000 } }),
    );
    this.element = el(
      "section",
      { class: "gain" },
      el("h2", {}, "What is left of the gain"),
      this.#arms,
      this.#rungs,
      el("div", { class: "sliders" }, this.#slowdown.element, this.#provisioning.element),
      this.#note,
    );
  }

  update({ summary }: PanelBench, state: ReportViewState): void {
    const { arms, baseline } = summary;
    const base = arms.find(({ arm }) => arm === baseline);
    const others = arms.filter((arm) => arm !== base && gainTimes(base, arm));
    const arm = others.find((one) => one.arm === state.gainArm) ?? others[0];
    const times = gainTimes(base, arm);
    this.element.hidden = !times;
    if (!times || !arm || !base) return;
    this.#updateChoice(
      others.map((one) => one.arm),
      arm.arm,
      base.arm,
    );
    const measured = measuredSlowdown(times);
    const slowdown = state.slowdown;
    const rungs = gainRungs(times, slowdown, state.provisioningMs);
    const most = Math.max(1, ...rungs.map(({ ratio }) => ratio));
    fill(this.#rungs, ...rungs.map((rung) => rungElement(rung, most)));
    const shown = slowdown ?? measured ?? 1;
    this.#slowdown.update(
      positionOf(shown),
      `${ratioText(shown)}× ${slowdown === undefined ? "as measured" : `(measured ${ratioText(measured ?? 1)}×)`}`,
    );
    this.#provisioning.update(
      state.provisioningMs / 1000,
      state.provisioningMs === 0 ? "none, already there" : formatDuration(state.provisioningMs),
    );
    this.#note.textContent = breakEvenText(times, arm.arm);
  }

  #updateChoice(names: readonly string[], chosen: string, base: string): void {
    const key = JSON.stringify(names);
    if (key !== this.#choices) {
      this.#choices = key;
      this.#choice = choice(
        "Arm of the ladder",
        names.map((name) => [name, name] as const),
        (gainArm) => this.#dispatch({ kind: "went", to: { gainArm, slowdown: undefined } }),
      );
      const beside = el("span", { class: "dim" }, `beside ${base}`);
      fill(this.#arms, ...(names.length > 1 ? [this.#choice.element] : [el("strong", {}, chosen)]), " ", beside);
    }
    if (this.#choice && this.#choice.value !== chosen) this.#choice.value = chosen;
  }
}

function rungElement({ name, baseMs, armMs, ratio }: Rung, most: number): HTMLElement {
  const bar = el("span", { class: ratio >= 1 ? "rung-bar" : "rung-bar lost" });
  bar.style.width = `${Math.max(0.5, (100 * ratio) / most)}%`;
  // Where nothing was gained a bar would end here.
  const even = el("span", { class: "rung-even" });
  even.style.left = `${100 / most}%`;
  return el(
    "div",
    { class: "rung" },
    el("span", { class: "rung-name" }, name),
    el("span", { class: "rung-track", "aria-hidden": "true" }, bar, even),
    el(
      "span",
      { class: "rung-value" },
      el("strong", {}, fasterText(ratio)),
      " ",
      el("span", { class: "dim" }, `${formatDuration(baseMs)} → ${formatDuration(armMs)}`),
    ),
  );
}

function breakEvenText(times: GainTimes, arm: string): string {
  const even = breakEvenSlowdown(times);
  if (even === undefined) return "";
  const measured = measuredSlowdown(times) ?? 1;
  const beyond = measured >= even ? `, and it takes ${ratioText(measured)}×` : "";
  return even <= 0
    ? `${arm} starts its container later than the other is ready: it cannot win.`
    : `${arm} loses once the application's own start takes more than ${ratioText(even)}× as long as without it${beyond}.`;
}

function slowdownAt(position: number): number {
  return lowestSlowdown * (highestSlowdown / lowestSlowdown) ** (position / slowdownSteps);
}

function positionOf(slowdown: number): number {
  const within = Math.min(highestSlowdown, Math.max(lowestSlowdown, slowdown));
  return Math.round((slowdownSteps * Math.log(within / lowestSlowdown)) / Math.log(highestSlowdown / lowestSlowdown));
}
