import { el, fill, on } from "../dom.ts";
import type { TabName } from "./reportState.ts";

const labels: Readonly<Record<TabName, string>> = {
  summary: "Summary",
  waterfall: "Waterfall",
  trials: "Trials",
  boot: "Boot",
  image: "Image",
  compare: "Compare",
};

/** A list of tabs as WAI-ARIA asks for: one stop for Tab, arrows, Home and End move, and what they move to is shown at once. */
export class Tabs {
  readonly element = el("div", { class: "tabs", role: "tablist", "aria-label": "Parts of the report" });
  readonly #onChoice: (tab: TabName) => void;
  #shown: readonly TabName[] = [];

  constructor(onChoice: (tab: TabName) => void) {
    this.#onChoice = onChoice;
    on(this.element, "keydown", (event) => this.#onKey(event as KeyboardEvent));
  }

  update(tabs: readonly TabName[], chosen: TabName): void {
    if (tabs.join() !== this.#shown.join()) {
      this.#shown = tabs;
      fill(this.element, ...tabs.map((tab) => this.#tab(tab)));
    }
    for (const button of this.element.children) {
      const isChosen = button.id === tabId(chosen);
      button.setAttribute("aria-selected", String(isChosen));
      button.setAttribute("tabindex", isChosen ? "0" : "-1");
    }
  }

  #tab(tab: TabName): HTMLElement {
    const button = el("button", { type: "button", role: "tab", id: tabId(tab), "aria-controls": "panel", class: "tab" }, labels[tab]);
    return on(button, "click", () => this.#onChoice(tab));
  }

  #onKey(event: KeyboardEvent): void {
    const at = this.#shown.findIndex((tab) => tabId(tab) === document.activeElement?.id);
    const last = this.#shown.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const target = Object.hasOwn(targets, event.key) ? this.#shown[targets[event.key] ?? 0] : undefined;
    if (target === undefined) return;
    event.preventDefault();
    this.#onChoice(target);
    document.getElementById(tabId(target))?.focus();
  }
}

export function tabId(tab: TabName): string {
  return `tab-${tab}`;
}
