import { formatCount, formatInstant } from "../../src/base/format.ts";
import { mostReportsCompared, type HistoryEntry, type ReportMethods } from "../../src/protocol/reportMessages.ts";
import type { BenchComparison } from "../../src/results/compare/benchComparison.ts";
import { el, fill, on } from "../dom.ts";
import { plainTable } from "../views/plainTable.ts";
import { comparisonNodes } from "./comparisonTable.ts";
import type { ReportViewEvent, ReportViewState } from "./reportState.ts";

/** Reports of the workspace to pick from, and this one beside those that are picked. */
export class CompareView {
  readonly element: HTMLElement;
  readonly #host: ReportMethods;
  readonly #dispatch: (event: ReportViewEvent) => void;
  readonly #status = el("p", { class: "dim", role: "status" });
  readonly #list = el("div", { class: "scroll history" });
  readonly #result = el("section");
  #entries: readonly HistoryEntry[] | undefined;
  #shownKey = "";

  constructor(host: ReportMethods, dispatch: (event: ReportViewEvent) => void) {
    this.#host = host;
    this.#dispatch = dispatch;
    this.element = el(
      "div",
      {},
      el("h2", {}, "Reports of this workspace ", el("span", { class: "dim" }, "pick one or more to compare with this one")),
      this.#list,
      this.#status,
      this.#result,
    );
  }

  update({ compared }: ReportViewState): void {
    if (!this.#entries) {
      void this.#read(compared);
      return;
    }
    for (const box of this.#list.querySelectorAll("input")) box.checked = compared.has(box.value);
    void this.#compare(compared);
  }

  /** Asks anew when the page gets a report: others may have come since. */
  forget(): void {
    this.#entries = undefined;
    this.#shownKey = "";
  }

  async #read(compared: ReadonlySet<string>): Promise<void> {
    this.#status.textContent = "Looking for reports…";
    const entries = await this.#host.history().catch(() => undefined);
    if (!entries) {
      this.#status.textContent = "The workspace's reports could not be listed. Show this tab again to retry.";
      return;
    }
    this.#entries = entries;
    const others = entries.filter(({ isShown }) => !isShown);
    this.#status.textContent =
      others.length === 0 ? "There is no other benchmark in this workspace yet: run one, or copy a *.coldstart.json here." : "";
    fill(this.#list, ...(others.length === 0 ? [] : [historyTable(others, compared, (id) => this.#toggle(id))]));
    void this.#compare(compared);
  }

  #toggle(id: string): void {
    this.#dispatch({ kind: "comparedToggled", id });
  }

  async #compare(compared: ReadonlySet<string>): Promise<void> {
    const ids = [...compared]
      .filter((id) => this.#entries?.some((entry) => entry.id === id && !entry.isShown))
      .slice(0, mostReportsCompared);
    const key = ids.join("\n");
    if (key === this.#shownKey) return;
    this.#shownKey = key;
    if (ids.length === 0) {
      fill(this.#result);
      this.#status.textContent = "";
      return;
    }
    this.#status.textContent = "Comparing…";
    const found: BenchComparison | undefined | "failed" = await this.#host.compare(ids).catch(() => "failed" as const);
    if (key !== this.#shownKey) return;
    if (found === "failed" || !found) {
      this.#shownKey = "";
      fill(this.#result);
      this.#status.textContent = "They could not be compared: a report is gone or cannot be read. The log tells more.";
      return;
    }
    this.#status.textContent = compared.size > mostReportsCompared ? `The first ${mostReportsCompared} of them are compared.` : "";
    fill(this.#result, ...comparisonNodes(found));
  }
}

function historyTable(entries: readonly HistoryEntry[], compared: ReadonlySet<string>, onToggle: (id: string) => void): HTMLElement {
  const rows = entries.map(({ id, fileName, planName, context, startedAtEpochMs, armCount, trialCount, isComplete }, index) => {
    const box = el("input", { type: "checkbox", id: `compare-${index}`, value: id });
    box.checked = compared.has(id);
    on(box, "change", () => onToggle(id));
    return el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        el("label", { for: `compare-${index}` }, box, " ", planName, el("span", { class: "dim under path" }, fileName)),
      ),
      el("td", {}, formatInstant(startedAtEpochMs)),
      el("td", { class: "dim" }, context),
      el("td", { class: "dim" }, isComplete ? "complete" : "early"),
      el("td", { class: "number" }, formatCount(armCount)),
      el("td", { class: "number" }, formatCount(trialCount)),
    );
  });
  return plainTable(["Benchmark", "Began", "Context", "Ended", "Arms", "Trials"], rows, 4);
}
