import { basename } from "node:path";
import * as vscode from "vscode";
import { isUserError, UserError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { LiveBench } from "../../protocol/liveBench.ts";
import type { BenchRun } from "../../bench/benchRun.ts";
import type { ReportEvents, ReportMethods, ReportState, TrialDetail } from "../../protocol/reportMessages.ts";
import type { ReportServer } from "../../protocol/serveReport.ts";
import type { ReportDocument } from "../../results/document.ts";
import type { BenchRuns } from "../bench/benchRuns.ts";
import { failureOf, logFailure } from "../failure.ts";
import { commandIds } from "../ids.ts";
import { pullableName } from "../bench/benchImages.ts";
import { servePage } from "../webviewPage.ts";
import { exportChart, exportReport, savePicture } from "./exportReport.ts";
import type { ReportEntry } from "./reportEntry.ts";
import { readReport } from "./reportFiles.ts";
import { compareWith, historyOf } from "./reportHistory.ts";

/** What reading a file came to. */
type Read =
  | { readonly kind: "read"; readonly document: ReportDocument; readonly state: ReportState }
  | { readonly kind: "unread"; readonly state: ReportState };

/** One file that is shown, in one editor or more. */
interface OpenReport {
  readonly uri: vscode.Uri;
  readonly servers: Set<ReportServer>;
  readonly watcher: vscode.Disposable;
  reading: Promise<Read> | undefined;
  pushTimer: NodeJS.Timeout | undefined;
}

export interface ReportEditorDependencies {
  readonly extensionUri: vscode.Uri;
  readonly runs: BenchRuns;
  /** The saved reports of the workspace. */
  readonly reports: () => Promise<readonly ReportEntry[]>;
  readonly channel: vscode.LogOutputChannel;
  readonly log: Log;
}

/** A copy is written in several steps; it is read when it has come to rest. */
const settleMs = 150;
/** The trial in progress is told at most this often, and at the latest after as long. */
const currentEveryMs = 100;

/** The read-only editors of `*.coldstart.json`. A file whose benchmark is running shows the run; every other shows what it holds. */
export class ReportEditors implements vscode.Disposable {
  readonly #dependencies: ReportEditorDependencies;
  readonly #open = new Map<string, OpenReport>();
  readonly #subscription: vscode.Disposable;
  /** A run without its secrets, by the run that it was made of. */
  readonly #shown = new WeakMap<BenchRun, BenchRun>();

  constructor(dependencies: ReportEditorDependencies) {
    this.#dependencies = dependencies;
    this.#subscription = dependencies.runs.onDidChange(({ uri, isCurrentOnly }) => {
      const report = this.#open.get(uri.toString());
      if (!report) return;
      if (!dependencies.runs.get(uri)) report.reading = undefined;
      if (isCurrentOnly) this.#pushCurrentSoon(report);
      else void this.#pushState(report);
    });
  }

  /** Fills an editor that VS Code made for the file. */
  async resolve(uri: vscode.Uri, panel: vscode.WebviewPanel): Promise<void> {
    const { extensionUri, channel } = this.#dependencies;
    const { serveReport } = await import("./reportEngine.ts");
    const report = this.#openReport(uri);
    const { server, listener } = servePage<ReportEvents>(panel.webview, {
      extensionUri,
      channel,
      page: "report",
      serve: (post, told) => serveReport(this.#methods(report), post, told),
    });
    report.servers.add(server);
    panel.onDidDispose(() => {
      listener.dispose();
      report.servers.delete(server);
      if (report.servers.size > 0) return;
      report.watcher.dispose();
      clearTimeout(report.pushTimer);
      this.#open.delete(uri.toString());
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const { watcher, pushTimer } of this.#open.values()) {
      watcher.dispose();
      clearTimeout(pushTimer);
    }
  }

  #openReport(uri: vscode.Uri): OpenReport {
    const known = this.#open.get(uri.toString());
    if (known) return known;
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(uri, ".."), globLiteral(basename(uri.path))),
    );
    const report: OpenReport = { uri, servers: new Set(), watcher, reading: undefined, pushTimer: undefined };
    let timer: NodeJS.Timeout | undefined;
    const changed = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        report.reading = undefined;
        // A running benchmark writes its file; what it shows is newer.
        if (!this.#dependencies.runs.get(uri)) void this.#pushState(report);
      }, settleMs);
    };
    watcher.onDidChange(changed);
    watcher.onDidCreate(changed);
    watcher.onDidDelete(changed);
    this.#open.set(uri.toString(), report);
    return report;
  }

  async #pushState(report: OpenReport): Promise<void> {
    const state = await this.#state(report);
    for (const server of report.servers) server.push("state", state);
  }

  #pushCurrentSoon(report: OpenReport): void {
    report.pushTimer ??= setTimeout(() => {
      report.pushTimer = undefined;
      void this.#pushCurrent(report);
    }, currentEveryMs);
  }

  async #pushCurrent(report: OpenReport): Promise<void> {
    const { currentTrialsOf } = await import("./reportEngine.ts");
    const running = this.#dependencies.runs.get(report.uri);
    if (!running) return;
    const current = currentTrialsOf(running.live);
    for (const server of report.servers) server.push("current", current);
  }

  async #state(report: OpenReport): Promise<ReportState> {
    const running = this.#dependencies.runs.get(report.uri);
    if (!running) return (await this.#read(report)).state;
    const { runningState } = await import("./reportEngine.ts");
    const name = basename(report.uri.path);
    return (
      runningState(await this.#withoutSecrets(running.live), running.isCancelling) ?? { kind: "loading", name, readBytes: 0, totalBytes: 0 }
    );
  }

  async #withoutSecrets(live: LiveBench): Promise<LiveBench> {
    if (!live.run) return live;
    const { redactedRun } = await import("./reportEngine.ts");
    const shown = this.#shown.get(live.run) ?? redactedRun(live.run);
    this.#shown.set(live.run, shown);
    return { ...live, run: shown };
  }

  #read(report: OpenReport): Promise<Read> {
    return (report.reading ??= this.#readFile(report.uri));
  }

  async #readFile(uri: vscode.Uri): Promise<Read> {
    const name = basename(uri.path);
    const { channel, log } = this.#dependencies;
    try {
      const document = await readReport(uri, { log });
      const { panelDocumentOf } = await import("./reportEngine.ts");
      return { kind: "read", document, state: { kind: "ready", name, document: panelDocumentOf(document) } };
    } catch (error) {
      logFailure(error, channel);
      if (!isUserError(error) || error.code !== "report-newer")
        return { kind: "unread", state: { kind: "failed", name, failure: failureOf(error) } };
      const { documentVersion } = await import("./reportEngine.ts");
      const foundVersion = Number(/\bversion (\d+),/.exec(error.message)?.[1] ?? documentVersion + 1);
      return { kind: "unread", state: { kind: "newer", name, foundVersion, knownVersion: documentVersion } };
    }
  }

  /** The run behind the page: of the file, or as far as it came. */
  async #runOf(report: OpenReport): Promise<BenchRun | undefined> {
    const running = this.#dependencies.runs.get(report.uri);
    if (running) return (await this.#withoutSecrets(running.live)).run;
    const read = await this.#read(report);
    return read.kind === "read" ? read.document.bench?.run : undefined;
  }

  #methods(report: OpenReport): ReportMethods {
    const { runs, channel, extensionUri, reports, log } = this.#dependencies;
    return {
      ready: () => this.#state(report),
      trials: async (trialIds): Promise<readonly TrialDetail[]> => {
        const run = await this.#runOf(report);
        const { trialDetailOf } = await import("./reportEngine.ts");
        return trialIds.flatMap((id) => {
          const trial = run?.trials.find((each) => each.id === id);
          return run && trial ? [trialDetailOf(trial, run)] : [];
        });
      },
      files: async (query) => {
        const [{ openedFilePage }, read] = await Promise.all([import("./reportEngine.ts"), this.#read(report)]);
        return openedFilePage((read.kind === "read" ? read.document.image : undefined) ?? { files: [], requestFiles: [] }, query);
      },
      cancelRun: async () => runs.cancel(report.uri),
      exportAs: async (format) => {
        const read = await this.#read(report);
        if (read.kind === "unread") throw new UserError("report-unreadable", "There is nothing to export.", "Read the report again.");
        await exportReport(read.document, format, { uri: report.uri, extensionUri, channel });
      },
      exportChart: async (choice) => {
        const read = await this.#read(report);
        if (read.kind === "unread") throw new UserError("report-unreadable", "There is nothing to export.", "Read the report again.");
        await exportChart(read.document, choice, { uri: report.uri, extensionUri, channel });
      },
      picture: async (choice) => {
        const [{ chartPicture }, read] = await Promise.all([import("./exportEngine.ts"), this.#read(report)]);
        return read.kind === "read" ? chartPicture(read.document, choice) : undefined;
      },
      savePicture: (pngBase64, chart) => savePicture(pngBase64, chart, { uri: report.uri, extensionUri, channel }),
      history: async () => historyOf(await reports(), report.uri),
      compare: async (ids) => {
        const read = await this.#read(report);
        return read.kind === "read" ? compareWith({ uri: report.uri, document: read.document }, ids, await reports(), log) : undefined;
      },
      openImageReport: async (reference) => {
        const name = pullableName(reference);
        if (name !== undefined) await vscode.commands.executeCommand(commandIds.inspectImage, name);
      },
      chooseReport: async () => {
        await vscode.commands.executeCommand(commandIds.openReport);
      },
      startBenchmark: async () => {
        await vscode.commands.executeCommand(commandIds.benchmark);
      },
      readAgain: async () => {
        report.reading = undefined;
        await this.#pushState(report);
      },
      showLog: async () => channel.show(),
    };
  }
}

/** A file's name within a glob: no character has a meaning. */
function globLiteral(name: string): string {
  return name.replace(/[[\]{}*?]/g, "[$&]");
}
