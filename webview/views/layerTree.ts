import { formatBytes, formatCount } from "../../src/base/format.ts";
import type { HostMethods, PanelReport } from "../../src/protocol/messages.ts";
import { instructionText } from "../../src/results/instructionText.ts";
import { amountText, type ReportMeasure } from "../../src/results/measureText.ts";
import type { FilePage, FileRow, ReportLayer } from "../../src/results/report.ts";
import { el, fill, on } from "../dom.ts";
import { everyFile, type ViewEvent } from "../state.ts";
import type { ReadyState } from "./imageView.ts";
import { openedText } from "./fileList.ts";
import { touchedOf, untouched } from "./packageTable.ts";
import { shareCell } from "./share.ts";

const mostPackages = 30;
const mostFiles = 15;

/** One line under a layer: a package, or the layer's files that no package owns (`name` empty). */
interface Part {
  readonly key: string;
  readonly label: string;
  readonly package: string;
  readonly files: number;
  readonly bytes: number;
  readonly untouchedBytes: number;
  readonly touched: number | undefined;
}

/** Layers, in them packages, in them files with the reason why they are opened; what startup leaves untouched comes first. */
export class LayerTree {
  readonly element: HTMLElement;
  readonly #body = el("tbody");
  readonly #host: HostMethods;
  readonly #dispatch: (event: ViewEvent) => void;
  #pages = new Map<string, FilePage | "asked">();
  #state: ReadyState | undefined;

  constructor(host: HostMethods, dispatch: (event: ViewEvent) => void) {
    this.#host = host;
    this.#dispatch = dispatch;
    this.element = el(
      "section",
      {},
      el("h2", {}, "Layers ", el("span", { class: "dim" }, "base first; in each, what startup leaves untouched comes first")),
      el(
        "table",
        { class: "layers" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col" }, "Layer, package, file"),
            el("th", { scope: "col", class: "number" }, "Files"),
            el("th", { scope: "col", class: "number" }, "Size"),
            el("th", { scope: "col", class: "number" }, "Touched"),
            el("th", { scope: "col", class: "number" }, "Share"),
          ),
        ),
        this.#body,
      ),
    );
  }

  update(state: ReadyState): void {
    const before = this.#state;
    this.#state = state;
    if (before?.panel !== state.panel) this.#pages = new Map();
    else if (before.measure === state.measure && before.openLayers === state.openLayers && before.openPackages === state.openPackages)
      return;
    this.#draw();
  }

  reveal(layerIndex: number): void {
    this.#button(`layer ${layerIndex}`)?.scrollIntoView({ block: "center" });
    this.#button(`layer ${layerIndex}`)?.focus();
  }

  #draw(): void {
    const state = this.#state;
    if (!state) return;
    const focused = this.element.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["key"] : undefined;
    fill(this.#body, ...state.panel.report.layers.flatMap((layer) => this.#layerRows(state, layer)));
    if (focused !== undefined) this.#button(focused)?.focus();
  }

  #button(key: string): HTMLElement | null {
    return this.#body.querySelector<HTMLElement>(`button[data-key="${CSS.escape(key)}"]`);
  }

  #layerRows(state: ReadyState, layer: ReportLayer): Node[] {
    const { measure, panel } = state;
    const isOpen = state.openLayers.has(layer.index);
    const key = `layer ${layer.index}`;
    const made = instructionText(layer.createdBy);
    const toggle = this.#toggle(key, isOpen, [`${layer.index + 1}  `, made === "" ? "no history kept" : made], () =>
      this.#dispatch({ kind: "layerToggled", layerIndex: layer.index }),
    );
    toggle.title = made;
    const whole = measure === "openedFiles" ? layer.files : layer.bytes;
    const row = el(
      "tr",
      { class: "level-1" },
      el("th", { scope: "row" }, toggle),
      el("td", { class: "number" }, formatCount(layer.files)),
      el("td", { class: "number" }, formatBytes(layer.bytes)),
      el("td", { class: "number" }, amountText(measure, layer[measure])),
      shareCell(layer[measure], whole),
    );
    if (!isOpen) return [row];
    const parts = partsOf(panel.report, layer, measure);
    if (parts.length === 0) return [row, note("level-2", "No file of the final image comes from this layer.")];
    const rows = parts.slice(0, mostPackages).flatMap((part) => this.#partRows(state, layer, part));
    if (parts.length > mostPackages) rows.push(note("level-2", `and ${formatCount(parts.length - mostPackages)} lighter packages`));
    return [row, ...rows];
  }

  #partRows(state: ReadyState, layer: ReportLayer, part: Part): Node[] {
    const { measure } = state;
    const isOpen = state.openPackages.has(part.key);
    const row = el(
      "tr",
      { class: "level-2" },
      el(
        "th",
        { scope: "row" },
        this.#toggle(part.key, isOpen, [part.label], () => this.#dispatch({ kind: "packageToggled", key: part.key })),
      ),
      el("td", { class: "number" }, formatCount(part.files)),
      el("td", { class: "number" }, formatBytes(part.bytes)),
      el("td", { class: "number" }, part.touched === undefined ? "–" : amountText(measure, part.touched)),
      shareCell(part.touched, measure === "openedFiles" ? part.files : part.bytes),
    );
    if (!isOpen) return [row];
    const page = this.#filesOf(layer, part);
    if (page === undefined) return [row, note("level-3", "Looking for the files…")];
    const rows = page.rows.map((file) => fileRow(file));
    if (page.total > page.rows.length) {
      const all = on(el("button", { class: "plain" }, `Show all ${formatCount(page.total)} files`), "click", () => {
        this.#dispatch({ kind: "filtered", filter: { ...everyFile, layerIndex: layer.index, package: part.package } });
        document.querySelector(".files")?.scrollIntoView({ block: "start" });
      });
      rows.push(el("tr", { class: "level-3" }, el("td", { colspan: 5 }, all)));
    }
    return [row, ...rows];
  }

  #filesOf(layer: ReportLayer, part: Part): FilePage | undefined {
    const known = this.#pages.get(part.key);
    if (known === undefined) {
      const pages = this.#pages;
      pages.set(part.key, "asked");
      void this.#host
        .files({ ...everyFile, layerIndex: layer.index, package: part.package, offset: 0, limit: mostFiles })
        .catch(() => ({ total: 0, totalBytes: 0, rows: [] }))
        .then((page) => {
          pages.set(part.key, page);
          if (pages === this.#pages) this.#draw();
        });
    }
    return known === "asked" ? undefined : known;
  }

  #toggle(key: string, isOpen: boolean, label: readonly string[], onClick: () => void): HTMLElement {
    const element = el("button", { class: "toggle", "data-key": key, "aria-expanded": String(isOpen) });
    element.append(el("span", { class: "arrow", "aria-hidden": "true" }, isOpen ? "▾" : "▸"), ...label);
    return on(element, "click", onClick);
  }
}

