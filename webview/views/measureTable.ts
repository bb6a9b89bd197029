import type { PanelReport } from "../../src/protocol/messages.ts";
import {
  amountText,
  formatShare,
  measures,
  measureText,
  shareIntervalText,
  wholeOf,
  type ReportMeasure,
} from "../../src/results/measureText.ts";
import { el, fill, on } from "../dom.ts";

/** All four measures side by side, each defined; the chosen one rules the rest of the panel. */
export class MeasureTable {
  readonly element: HTMLElement;
  readonly #rows = new Map<ReportMeasure, { input: HTMLInputElement; row: HTMLElement; cells: HTMLElement[]; definition: HTMLElement }>();

  constructor(onChoose: (measure: ReportMeasure) => void) {
    const body = el("tbody");
    for (const measure of measures) {
      const input = on(el("input", { type: "radio", name: "measure", value: measure, id: `measure-${measure}` }), "change", () =>
        onChoose(measure),
      );
      const definition = el("td", { class: "dim", colspan: 6, id: `definition-${measure}` });
      input.setAttribute("aria-describedby", definition.id);
      const cells = [
        el("td", { class: "number strong" }),
        el("td", { class: "number" }),
        el("td", { class: "number dim" }),
        el("td", { class: "number" }),
        el("td", { class: "number dim" }),
      ];
      const label = el("label", { for: input.id }, input, " ", measureText(measure, 0).label);
      const row = el("tr", {}, el("th", { scope: "row" }, label), ...cells);
      this.#rows.set(measure, { input, row, cells, definition });
      body.append(row, el("tr", { class: "definition" }, definition));
    }
    this.element = el(
      "section",
      {},
      el("h2", {}, "Four measures ", el("span", { class: "dim" }, "the chosen one is used below and in the code lenses")),
      el(
        "table",
        { class: "measures" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col" }, "Measure"),
            el("th", { scope: "col", class: "number" }, "Share until ready"),
            el("th", { scope: "col", class: "number" }, "Touched"),
            el("th", { scope: "col", class: "number" }, "9 of 10 cases"),
            el("th", { scope: "col", class: "number" }, "After the first request"),
            el("th", { scope: "col", class: "number" }, "Of"),
          ),
        ),
        body,
      ),
    );
  }

  update(report: PanelReport, chosen: ReportMeasure): void {
    const { estimate, totals } = report;
    for (const [measure, { input, row, cells, definition }] of this.#rows) {
      const interval = estimate[measure];
      const whole = wholeOf(measure, totals);
      const texts = [
        formatShare(interval.value, whole),
        amountText(measure, interval.value),
        shareIntervalText(interval, whole),
        `${formatShare(estimate.afterRequest[measure].value, whole)} · ${amountText(measure, estimate.afterRequest[measure].value)}`,
        measure === "openedFiles" ? `${amountText(measure, whole)} files` : amountText(measure, whole),
      ];
      for (const [index, cell] of cells.entries()) fill(cell, texts[index] ?? "");
      definition.textContent = measureText(measure, estimate.chunkSizeBytes).definition;
      input.checked = measure === chosen;
      row.classList.toggle("chosen", measure === chosen);
    }
  }
}
