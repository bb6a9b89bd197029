import { formatCount, formatInstant } from "../../src/base/format.ts";
import { mostReportsCompared, type HistoryEntry, type ReportMethods } from "../../src/protocol/reportMessages.ts";
import type { DocumentsComparison } from "../../src/results/compare/documentsComparison.ts";
import { el, fill, on } from "../dom.ts";
import { plainTable } from "../views/plainTable.ts";
import { comparisonNodes } from "./comparedDocuments.ts";
import type { ReportViewEvent, ReportViewState } from "./reportState.ts";

/** Reports of the workspace to pick from, and this one beside those that are picked. */
export class CompareView {
  readonly element: HTMLElement;
  readonly #host: ReportMethods;
  readonly #dispatch: (event: ReportViewEvent) => void;
  readonly #status = el("p", { class: "dim", role: "status" });
  readonly #list = el("div", { class: "scroll history" });
  readonly #result = el("section");
  #listed: readonly HistoryEntry[] | undefined;
  #isListing = false;
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

  update(state: ReportViewState): void {
    const { history, compared } = state;
    if (!history) {
      this.list(state);
      return;
    }
    if (history !== this.#listed) {
      this.#listed = history;
      this.#shownKey = "";
      const others = history.filter(({ isShown }) => !isShown);
      this.#status.textContent =
        others.length === 0
          ? "There is no other report in this workspace yet: run a benchmark, read a boot, or copy a *.coldstart.json here."
          : "";
      fill(this.#list, ...(others.length === 0 ? [] : [historyTable(others, compared, (id) => this.#toggle(id))]));
    }
    for (const box of this.#list.querySelectorAll("input")) box.checked = compared.has(box.value);
    void this.#compare(compared, history);
  }

  /** Asks for the reports of the workspace, unless they are known; they come as an event. */
  list({ history }: ReportViewState): void {
    if (!history && !this.#isListing) void this.#read();
  }

  async #read(): Promise<void> {
    this.#isListing = true;
    this.#status.textContent = "Looking for reports…";
    const entries = await this.#host.history().catch(() => undefined);
    this.#isListing = false;
    if (entries) this.#dispatch({ kind: "historyRead", entries });
    else this.#status.textContent = "The workspace's reports could not be listed. Show this tab again to retry.";
  }

  #toggle(id: string): void {
    this.#dispatch({ kind: "comparedToggled", id });
  }

  async #compare(compared: ReadonlySet<string>, history: readonly HistoryEntry[]): Promise<void> {
    const ids = [...compared].filter((id) => history.some((entry) => entry.id === id && !entry.isShown)).slice(0, mostReportsCompared);
    const key = ids.join("\n");
    if (key === this.#shownKey) return;
    this.#shownKey = key;
    if (ids.length === 0) {
      fill(this.#result);
      this.#status.textContent = "";
      return;
    }
    this.#status.textContent = "Comparing…";
    const found: DocumentsComparison | undefined | "failed" = await this.#host.compare(ids).catch(() => "failed" as const);
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
  const rows = entries.map((entry, index) => {
    const { id, fileName, name, measuredAtEpochMs, bench } = entry;
    const box = el("input", { type: "checkbox", id: `compare-${index}`, value: id });
    box.checked = compared.has(id);
    on(box, "change", () => onToggle(id));
    return el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        el("label", { for: `compare-${index}` }, box, " ", name, el("span", { class: "dim under path" }, fileName)),
      ),
      el("td", {}, formatInstant(measuredAtEpochMs)),
      el("td", {}, ...heldTexts(entry).map((text) => el("span", { class: "under path" }, text))),
      el("td", { class: "dim" }, bench?.context ?? "–"),
    );
  });
  return plainTable(["Report", "Measured", "Holds", "Context"], rows, 4);
}

/** What of a report can be compared. */
function heldTexts({ bench, boots, image }: HistoryEntry): readonly string[] {
  const counted = (count: number, word: string): string => `${formatCount(count)} ${word}${count === 1 ? "" : "s"}`;
  return [
    ...(bench
      ? [`${counted(bench.armCount, "arm")}, ${counted(bench.trialCount, "trial")}${bench.isComplete ? "" : ", ended early"}`]
      : []),
    ...(boots ? [`${counted(boots.count, "boot")}, ${boots.unit}`] : []),
    ...(image ? [`image ${image.reference}`] : []),
  ];
}
