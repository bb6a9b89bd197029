import { formatBinarySize, formatDuration, formatFraction } from "../../src/base/format.ts";
import { fasterText, ratioText } from "../../src/bench/ratioWords.ts";
import type { PanelBench, PanelDocument } from "../../src/protocol/reportMessages.ts";
import { breakEven, breakEvenAssumptions } from "../../src/results/breakEven.ts";
import {
  clearlySlower,
  gainLadder,
  ladderArms,
  measuredSlowdown,
  rungWords,
  type LadderTimes,
  type Rung,
} from "../../src/results/gainLadder.ts";
import { measuredLoading } from "../../src/results/measuredLoading.ts";
import type { ProvisioningStart } from "../../src/results/measuredProvisioning.ts";
import { el, fill } from "../dom.ts";
import { choice, type Choice } from "../elements.ts";
import { measuredOrAssumed } from "./provisioning.ts";
import type { ReportViewEvent, ReportViewState } from "./reportState.ts";
import { slider } from "./slider.ts";

/** In steps of 5 s up to a quarter of an hour, which getting a GPU machine may take. */
const mostProvisioningS = 900;
/** The slow-down's slider is logarithmic, from half as long to twenty times. */
const lowestFactor = 0.5;
const highestFactor = 20;
const factorSteps = 200;

/** The speed-up at each rung of a start, what would be left of it elsewhere, and from where on it is lost. */
export class GainView {
  readonly element: HTMLElement;
  readonly #rungs = el("div", { class: "rungs" });
  readonly #arms = el("div", { class: "gain-arm" });
  readonly #notes = el("div", { class: "small" });
  readonly #dispatch: (event: ReportViewEvent) => void;
  readonly #slowdown;
  readonly #provisioning;
  #choice: Choice<string> | undefined;
  #choices = "";

  constructor(dispatch: (event: ReportViewEvent) => void) {
    this.#dispatch = dispatch;
    this.#slowdown = slider("slowdown", "Application start", { min: 0, max: factorSteps, step: 1 }, (at) =>
      dispatch({ kind: "went", to: { slowdown: factorAt(at) } }),
    );
    this.#provisioning = slider("provisioning", "New node", { min: 0, max: mostProvisioningS, step: 5 }, (seconds) =>
      dispatch({ kind: "went", to: { provisioningMs: seconds * 1000 } }),
    );
    this.element = el(
      "section",
      { class: "gain" },
      el("h2", {}, "What is left of the gain ", el("span", { class: "dim" }, "ratios of medians")),
      this.#arms,
      this.#rungs,
      el("div", { class: "sliders" }, this.#slowdown.element, this.#provisioning.element),
      this.#notes,
    );
  }

  update(document: PanelDocument, bench: PanelBench, state: ReportViewState): void {
    const { arms, baseline } = bench.summary;
    const ladder = ladderArms(arms, baseline);
    const other = ladder?.others.find(({ arm }) => arm === state.gainArm) ?? ladder?.others[0];
    this.element.hidden = !other;
    if (!ladder || !other) return;
    const { arm, times } = other;
    const { arm: base, times: baseTimes } = ladder.base;
    this.#updateChoice(
      ladder.others.map((one) => one.arm),
      arm,
      base,
    );
    const measured = 1 + measuredSlowdown(baseTimes, times);
    const factor = state.slowdown ?? measured;
    const start = measuredOrAssumed(document, state);
    const provisioningMs = state.provisioningMs ?? start.provisioningMs;
    const rungs = gainLadder(baseTimes, times, { applicationSlowdown: factor - 1, provisioningMs });
    const most = Math.max(1, ...rungs.map(({ ratio }) => ratio).filter(Number.isFinite));
    fill(this.#rungs, ...rungs.map((rung) => rungElement(rung, most)));
    const basis = `${ratioText(measured)}× measured: ${formatDuration(times.applicationMs)} with ${arm}, ${formatDuration(baseTimes.applicationMs)} with ${base}`;
    this.#slowdown.update(positionOf(factor), state.slowdown === undefined ? basis : `${ratioText(factor)}× as long (${basis})`);
    this.#provisioning.update(provisioningMs / 1000, provisioningText(state.provisioningMs, start));
    const wasOpen = this.#notes.querySelector("details")?.open === true;
    fill(this.#notes, ...breakEvenNotes(bench, arm, baseTimes, times), ...nodeNotes(start));
    const details = this.#notes.querySelector("details");
    if (details) details.open = wasOpen;
  }

  #updateChoice(names: readonly string[], chosen: string, base: string): void {
    const key = JSON.stringify([names, base]);
    if (key !== this.#choices) {
      this.#choices = key;
      this.#choice = choice(
        "Arm of the ladder",
        names.map((name) => [name, name] as const),
        (gainArm) => this.#dispatch({ kind: "went", to: { gainArm, slowdown: undefined } }),
      );
      const beside = el("span", { class: "dim" }, `beside ${base}`);
      fill(this.#arms, names.length > 1 ? this.#choice.element : el("strong", {}, chosen), " ", beside);
    }
    if (this.#choice && this.#choice.value !== chosen) this.#choice.value = chosen;
  }
}

