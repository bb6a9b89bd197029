import type { HostMethods, PanelState } from "../../src/protocol/messages.ts";
import { Icicle } from "../charts/icicle.ts";
import { LayerChart } from "../charts/layerChart.ts";
import { imageIcicle } from "../../src/results/imageIcicle.ts";
import { el, fill } from "../dom.ts";
import type { ViewEvent, ViewState } from "../state.ts";
import { FileList } from "./fileList.ts";
import { findingList } from "./findingList.ts";
import { header, verdict } from "./headline.ts";
import { LayerTree } from "./layerTree.ts";
import { MeasureTable } from "./measureTable.ts";
import { packageTable } from "./packageTable.ts";
import { tracedSection } from "./tracedSection.ts";
import { weightsTable } from "./weightsTable.ts";
import { commands, uncertainties } from "./notes.ts";

export type ReadyState = ViewState & { readonly panel: Extract<PanelState, { kind: "ready" }> };

/** The whole answer for one image. Parts that hold the focus are updated in place, the others drawn again. */
export class ImageView {
  readonly imageName: string;
  readonly element: HTMLElement;
  readonly #header = el("header");
  readonly #verdict = el("section", { class: "verdict", "aria-live": "polite" });
  readonly #commands = el("section");
  readonly #notes = el("section", { id: "uncertain" });
  readonly #packages = el("section");
  readonly #weights = el("section");
  readonly #findings = el("section");
  readonly #traced = el("section");
  readonly #host: HostMethods;
  readonly #measures: MeasureTable;
  readonly #chart = new LayerChart();
  readonly #icicle: Icicle;
  readonly #layers: LayerTree;
  readonly #files: FileList;
  readonly #dispatch: (event: ViewEvent) => void;
  #shown: ReadyState | undefined;

  constructor(imageName: string, host: HostMethods, dispatch: (event: ViewEvent) => void) {
    this.imageName = imageName;
    this.#dispatch = dispatch;
    this.#host = host;
    this.#measures = new MeasureTable((measure) => {
      dispatch({ kind: "measured", measure });
      void host.setMeasure(measure).catch(() => undefined);
    });
    this.#layers = new LayerTree(host, dispatch);
    this.#icicle = new Icicle(({ layerIndex }) => {
      if (layerIndex === undefined) return;
      if (this.#shown?.openLayers.has(layerIndex) === false) dispatch({ kind: "layerToggled", layerIndex });
      this.#layers.reveal(layerIndex);
    });
    this.#files = new FileList(host, (filter) => dispatch({ kind: "filtered", filter }));
    this.element = el(
      "div",
      { class: "image" },
      this.#header,
      this.#verdict,
      this.#measures.element,
      this.#findings,
      this.#weights,
      this.#traced,
      this.#commands,
      this.#notes,
      this.#chart.element,
      this.#icicle.element,
      this.#layers.element,
      this.#packages,
      this.#files.element,
    );
  }

  update(state: ReadyState): void {
    const before = this.#shown;
    this.#shown = state;
    const isNewReport = before?.panel !== state.panel;
    const isNewMeasure = isNewReport || before.measure !== state.measure;
    if (isNewReport) {
      fill(this.#header, ...header(state.panel));
      fill(this.#findings, ...findingList(state.panel.report));
      fill(this.#weights, ...weightsTable(state.panel.report));
      fill(this.#traced, ...tracedSection(state.panel, this.#host));
      fill(this.#commands, ...commands(state.panel.report));
      fill(this.#notes, ...uncertainties(state.panel.report));
      this.#icicle.update(imageIcicle(state.panel.report));
    }
    if (isNewMeasure) {
      fill(this.#verdict, ...verdict(state.panel, state.measure));
      this.#measures.update(state.panel.report, state.measure);
      this.#chart.update(state.panel.report, state.measure);
      fill(this.#packages, ...packageTable(state.panel.report, state.measure, (filter) => this.#showFiles(filter)));
    }
    this.#layers.update(state);
    this.#files.update(state.filter, isNewReport);
    if (isNewReport && state.panel.selectedLayer !== undefined && state.panel.selectedLayer !== before?.panel.selectedLayer)
      this.#layers.reveal(state.panel.selectedLayer);
  }

  /** Draws again what depends on the theme's colours. */
  redraw(): void {
    if (this.#shown) this.#chart.update(this.#shown.panel.report, this.#shown.measure);
  }

  #showFiles(filter: ReadyState["filter"]): void {
    this.#dispatch({ kind: "filtered", filter });
    this.#files.element.scrollIntoView({ block: "start" });
    this.#files.focusRows();
  }
}
