import { el, fill, on } from "../dom.ts";
import type { ReportViewEvent, ReportViewState } from "./reportState.ts";

/** A table that is drawn when it is asked for; whether it is open outlives the page. */
export class ToggledTable {
  readonly element: HTMLElement;
  readonly #name: string;
  readonly #body = el("div", { class: "scroll" });
  readonly #button: HTMLElement;

  constructor(name: string, label: string, dispatch: (event: ReportViewEvent) => void) {
    this.#name = name;
    this.#button = el("button", { type: "button", class: "plain", "aria-expanded": "false" }, label);
    on(this.#button, "click", () => dispatch({ kind: "tableToggled", table: name }));
    this.element = el("section", {}, el("p", {}, this.#button), this.#body);
  }

  update({ openTables }: ReportViewState, make: () => Node): void {
    const isOpen = openTables.has(this.#name);
    this.#button.setAttribute("aria-expanded", String(isOpen));
    this.#body.hidden = !isOpen;
    fill(this.#body, ...(isOpen ? [make()] : []));
  }
}
