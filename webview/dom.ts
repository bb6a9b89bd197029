export type Child = Node | string | false | undefined;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes an element. Strings become text nodes: data never becomes markup. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  fill(element, ...children);
  return element;
}

/** Replaces what is in an element. */
export function fill(element: Element, ...children: readonly Child[]): void {
  const shown = children.filter((child) => child !== false && child !== undefined);
  element.replaceChildren(...shown.map((child) => (typeof child === "string" ? visible(child) : child)));
}

/** Names from images may hold marks that turn the text after them around, and controls that nobody sees: both become `\ufffd`. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, "\ufffd");
}

/** Adds a listener and gives the element back, so that it can stand in a list of children. */
export function on<E extends Element>(element: E, event: string, listener: (event: Event) => void): E {
  element.addEventListener(event, listener);
  return element;
}

/** Text that only screen readers meet. */
export function hidden(text: string): HTMLElement {
  return el("span", { class: "visually-hidden" }, text);
}
