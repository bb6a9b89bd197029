import { basename } from "node:path";
import * as vscode from "vscode";
import { UserError } from "../base/errors.ts";
import type { Inspection } from "../inspect/inspection.ts";
import type { HostMethods, PanelReport, PanelState } from "../protocol/messages.ts";
import { servePanel, type PanelServer } from "../protocol/servePanel.ts";
import { failureOf, logFailure, showFailure } from "./failure.ts";
import type { TracedSet } from "../traces/tracedSet.ts";
import { panelViewType } from "./ids.ts";
import type { ImageState, Inspections } from "./inspections.ts";
import { outputLog } from "./outputLog.ts";
import { savePrefetchList } from "./prefetchLists.ts";
import { currentMeasure } from "./settings.ts";
import { visibleText } from "./visibleText.ts";
import { servePage } from "./webviewPage.ts";

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly server: PanelServer;
  selectedLayer: number | undefined;
  /** How many states were asked for. */
  pushes: number;
}

interface NamedTrace {
  readonly name: string;
  readonly traced: TracedSet;
}

export interface PanelDependencies {
  readonly extensionUri: vscode.Uri;
  readonly inspections: Inspections;
  readonly channel: vscode.LogOutputChannel;
}

/** The panels of this window, one for each image name. */
export class ImagePanels implements vscode.Disposable {
  readonly #dependencies: PanelDependencies;
  readonly #open = new Map<string, OpenPanel>();
  /** Recorded starts that estimates are held against, by image name. */
  readonly #traces = new Map<string, NamedTrace>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(dependencies: PanelDependencies) {
    this.#dependencies = dependencies;
    this.#subscriptions = [
      dependencies.inspections.onDidChange((imageName) => void this.#push(imageName)),
      dependencies.inspections.onDidAnswer((imageName) => void this.#push(imageName)),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("coldstart.measure")) for (const imageName of this.#open.keys()) void this.#push(imageName);
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const imageName of this.#open.keys()) this.#inspect(imageName);
      }),
    ];
  }

  /** Shows the panel of an image beside the text, or brings it to the front. */
  show(imageName: string, selectedLayer?: number): void {
    const open = this.#open.get(imageName);
    if (open) {
      open.selectedLayer = selectedLayer;
      open.panel.reveal(undefined, true);
      void this.#push(imageName);
      return;
    }
    const panel = vscode.window.createWebviewPanel(panelViewType, titleOf(imageName), {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
    });
    this.attach(panel, imageName, selectedLayer);
  }

  /** Fills a panel: a new one, or one that VS Code kept from the last session. */
  attach(panel: vscode.WebviewPanel, imageName: string, selectedLayer?: number): void {
    const { extensionUri, channel, inspections } = this.#dependencies;
    panel.title = titleOf(imageName);
    const { server, listener } = servePage(panel.webview, {
      extensionUri,
      channel,
      page: "panel",
      serve: (post, report) => servePanel(this.#methods(imageName), post, report),
    });
    const open: OpenPanel = { panel, server, selectedLayer, pushes: 0 };
    this.#open.set(imageName, open);
    panel.onDidDispose(() => {
      listener.dispose();
      if (this.#open.get(imageName) !== open) return;
      this.#open.delete(imageName);
      this.#traces.delete(imageName);
    });
    if (!inspections.get(imageName)) this.#inspect(imageName);
  }

  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #inspect(imageName: string): void {
    this.#dependencies.inspections.inspect(imageName).catch((error: unknown) => logFailure(error, this.#dependencies.channel));
  }

  #methods(imageName: string): HostMethods {
    const { inspections, channel } = this.#dependencies;
    return {
      ready: () => this.#state(imageName),
      files: async (query) => {
        const inspection = this.#answered(imageName);
        const { filePage } = await import("./engine.ts");
        return filePage(inspection, query);
      },
      setMeasure: async (measure) => {
        if (measure !== currentMeasure())
          await vscode.workspace.getConfiguration("coldstart").update("measure", measure, vscode.ConfigurationTarget.Global);
      },
      inspectAgain: async () => {
        await inspections.inspect(imageName);
      },
      cancel: async () => inspections.cancel(imageName),
      showLog: async () => channel.show(),
      chooseImage: async () => {
        await vscode.commands.executeCommand("coldstart.inspectImage");
      },
      compareTrace: () => this.#compareTrace(imageName),
      forgetTrace: async () => {
        this.#traces.delete(imageName);
        await this.#push(imageName);
      },
      savePrefetchList: async () => {
        try {
          await savePrefetchList(imageName, this.#answered(imageName), this.#traces.get(imageName)?.traced);
        } catch (error) {
          await showFailure(error, channel);
        }
      },
    };
  }

  #answered(imageName: string): Inspection {
    const state = this.#dependencies.inspections.get(imageName);
    if (state?.kind === "known") return state.answered;
    throw new UserError("image-not-found", `${imageName} is not in memory any more.`, "Inspect the image again.");
  }

  async #compareTrace(imageName: string): Promise<void> {
    const { channel } = this.#dependencies;
    const [chosen] =
      (await vscode.window.showOpenDialog({ title: `Recorded start of ${visibleText(imageName, 80)}`, openLabel: "Compare" })) ?? [];
    if (!chosen) return;
    try {
      const { readTrace } = await import("./engine.ts");
      const traced = await readTrace(chosen.fsPath, { log: outputLog(channel) });
      this.#traces.set(imageName, { name: basename(chosen.fsPath), traced });
      await this.#push(imageName);
    } catch (error) {
      await showFailure(error, channel);
    }
  }

  async #push(imageName: string): Promise<void> {
    const open = this.#open.get(imageName);
    if (!open) return;
    const push = ++open.pushes;
    const state = await this.#state(imageName);
    // A report takes longer to make than a progress: only the newest state is sent.
    if (push === open.pushes && this.#open.get(imageName) === open) open.server.push("state", state);
  }

  async #state(imageName: string): Promise<PanelState> {
    const state = this.#dependencies.inspections.get(imageName);
    switch (state?.kind) {
      case undefined:
        return { kind: "empty" };
      case "reading":
        return { kind: "loading", imageName, progress: state.progress };
      case "failed":
        return { kind: "failed", imageName, failure: failureOf(state.error) };
      case "known": {
        const trace = this.#traces.get(imageName);
        return {
          kind: "ready",
          imageName,
          report: await panelReport(state, trace?.traced),
          traceName: trace?.name,
          inspectedAtEpochMs: state.inspection.inspectedAtEpochMs,
          measure: currentMeasure(),
          edited: state.edited,
          selectedLayer: this.#open.get(imageName)?.selectedLayer,
        };
      }
    }
  }
}

/** The panel asks for files page by page; a hundred thousand of them would make each push slow. */
async function panelReport(state: Extract<ImageState, { kind: "known" }>, traced: TracedSet | undefined): Promise<PanelReport> {
  const { reportOf, tracedReport } = await import("./engine.ts");
  const report: PanelReport & { files?: unknown; requestFiles?: unknown } = {
    ...reportOf(state.answered, Date.now()),
    ...(traced && { traced: tracedReport(state.answered, traced) }),
  };
  delete report.files;
  delete report.requestFiles;
  return report;
}

function titleOf(imageName: string): string {
  return `Coldstart: ${visibleText(imageName, 60)}`;
}
