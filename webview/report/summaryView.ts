import type { PanelBench, PanelDocument } from "../../src/protocol/reportMessages.ts";
import { el, fill } from "../dom.ts";
import { armTable } from "./armTable.ts";
import { environmentTable } from "./environmentTable.ts";
import { GainView } from "./gainView.ts";
import type { ReportViewEvent, ReportViewState } from "./reportState.ts";
import { weighedSentence } from "./sentence.ts";
import { stageTable } from "./stageTable.ts";
import { TrialStrips } from "./trialStrips.ts";
import { WhereTimeGoes } from "./whereTimeGoes.ts";

/** The answer, then one picture for each question: where the time goes, what is left of the gain, how much trials vary. */
export class SummaryView {
  readonly element: HTMLElement;
  readonly #verdict = el("section", { class: "verdict", "aria-live": "polite" });
  readonly #where = new WhereTimeGoes();
  readonly #arms = el("section");
  readonly #stages = el("section");
  readonly #environment = el("section");
  readonly #gain: GainView;
  readonly #strips: TrialStrips;
  #shown: PanelBench | undefined;

  constructor(dispatch: (event: ReportViewEvent) => void) {
    this.#gain = new GainView(dispatch);
    this.#strips = new TrialStrips(dispatch);
    this.element = el(
      "div",
      {},
      this.#verdict,
      this.#where.element,
      this.#arms,
      el("div", { class: "columns" }, this.#gain.element, this.#strips.element),
      this.#stages,
      this.#environment,
    );
  }

  update(document: PanelDocument, bench: PanelBench, state: ReportViewState): void {
    this.#gain.update(document, bench, state);
    if (bench === this.#shown) return;
    this.#shown = bench;
    fill(this.#verdict, ...verdictNodes(bench));
    this.#where.update(bench);
    fill(this.#arms, ...armTable(bench));
    this.#strips.update(bench);
    fill(this.#stages, ...stageTable(bench));
    fill(this.#environment, ...environmentTable(bench));
  }

  redraw(): void {
    this.#strips.redraw();
  }
}

/** The first sentence is the answer; those of the other arms follow, then what the numbers may not be trusted for. */
function verdictNodes({ verdict, summary }: PanelBench): Node[] {
  const answers = answerCount(summary);
  const [first = "", ...others] = verdict.slice(0, answers);
  const caveats = verdict.slice(answers);
  return [
    el("p", { class: "big" }, ...weighedSentence(first)),
    ...others.map((sentence) => el("p", {}, ...weighedSentence(sentence))),
    ...(caveats.length === 0
      ? []
      : [
          el(
            "ul",
            { class: "notes caveats" },
            ...caveats.map((sentence) => el("li", {}, el("span", { class: "sign-warning", "aria-hidden": "true" }, "▲ "), sentence)),
          ),
        ]),
  ];
}

/** How many of the verdict's sentences are answers: one for each comparison, two for an arm alone, one where there is nothing to tell. */
function answerCount({ arms, comparisons }: PanelBench["summary"]): number {
  if (arms.every(({ counts }) => counts.counted === 0)) return 1;
  return arms.length === 1 ? 2 : comparisons.length;
}
