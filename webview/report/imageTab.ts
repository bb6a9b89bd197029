import { formatBytes, formatCount } from "../../src/base/format.ts";
import type { PanelImage, ReportMethods } from "../../src/protocol/reportMessages.ts";
import type { IcicleNode } from "../../src/results/imageIcicle.ts";
import { formatShare } from "../../src/results/measureText.ts";
import { Icicle } from "../charts/icicle.ts";
import { el, fill } from "../dom.ts";
import { button } from "../elements.ts";
import { everyFile } from "../state.ts";
import { FileList } from "../views/fileList.ts";
import { plainTable } from "../views/plainTable.ts";
import type { ReportViewEvent, ReportViewState } from "./reportState.ts";
import { ToggledTable } from "./toggledTable.ts";

/** What the document knows of the image; those of its files that nobody opens are in the image's own panel. */
export class ImageTab {
  readonly element: HTMLElement;
  readonly #host: ReportMethods;
  readonly #isAlone: boolean;
  readonly #answer = el("section", { class: "verdict" });
  readonly #icicle: Icicle;
  readonly #table: ToggledTable;
  readonly #files: FileList;
  #shown: PanelImage | undefined;

  /** `isAlone`: there is no panel of images to open. */
  constructor(host: ReportMethods, isAlone: boolean, dispatch: (event: ReportViewEvent) => void) {
    this.#host = host;
    this.#isAlone = isAlone;
    this.#table = new ToggledTable("imageParts", "Layers and packages as a table", dispatch);
    this.#files = new FileList(host, (files) => dispatch({ kind: "went", to: { files } }), "opened");
    this.#icicle = new Icicle(({ layerIndex }) => {
      if (layerIndex === undefined) return;
      dispatch({ kind: "went", to: { files: { ...everyFile, layerIndex } } });
      this.#files.element.scrollIntoView({ block: "start" });
      this.#files.focusRows();
    });
    this.element = el("div", {}, this.#answer, this.#icicle.element, this.#table.element, this.#files.element);
  }

  update(image: PanelImage, state: ReportViewState): void {
    const isNew = image !== this.#shown;
    if (isNew) {
      this.#shown = image;
      fill(this.#answer, ...answerNodes(image, this.#isAlone ? undefined : this.#host));
      this.#icicle.update(image.icicle);
    }
    this.#table.update(state, () => partsTable(image.icicle));
    this.#files.element.hidden = image.listedFiles === 0;
    if (image.listedFiles > 0) this.#files.update(state.files, isNew);
  }
}

function answerNodes({ reference, totalBytes, totalFiles, readBytes }: PanelImage, host: ReportMethods | undefined): Node[] {
  const { value, low, high } = readBytes;
  return [
    el(
      "p",
      { class: "big" },
      "Startup touches ≈ ",
      el("strong", {}, formatShare(value, totalBytes)),
      ` of ${formatBytes(totalBytes)} `,
      el("span", { class: "dim" }, `(4 KiB pages; ${formatShare(low, totalBytes)} to ${formatShare(high, totalBytes)} in 9 of 10 cases)`),
    ),
    el("p", {}, `${reference}: ${formatCount(totalFiles)} files, ${formatBytes(value)} of them read until ready.`),
    ...(host
      ? [
          el(
            "div",
            { class: "actions" },
            button("Show layers, packages and files", "primary", () => void host.openImageReport(reference).catch(() => undefined)),
          ),
        ]
      : []),
  ];
}

function partsTable(nodes: readonly IcicleNode[]): HTMLElement {
  return plainTable(
    ["Layer, and packages in it", "Bytes", "Touched", "Share touched"],
    nodes.flatMap((layer) => [partRow(layer, ""), ...layer.children.map((part) => partRow(part, "within"))]),
  );
}

function partRow({ label, bytes, touchedBytes }: IcicleNode, rowClass: string): HTMLElement {
  return el(
    "tr",
    { class: rowClass },
    el("th", { scope: "row" }, label),
    el("td", { class: "number" }, formatBytes(bytes)),
    el("td", { class: "number" }, formatBytes(touchedBytes)),
    el("td", { class: "number" }, formatShare(touchedBytes, bytes)),
  );
}
