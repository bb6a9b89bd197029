import { el, on } from "../dom.ts";

/** What a choice does; what fails is told by the host, or by the choice itself. */
type OnChoice = () => Promise<void>;

/** A button that opens a menu, by keyboard as by mouse: arrows move, Escape and leaving close. */
export class MenuButton {
  readonly element: HTMLElement;
  readonly #menu: HTMLElement;
  readonly #button: HTMLElement;

  constructor(label: string) {
    this.#menu = el("div", { class: "menu", role: "menu", "aria-label": label, hidden: true });
    this.#button = el("button", { type: "button", class: "plain", "aria-haspopup": "menu", "aria-expanded": "false" }, `${label} ▾`);
    this.element = el("div", { class: "menu-button" }, this.#button, this.#menu);
    on(this.#button, "click", () => this.#open(this.#menu.hidden === true));
    on(this.element, "focusout", (event) => {
      if (!this.element.contains((event as FocusEvent).relatedTarget as Node | null)) this.#open(false);
    });
    on(this.element, "keydown", (event) => this.#onKey(event as KeyboardEvent));
  }

  add(label: string, onChoice: OnChoice): void {
    this.#menu.append(this.#item(label, label, onChoice));
  }

  /** A line with several choices, each of few letters. */
  addRow(label: string, choices: readonly (readonly [string, OnChoice])[]): void {
    const items = choices.map(([text, onChoice]) => this.#item(text, `${label}, ${text}`, onChoice));
    this.#menu.append(
      el("div", { class: "menu-row", role: "group", "aria-label": label }, el("span", { "aria-hidden": "true" }, label), ...items),
    );
  }

  #item(text: string, name: string, onChoice: OnChoice): HTMLElement {
    const item = el("button", { type: "button", role: "menuitem", tabindex: -1, "aria-label": name }, text);
    return on(item, "click", () => {
      this.#open(false);
      this.#button.focus();
      void onChoice().catch(() => undefined);
    });
  }

  #items(): readonly HTMLElement[] {
    return [...this.#menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
  }

  #open(isOpen: boolean): void {
    this.#menu.hidden = !isOpen;
    this.#button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.#items()[0]?.focus();
  }

  #onKey(event: KeyboardEvent): void {
    const { key } = event;
    if (this.#menu.hidden) return;
    if (key === "Escape") {
      this.#open(false);
      this.#button.focus();
      return;
    }
    const all = this.#items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const isOn = key === "ArrowDown" || key === "ArrowRight";
    if (!isOn && key !== "ArrowUp" && key !== "ArrowLeft") return;
    event.preventDefault();
    all[(at + (isOn ? 1 : all.length - 1)) % all.length]?.focus();
  }
}
