import type { PanelBench, PanelDocument, ReportMethods } from "../../src/protocol/reportMessages.ts";
import { exportForms, formsFor } from "../../src/results/exportForms.ts";
import { ladderArms } from "../../src/results/gainLadder.ts";
import { chartForms, type ChartChoice, type ChartName } from "../../src/results/pictures/chartNames.ts";
import { picturePng } from "../charts/picturePng.ts";
import { el, fill } from "../dom.ts";
import { MenuButton } from "./menuButton.ts";
import { shownTrialId, type ReportViewState } from "./reportState.ts";

/**
 * Every form that the report's parts have, and each chart as a picture. A PNG is drawn here, since only a page has a canvas; where it cannot
 * be, that is said below the button.
 */
export class ExportMenu {
  readonly element = el("div");
  readonly #failure = el("p", { class: "export-failure", role: "alert" });
  readonly #host: ReportMethods;
  readonly #isAlone: boolean;
  #state: ReportViewState | undefined;
  #document: PanelDocument | undefined;
  #shownForms = "";

  constructor(host: ReportMethods, isAlone: boolean) {
    this.#host = host;
    this.#isAlone = isAlone;
  }

  /** `state`: what the page shows, for the charts of one trial, arm or boot. */
  update(document: PanelDocument, state: ReportViewState): void {
    this.#document = document;
    this.#state = state;
    const { bench, boot, image, charts } = document;
    const parts = [...(bench ? (["bench"] as const) : []), ...(boot ? (["boots"] as const) : []), ...(image ? (["image"] as const) : [])];
    const forms = formsFor(parts).filter((format) => format !== "html" || !this.#isAlone);
    // The menu keeps the focus while it offers the same.
    const offered = [...forms, ...charts].join();
    if (offered === this.#shownForms) return;
    this.#shownForms = offered;
    const menu = new MenuButton("Export");
    for (const format of forms) menu.add(exportForms[format].label, () => this.#export(() => this.#host.exportAs(format)));
    for (const name of charts) {
      const { label } = chartForms[name];
      menu.addRow(label, [
        ["SVG", () => this.#export(() => this.#host.exportChart(this.#choice(name)))],
        ["PNG", () => this.#export(() => this.#savePng(name))],
      ]);
    }
    fill(this.element, menu.element, this.#failure);
  }

  async #export(write: () => Promise<void>): Promise<void> {
    this.#failure.textContent = "";
    await write();
  }

  async #savePng(name: ChartName): Promise<void> {
    const picture = await this.#host.picture(this.#choice(name));
    const { label, needs } = chartForms[name];
    if (!picture) {
      fill(this.#failure, `The report holds nothing for “${label}”: it needs ${needs}.`);
      return;
    }
    const isDark = document.body.matches(".vscode-dark, .vscode-high-contrast:not(.vscode-high-contrast-light)");
    const png = picturePng(picture, isDark);
    if (png === undefined) fill(this.#failure, `“${label}” could not be drawn as PNG. Export it as SVG.`);
    else await this.#host.savePicture(png, name);
  }

  /** The chart as the page shows it. */
  #choice(name: ChartName): ChartChoice {
    const { bench, boot } = this.#document ?? {};
    const state = this.#state;
    if (!state) return { name };
    switch (name) {
      case "waterfall":
        return { name, ...(bench && { trialId: shownTrialId(state, bench) }) };
      case "gain":
        return { name, arm: gainArmOf(state, bench), slowdown: state.slowdown, provisioningMs: state.provisioningMs };
      case "boot":
        return { name, ...(boot && { boot: Math.min(state.boot, boot.boots.length - 1) }) };
      case "where":
      case "trials":
      case "stages":
      case "image":
        return { name };
    }
  }
}

/** The arm that the ladder shows, where the user picked one. */
function gainArmOf({ gainArm }: ReportViewState, bench: PanelBench | undefined): string | undefined {
  return bench && ladderArms(bench.summary.arms, bench.summary.baseline)?.others.find(({ arm }) => arm === gainArm)?.arm;
}
