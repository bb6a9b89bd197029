type Child = Node | string | false | undefined;
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
  element.replaceChildren(...children.filter((child) => child !== false && child !== undefined));
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
