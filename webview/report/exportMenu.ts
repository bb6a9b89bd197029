import type { PanelDocument, ReportMethods } from "../../src/protocol/reportMessages.ts";
import { benchPicture } from "../../src/results/benchPicture.ts";
import { exportForms, formsFor, type ExportFormat } from "../../src/results/exportForms.ts";
import { picturePng } from "../charts/picturePng.ts";
import { el, fill } from "../dom.ts";
import { menuButton } from "./menuButton.ts";

/** Every form that the report's parts have. A PNG is drawn here, since only a page has a canvas. */
export class ExportMenu {
  readonly element = el("div");
  readonly #host: ReportMethods;
  readonly #isAlone: boolean;
  #document: PanelDocument = {};
  #shownForms = "";

  constructor(host: ReportMethods, isAlone: boolean) {
    this.#host = host;
    this.#isAlone = isAlone;
  }

  update(document: PanelDocument): void {
    this.#document = document;
    const { bench, boot, image } = document;
    const parts = [...(bench ? (["bench"] as const) : []), ...(boot ? (["boots"] as const) : []), ...(image ? (["image"] as const) : [])];
    const forms = formsFor(parts).filter((format) => format !== "html" || !this.#isAlone);
    // The menu keeps the focus while it offers the same.
    if (forms.join() === this.#shownForms) return;
    this.#shownForms = forms.join();
    fill(
      this.element,
      menuButton(
        "Export",
        forms.map((format) => [format, exportForms[format].label] as const),
        (format) => void this.#export(format).catch(() => undefined),
      ),
    );
  }

  async #export(format: ExportFormat): Promise<void> {
    if (format !== "png") return this.#host.exportAs(format);
    const { bench } = this.#document;
    if (!bench) return;
    const isDark = document.body.matches(".vscode-dark, .vscode-high-contrast:not(.vscode-high-contrast-light)");
    await this.#host.savePicture(picturePng(benchPicture({ ...bench, name: bench.run.plan.name }), isDark));
  }
}