function partsOf(report: PanelReport, layer: ReportLayer, measure: ReportMeasure): Part[] {
  const owners = report.packages.filter((owner) => owner.layerIndex === layer.index);
  const parts = owners.map((owner): Part => ({
    key: `${layer.index} ${owner.manager} ${owner.name}`,
    label: `${owner.name} ${owner.version} (${owner.manager})`,
    package: `${owner.manager} ${owner.name}`,
    files: owner.files,
    bytes: owner.bytes,
    untouchedBytes: untouched(owner),
    touched: touchedOf(owner, measure),
  }));
  const sum = (pick: (owner: (typeof owners)[number]) => number): number => owners.reduce((total, owner) => total + pick(owner), 0);
  const files = layer.files - sum((owner) => owner.files);
  if (files > 0) {
    const bytes = Math.max(0, layer.bytes - sum((owner) => owner.bytes));
    const touched = measure === "chunkBytes" ? undefined : Math.max(0, layer[measure] - sum((owner) => owner[measure]));
    const pages = Math.max(0, layer.pageBytes - sum((owner) => owner.pageBytes));
    const label = owners.length > 0 ? "files of no package" : "files";
    parts.push({ key: `${layer.index} -`, label, package: "", files, bytes, untouchedBytes: bytes - pages, touched });
  }
  return parts.sort((a, b) => b.untouchedBytes - a.untouchedBytes);
}

function fileRow(file: FileRow): HTMLElement {
  return el(
    "tr",
    { class: "level-3" },
    el(
      "th",
      { scope: "row" },
      el("span", { class: "path" }, file.path),
      file.opened && el("span", { class: "dim reason" }, file.opened.evidence),
    ),
    el("td", { class: "number" }, ""),
    el("td", { class: "number" }, formatBytes(file.sizeBytes)),
    el("td", { class: "number" }, file.opened ? openedText(file.opened) : "○ not opened"),
    file.opened ? shareCell(Math.min(file.opened.pageBytes, file.sizeBytes), file.sizeBytes) : el("td", { class: "number dim" }, "–"),
  );
}

function note(level: string, text: string): HTMLElement {
  return el("tr", { class: level }, el("td", { colspan: 5, class: "dim" }, text));
}