/** What boots do not tell of a new node. */
function nodeNotes({ isMeasured }: ProvisioningStart): readonly Node[] {
  const text = "A new node counts from its boot until it is ready; what a cloud takes to find a machine comes on top.";
  return isMeasured ? [el("p", { class: "dim" }, text)] : [];
}

/** `1 min 30 s, assumed: …`; where the user chose, also what it began from. */
function provisioningText(chosenMs: number | undefined, { provisioningMs, source }: ProvisioningStart): string {
  const start = `${formatDuration(provisioningMs)}, ${source}`;
  if (chosenMs === undefined) return start;
  return `${chosenMs === 0 ? "none: it is there" : formatDuration(chosenMs)} (${start})`;
}

function rungElement({ kind, baselineMs, otherMs, ratio }: Rung, most: number): HTMLElement {
  const bar = el("span", { class: ratio < clearlySlower ? "rung-bar lost" : "rung-bar" });
  bar.style.width = `${Math.max(0.5, Math.min(100, (100 * ratio) / most))}%`;
  // Where nothing is gained a bar ends here.
  const even = el("span", { class: "rung-even" });
  even.style.left = `${100 / most}%`;
  return el(
    "div",
    { class: "rung" },
    el("span", { class: kind === "ready-unslowed" ? "rung-name dim" : "rung-name" }, rungWords[kind]),
    el(
      "span",
      { class: "rung-value" },
      el("strong", {}, fasterText(ratio)),
      " ",
      el("span", { class: "dim" }, `${formatDuration(baselineMs)} → ${formatDuration(otherMs)}`),
    ),
    el("span", { class: "rung-track", "aria-hidden": "true" }, bar, even),
  );
}

/** From where on the arm loses: by how slow the application becomes, and by how much of the image is read. */
function breakEvenNotes(bench: PanelBench, arm: string, base: LadderTimes, times: LadderTimes): Node[] {
  const notes: Node[] = [
    el("p", { class: "dim" }, "The verdict compares trials of the same block instead, so its ratios may differ a little."),
  ];
  if (base.applicationMs > 0) {
    const factor = (base.startMs + base.applicationMs - times.startMs) / base.applicationMs;
    notes.push(
      el(
        "p",
        {},
        factor <= 0
          ? `${arm} starts its container later than the other is ready: it cannot win.`
          : `${arm} loses once the application's own start takes more than ${ratioText(factor)}× as long.`,
      ),
    );
  }
  const loading = measuredLoading({ run: { ...bench.run, trials: [] }, summary: bench.summary }, arm);
  const even = loading && breakEven(loading.model);
  const isLazy = bench.summary.arms.some((one) => one.arm === arm && one.isLazy);
  if (!loading || !even || !isLazy) return notes;
  const { model, touchedShare } = loading;
  const rate = `${Math.round((model.bandwidthBytesPerSecond * 8) / 1e6)} Mbit/s`;
  const fetched = touchedShare === undefined ? "" : `; ${arm} had fetched ${formatFraction(touchedShare)} when it was ready`;
  const answer =
    even.share >= 1
      ? `Loading lazily takes no longer than pulling, however much is read${fetched}.`
      : `Loading lazily takes longer than pulling once more than ${formatFraction(even.share)} of the image's bytes are read${fetched}.`;
  notes.push(
    el("p", {}, answer),
    el(
      "details",
      { class: "dim" },
      el(
        "summary",
        {},
        `At ${rate}, ${formatDuration(model.requestMs)} a request, chunks of ${formatBinarySize(model.chunkBytes)}, ${model.chunksAtOnce} at a time; what it assumes`,
      ),
      el("ul", {}, ...breakEvenAssumptions.map((text) => el("li", {}, text))),
    ),
  );
  return notes;
}

function factorAt(position: number): number {
  return lowestFactor * (highestFactor / lowestFactor) ** (position / factorSteps);
}

function positionOf(factor: number): number {
  const within = Math.min(highestFactor, Math.max(lowestFactor, factor));
  return Math.round((factorSteps * Math.log(within / lowestFactor)) / Math.log(highestFactor / lowestFactor));
}
