import { formatBytes, formatCount } from "../../src/base/format.ts";
import type { PanelImage, ReportMethods } from "../../src/protocol/reportMessages.ts";
import type { IcicleNode } from "../../src/results/imageIcicle.ts";
import { formatShare } from "../../src/results/measureText.ts";
import { Icicle } from "../charts/icicle.ts";
import { el, fill } from "../dom.ts";
import { button } from "../elements.ts";
import { plainTable } from "../views/plainTable.ts";
import type { ReportViewEvent, ReportViewState } from "./reportState.ts";
import { ToggledTable } from "./toggledTable.ts";

/** What the document knows of the image; its files are in the image's own panel. */
export class ImageTab {
  readonly element: HTMLElement;
  readonly #host: ReportMethods | undefined;
  readonly #answer = el("section", { class: "verdict" });
  readonly #icicle = new Icicle();
  readonly #table: ToggledTable;
  #shown: PanelImage | undefined;

  /** `host` undefined: there is no panel of images to open. */
  constructor(host: ReportMethods | undefined, dispatch: (event: ReportViewEvent) => void) {
    this.#host = host;
    this.#table = new ToggledTable("imageParts", "Layers and packages as a table", dispatch);
    this.element = el("div", {}, this.#answer, this.#icicle.element, this.#table.element);
  }

  update(image: PanelImage, state: ReportViewState): void {
    if (image !== this.#shown) {
      this.#shown = image;
      fill(this.#answer, ...answerNodes(image, this.#host));
      this.#icicle.update(image.icicle);
    }
    this.#table.update(state, () => partsTable(image.icicle));
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
