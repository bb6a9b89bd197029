import { el, on } from "../dom.ts";

/** A button that opens a menu, by keyboard as by mouse: arrows move, Escape and leaving close. */
export function menuButton<Value extends string>(
  label: string,
  items: readonly (readonly [Value, string])[],
  onChoice: (value: Value) => void,
): HTMLElement {
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label, hidden: true });
  const button = el("button", { type: "button", class: "plain", "aria-haspopup": "menu", "aria-expanded": "false" }, `${label} ▾`);
  const element = el("div", { class: "menu-button" }, button, menu);
  const open = (isOpen: boolean): void => {
    menu.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) (menu.firstElementChild as HTMLElement | null)?.focus();
  };
  for (const [value, text] of items) {
    const item = el("button", { type: "button", role: "menuitem", tabindex: -1 }, text);
    menu.append(
      on(item, "click", () => {
        open(false);
        button.focus();
        onChoice(value);
      }),
    );
  }
  on(button, "click", () => open(menu.hidden === true));
  on(element, "focusout", (event) => {
    if (!element.contains((event as FocusEvent).relatedTarget as Node | null)) open(false);
  });
  on(element, "keydown", (event) => {
    const { key } = event as KeyboardEvent;
    if (menu.hidden) return;
    if (key === "Escape") {
      open(false);
      button.focus();
      return;
    }
    const all = [...menu.children] as HTMLElement[];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = key === "ArrowDown" ? at + 1 : key === "ArrowUp" ? at - 1 + all.length : undefined;
    if (next === undefined) return;
    event.preventDefault();
    all[next % all.length]?.focus();
  });
  return element;
}
