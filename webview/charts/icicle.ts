import { formatBytes } from "../../src/base/format.ts";
import type { IcicleNode } from "../../src/results/imageIcicle.ts";
import { formatShare } from "../../src/results/measureText.ts";
import { el, fill, on } from "../dom.ts";

/** Where a stretch lies, as shares of the whole width, and which share of the image's bytes it is. */
interface Placed {
  readonly node: IcicleNode;
  readonly from: number;
  readonly width: number;
  readonly share: number;
  readonly parent: IcicleNode | undefined;
}

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
  #placed: readonly Placed[] = [];
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

  #cell(placed: Placed): HTMLElement {
    const { node, from, width } = placed;
    const touched = el("span", { class: "icicle-touched", "aria-hidden": "true" });
    touched.style.width = `${round(node.bytes > 0 ? node.touchedBytes / node.bytes : 0)}%`;
    const cell = el(
      "button",
      { type: "button", class: `icicle-cell ${node.kind}`, tabindex: -1, "aria-label": textOf(placed) },
      touched,
      el("span", { class: "icicle-label" }, node.label),
    );
    cell.style.left = `${round(from)}%`;
    cell.style.width = `${round(width)}%`;
    on(cell, "focus", () => this.#show(placed));
    on(cell, "pointerenter", () => (this.#about.textContent = textOf(placed)));
    on(cell, "pointerleave", () => this.#tell());
    return on(cell, "click", () => this.#onOpen?.(node));
  }

  #show({ node }: Placed): void {
    this.#cells.get(this.#current)?.setAttribute("tabindex", "-1");
    this.#current = node.key;
    this.#cells.get(node.key)?.setAttribute("tabindex", "0");
    this.#tell();
  }

  #tell(): void {
    const shown = this.#placed.find(({ node }) => node.key === this.#current);
    this.#about.textContent = shown ? textOf(shown) : "";
  }

  #onKey(event: KeyboardEvent): void {
    const next = neighbour(this.#placed, this.#current, event.key);
    if (next === undefined) return;
    event.preventDefault();
    this.#cells.get(next)?.focus();
  }
}

/** Shares of the whole width. A layer is as wide as its bytes, or as its packages where those are more. */
export function placedNodes(nodes: readonly IcicleNode[]): readonly Placed[] {
  const wholeBytes = Math.max(
    1,
    sumOf(nodes, ({ bytes }) => bytes),
  );
  const wholeWeight = Math.max(1, sumOf(nodes, weightOf));
  const placed: Placed[] = [];
  let from = 0;
  for (const node of nodes) {
    const width = weightOf(node) / wholeWeight;
    placed.push({ node, from, width, share: node.bytes / wholeBytes, parent: undefined });
    let within = from;
    for (const child of node.children) {
      placed.push({ node: child, from: within, width: child.bytes / wholeWeight, share: child.bytes / wholeBytes, parent: node });
      within += child.bytes / wholeWeight;
    }
    from += width;
  }
  return placed;
}

function weightOf({ bytes, children }: IcicleNode): number {
  return Math.max(
    bytes,
    sumOf(children, (child) => child.bytes),
  );
}

function sumOf(nodes: readonly IcicleNode[], of: (node: IcicleNode) => number): number {
  return nodes.reduce((sum, node) => sum + of(node), 0);
}

/** The key of the stretch that an arrow leads to; undefined: none, or another key. */
export function neighbour(placed: readonly Placed[], currentKey: string, key: string): string | undefined {
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

function heaviest(placed: readonly Placed[]): Placed | undefined {
  return [...placed].filter(({ parent }) => parent === undefined).sort((a, b) => b.width - a.width)[0];
}

function textOf({ node, share, parent }: Placed): string {
  const size = `${formatBytes(node.bytes)}, ${formatShare(share, 1)} of the image`;
  return `${node.label}${parent ? ` in layer ${parent.label}` : ""}: ${size}; ${formatBytes(node.touchedBytes)} of it touched (${formatShare(node.touchedBytes, node.bytes)})`;
}

function round(share: number): number {
  return Math.round(share * 1e5) / 1e3;
}
