import { formatCount, formatDuration } from "../../src/base/format.ts";
import type { PanelBench, ReportMethods, TrialDetail } from "../../src/protocol/reportMessages.ts";
import { el, fill } from "../dom.ts";
import { extremesOf } from "./namedTrials.ts";
import { shownTrialId, type ReportViewEvent, type ReportViewState } from "./reportState.ts";
import { ToggledTable } from "./toggledTable.ts";
import { observationTable, trialFacts } from "./trialFacts.ts";
import { TrialPicker } from "./trialPicker.ts";
import { waterfall, type OverlaidTrial } from "./waterfall.ts";

/** One real trial, stage by stage, with what shows that it may be believed. */
export class WaterfallView {
  readonly element: HTMLElement;
  readonly #host: ReportMethods;
  readonly #redraw: () => void;
  readonly #picker: TrialPicker;
  readonly #title = el("p", { class: "trial-title", role: "status" });
  readonly #picture = el("section", { class: "scroll" });
  readonly #legend = el("p", { class: "keys lane-legend" });
  readonly #facts = el("div");
  readonly #observations: ToggledTable;
  readonly #details = new Map<string, TrialDetail>();
  readonly #asked = new Set<string>();
  #runId = "";

  constructor(host: ReportMethods, dispatch: (event: ReportViewEvent) => void, redraw: () => void) {
    this.#host = host;
    this.#redraw = redraw;
    this.#picker = new TrialPicker(dispatch);
    this.#observations = new ToggledTable("observations", "Raw observations", dispatch);
    this.element = el("div", {}, this.#picker.element, this.#title, this.#picture, this.#legend, this.#facts, this.#observations.element);
  }

  update(bench: PanelBench, state: ReportViewState): void {
    if (bench.run.id !== this.#runId) {
      this.#runId = bench.run.id;
      this.#details.clear();
      this.#asked.clear();
    }
    for (const detail of bench.nearest) this.#details.set(detail.trial.id, detail);
    this.#picker.update(bench, state);
    const trialId = shownTrialId(state, bench);
    const over = overlaidIds(bench, state, trialId);
    void this.#ask([...(trialId === undefined ? [] : [trialId]), ...over.map(({ id }) => id)]);
    const detail = trialId === undefined ? undefined : this.#details.get(trialId);
    if (!detail) {
      this.#title.textContent = trialId === undefined ? "No trial has ended yet." : "Reading the trial…";
      fill(this.#picture);
      return;
    }
    fill(this.#title, ...titleNodes(bench, detail));
    const overlaid = over.flatMap(({ id, label }): OverlaidTrial[] => {
      const other = this.#details.get(id);
      return other ? [{ label, detail: other }] : [];
    });
    fill(this.#picture, waterfall(detail, overlaid));
    fill(
      this.#legend,
      ...overlaid.map(({ label, detail: other }, index) =>
        el(
          "span",
          { class: "key-of" },
          el("span", { class: `lane-key lane-${index}`, "aria-hidden": "true" }),
          `${label}, ${formatDuration(other.stages.totalMs)}`,
        ),
      ),
    );
    fill(this.#facts, ...trialFacts(detail));
    this.#observations.update(state, () => observationTable(detail));
  }

  async #ask(ids: readonly string[]): Promise<void> {
    const missing = ids.filter((id) => !this.#details.has(id) && !this.#asked.has(id));
    if (missing.length === 0) return;
    for (const id of missing) this.#asked.add(id);
    const runId = this.#runId;
    const found = await this.#host.trials(missing).catch(() => undefined);
    if (runId !== this.#runId) return;
    if (!found) {
      for (const id of missing) this.#asked.delete(id);
      this.#title.textContent = "The trial could not be read. Pick it again.";
      return;
    }
    for (const detail of found) this.#details.set(detail.trial.id, detail);
    if (found.length > 0) this.#redraw();
  }
}

/** Which trials lie over the one that is shown. */
function overlaidIds(
  bench: PanelBench,
  { overlay }: ReportViewState,
  shownId: string | undefined,
): { readonly id: string; readonly label: string }[] {
  const shown = bench.trials.find(({ id }) => id === shownId);
  if (overlay === "none" || !shown) return [];
  if (overlay === "arms")
    return bench.summary.arms
      .flatMap(({ arm, nearestTrialId }) =>
        arm === shown.arm || nearestTrialId === undefined ? [] : [{ id: nearestTrialId, label: `${arm}, nearest its median` }],
      )
      .slice(0, 4);
  const { fastest, slowest } = extremesOf(bench.trials.filter(({ arm }) => arm === shown.arm));
  return [
    ...(fastest && fastest.id !== shownId ? [{ id: fastest.id, label: `fastest, trial ${fastest.order + 1}` }] : []),
    ...(slowest && slowest.id !== shownId && slowest !== fastest ? [{ id: slowest.id, label: `slowest, trial ${slowest.order + 1}` }] : []),
  ];
}

function titleNodes({ summary, trials, run }: PanelBench, { trial, stages }: TrialDetail): (Node | string)[] {
  const arm = summary.arms.find((one) => one.arm === trial.arm);
  const isNearest = arm?.nearestTrialId === trial.id;
  const why = isNearest
    ? ` The real trial nearest the median${arm.ready ? ` of ${formatDuration(arm.ready.medianMs)}` : ""}, not an average.`
    : "";
  return [
    el("strong", {}, `${trial.arm}, trial ${formatCount(trial.order + 1)}`),
    el(
      "span",
      { class: "dim" },
      ` of ${formatCount(Math.max(trials.length, run.plan.arms.length * run.plan.trialsPerArm))}, block ${formatCount(trial.block + 1)}`,
    ),
    `: ${formatDuration(stages.totalMs)} to ${stages.stages.at(-1)?.to.mark.replace("-", " ") ?? "the end"}.`,
    why,
  ];
}
