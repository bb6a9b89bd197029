import { placedNodes, placedText, type IcicleNode, type PlacedNode } from "../../src/results/imageIcicle.ts";
import { el, fill, on } from "../dom.ts";

/**
 * Bytes as widths: layers above, their packages beneath, of each the touched part filled. One stop for Tab; the arrows move to neighbours,
 * into a layer and out of it. A table with the same numbers stands wherever it is shown.
 */
export class Icicle {
  readonly element: HTMLElement;
  readonly #picture = el("div", {
    class: "icicle",
    role: "group",
    "aria-label": "Bytes of the image by layer and package; arrow keys move",
  });
  readonly #about = el("p", { class: "icicle-about", role: "status" });
  readonly #onOpen: ((node: IcicleNode) => void) | undefined;
  readonly #cells = new Map<string, HTMLElement>();
  #placed: readonly PlacedNode[] = [];
  #current = "";

  /** `onOpen`: what Enter and a click do with a stretch; undefined: nothing beyond telling of it. */
  constructor(onOpen?: (node: IcicleNode) => void) {
    this.#onOpen = onOpen;
    this.element = el(
      "section",
      {},
      el("h2", {}, "Every byte ", el("span", { class: "dim" }, "layers above, packages beneath; filled: touched at startup (4 KiB pages)")),
      this.#picture,
      this.#about,
    );
    on(this.#picture, "keydown", (event) => this.#onKey(event as KeyboardEvent));
  }

  update(nodes: readonly IcicleNode[]): void {
    this.#placed = placedNodes(nodes);
    this.#cells.clear();
    for (const placed of this.#placed) this.#cells.set(placed.node.key, this.#cell(placed));
    fill(
      this.#picture,
      ...[false, true].map((isPackage) =>
        el(
          "div",
          { class: "icicle-band" },
          ...this.#placed
            .filter(({ parent }) => (parent !== undefined) === isPackage)
            .map(({ node }) => this.#cells.get(node.key) as HTMLElement),
        ),
      ),
    );
    this.element.hidden = nodes.length === 0;
    const first = this.#placed.find(({ node }) => node.key === this.#current) ?? heaviest(this.#placed);
    if (first) this.#show(first);
  }

  #cell(placed: PlacedNode): HTMLElement {
    const { node, from, width } = placed;
    const touched = el("span", { class: "icicle-touched", "aria-hidden": "true" });
    touched.style.width = `${round(node.bytes > 0 ? node.touchedBytes / node.bytes : 0)}%`;
    const cell = el(
      "button",
      { type: "button", class: `icicle-cell ${node.kind}`, tabindex: -1, "aria-label": placedText(placed) },
      touched,
      el("span", { class: "icicle-label" }, node.label),
    );
    cell.style.left = `${round(from)}%`;
    cell.style.width = `${round(width)}%`;
    on(cell, "focus", () => this.#show(placed));
    on(cell, "pointerenter", () => (this.#about.textContent = placedText(placed)));
    on(cell, "pointerleave", () => this.#tell());
    return on(cell, "click", () => this.#onOpen?.(node));
  }

  #show({ node }: PlacedNode): void {
    this.#cells.get(this.#current)?.setAttribute("tabindex", "-1");
    this.#current = node.key;
    this.#cells.get(node.key)?.setAttribute("tabindex", "0");
    this.#tell();
  }

  #tell(): void {
    const shown = this.#placed.find(({ node }) => node.key === this.#current);
    this.#about.textContent = shown ? placedText(shown) : "";
  }

  #onKey(event: KeyboardEvent): void {
    const next = neighbour(this.#placed, this.#current, event.key);
    if (next === undefined) return;
    event.preventDefault();
    this.#cells.get(next)?.focus();
  }
}

/** The key of the stretch that an arrow leads to; undefined: none, or another key. */
export function neighbour(placed: readonly PlacedNode[], currentKey: string, key: string): string | undefined {
  const current = placed.find(({ node }) => node.key === currentKey);
  if (!current) return undefined;
  const band = placed.filter(({ parent }) => (parent === undefined) === (current.parent === undefined));
  const at = band.indexOf(current);
  switch (key) {
    case "ArrowRight":
      return band[at + 1]?.node.key;
    case "ArrowLeft":
      return band[at - 1]?.node.key;
    case "ArrowDown":
      return current.node.children[0]?.key;
    case "ArrowUp":
      return current.parent?.key;
    case "Home":
      return band[0]?.node.key;
    case "End":
      return band.at(-1)?.node.key;
    default:
      return undefined;
  }
}

function heaviest(placed: readonly PlacedNode[]): PlacedNode | undefined {
  return [...placed].filter(({ parent }) => parent === undefined).sort((a, b) => b.width - a.width)[0];
}

function round(share: number): number {
  return Math.round(share * 1e5) / 1e3;
}
