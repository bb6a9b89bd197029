import { formatDuration, formatError } from "../../src/base/format.ts";
import type { BootReport, ReportBoot } from "../../src/boot/bootReport.ts";
import { el, fill } from "../dom.ts";
import { choice, type Choice } from "../elements.ts";
import { bootAdvice } from "./bootAdvice.ts";
import { bootChainTable } from "./bootChainTable.ts";
import { bootComparison } from "./bootComparison.ts";
import { bootPhases } from "./bootPhases.ts";
import { bootSpread } from "./bootSpread.ts";
import { bootUnitTable } from "./bootUnitTable.ts";
import type { ReportViewEvent, ReportViewState } from "./reportState.ts";
import { systemdChain } from "./systemdChain.ts";
import { ToggledTable } from "./toggledTable.ts";

/** Where one node's start goes: what waited for what, what everything took, and what to do about it. */
export class BootView {
  readonly element: HTMLElement;
  readonly #dispatch: (event: ReportViewEvent) => void;
  readonly #picker = el("div", { class: "controls" });
  readonly #answer = el("section", { class: "verdict" });
  readonly #phases = el("section");
  readonly #chain = el("section");
  readonly #advice = el("section");
  readonly #spread = el("section");
  readonly #comparison = el("section");
  readonly #systemd: ToggledTable;
  readonly #units: ToggledTable;
  #choice: Choice<string> | undefined;
  #shown: BootReport | undefined;

  constructor(dispatch: (event: ReportViewEvent) => void) {
    this.#dispatch = dispatch;
    this.#units = new ToggledTable("units", "All units on one clock", dispatch);
    this.#systemd = new ToggledTable("systemdChain", "What systemd-analyze critical-chain says", dispatch);
    const { element: systemd } = this.#systemd;
    const sections = [this.#answer, this.#phases, this.#chain, systemd, this.#advice, this.#comparison, this.#spread, this.#units.element];
    this.element = el("div", {}, this.#picker, ...sections);
  }

  update(report: BootReport, state: ReportViewState): void {
    const at = Math.min(state.boot, report.boots.length - 1);
    const boot = report.boots[at];
    if (!boot) return;
    if (report !== this.#shown) this.#fillPicker(report);
    this.#shown = report;
    if (this.#choice) this.#choice.value = String(at);
    fill(this.#answer, ...answerNodes(boot, report.unit));
    fill(this.#phases, ...bootPhases(boot));
    fill(this.#chain, ...bootChainTable(boot, report.unit));
    fill(this.#advice, ...bootAdvice(report));
    this.#systemd.update(state, () => systemdChain(boot, report.unit));
    fill(this.#comparison, ...bootComparison(report));
    fill(this.#spread, ...bootSpread(report));
    this.#units.update(state, () => bootUnitTable(boot));
  }

  #fillPicker({ boots }: BootReport): void {
    this.#choice =
      boots.length < 2
        ? undefined
        : choice(
            "Boot",
            boots.map(({ name }, index) => [String(index), name] as const),
            (index) => this.#dispatch({ kind: "went", to: { boot: Number(index) } }),
          );
    fill(this.#picker, this.#choice?.element);
    this.#picker.hidden = !this.#choice;
  }
}

const stateWords: Readonly<Record<ReportBoot["chain"]["state"], string>> = {
  ready: "was ready",
  failed: "failed",
  "passed-over": "was passed over",
  starting: "was still starting",
  waiting: "was still waiting",
  unreached: "was never reached",
};

const blockerWords: Readonly<Record<NonNullable<ReportBoot["chain"]["blocker"]>["why"], string>> = {
  running: "it is still running",
  restarts: "it restarted",
  timeout: "it ran into its time limit",
  failed: "it failed",
  gap: "nothing that is known happened before it began",
  longest: "it took longest",
};

function answerNodes({ chain, machine, accuracyMs, sources, problems, name }: ReportBoot, unit: string): Node[] {
  const { blocker, state, endAtMs } = chain;
  const facts = [
    name,
    machine.instanceType,
    machine.osName,
    machine.kernelVersion && `kernel ${machine.kernelVersion}`,
    machine.virtualization,
    machine.systemdVersion && `systemd ${machine.systemdVersion}`,
  ];
  return [
    el("p", { class: "big" }, `${unit} ${stateWords[state]} `, el("strong", {}, formatDuration(endAtMs)), " after userspace began."),
    ...(blocker
      ? [
          el(
            "p",
            {},
            "Look first at ",
            el("strong", {}, blocker.unit),
            `: ${formatDuration(blocker.durationMs)}, ${blockerWords[blocker.why]}.`,
          ),
        ]
      : []),
    el("p", { class: "dim small" }, [...facts, `from ${sources.join(", ")}, ${formatError(accuracyMs)}`].filter(Boolean).join(" · ")),
    ...(problems.length === 0
      ? []
      : [
          el(
            "ul",
            { class: "notes" },
            ...problems.map(({ message }) =>
              el("li", {}, el("span", { class: "sign-warning", "aria-label": "warning" }, "▲"), ` ${message}`),
            ),
          ),
        ]),
  ];
}
