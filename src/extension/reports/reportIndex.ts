import { basename } from "node:path";
import * as vscode from "vscode";
import type { Log } from "../../base/log.ts";
import { mapWithLimit } from "../../base/concurrency.ts";
import type { BenchRun } from "../../bench/benchRun.ts";
import { newestFirst, type ReportEntry } from "./reportEntry.ts";
import { readReport } from "./reportFiles.ts";

const mostReports = 500;
/** Larger ones are listed by their file's name: reading all of them would make the list slow. */
const largestReadBytes = 20_000_000;

interface Known {
  readonly modifiedAtEpochMs: number;
  readonly entry: ReportEntry;
}

/** The saved reports of the workspace; each is read again only when it has changed. */
export class ReportIndex implements vscode.Disposable {
  readonly #known = new Map<string, Known>();
  readonly #log: Log;
  readonly #watcher: vscode.FileSystemWatcher;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #listed: Promise<readonly ReportEntry[]> | undefined;

  constructor(log: Log) {
    this.#log = log;
    this.#watcher = vscode.workspace.createFileSystemWatcher("**/*.coldstart.json");
    const changed = (): void => {
      this.#listed = undefined;
      this.#changed.fire();
    };
    this.#watcher.onDidChange(changed);
    this.#watcher.onDidCreate(changed);
    this.#watcher.onDidDelete(changed);
  }

  /** The newest first. */
  entries(): Promise<readonly ReportEntry[]> {
    if (this.#listed) return this.#listed;
    const listing = this.#list();
    this.#listed = listing;
    listing.catch(() => (this.#listed = undefined));
    return listing;
  }

  dispose(): void {
    this.#watcher.dispose();
    this.#changed.dispose();
  }

  async #list(): Promise<readonly ReportEntry[]> {
    const files = await vscode.workspace.findFiles("**/*.coldstart.json", "**/node_modules/**", mostReports);
    return newestFirst(await mapWithLimit(files, 4, (uri) => this.#entry(uri)));
  }

  async #entry(uri: vscode.Uri): Promise<ReportEntry> {
    const fileName = vscode.workspace.asRelativePath(uri);
    const bare: ReportEntry = { uri: uri.toString(), fileName, name: basename(uri.path).replace(/\.coldstart\.json$/, "") };
    try {
      const { mtime, size } = await vscode.workspace.fs.stat(uri);
      const known = this.#known.get(bare.uri);
      if (known?.modifiedAtEpochMs === mtime) return known.entry;
      const entry = size > largestReadBytes ? bare : await withContent(bare, uri, this.#log);
      this.#known.set(bare.uri, { modifiedAtEpochMs: mtime, entry });
      return entry;
    } catch (error) {
      // The report's own page tells what is wrong with it.
      this.#log.debug("A report is listed by its name only", { fileName, why: error instanceof Error ? error.message : String(error) });
      return bare;
    }
  }
}

async function withContent(bare: ReportEntry, uri: vscode.Uri, log: Log): Promise<ReportEntry> {
  const document = await readReport(uri, { log });
  const { measuredAtEpochMs, measuredProvisioning } = await import("./reportEngine.ts");
  const { bench, boots, image } = document;
  const provisioning = boots && measuredProvisioning(boots);
  return {
    ...bare,
    measuredAtEpochMs: measuredAtEpochMs(document),
    ...(boots && { boots: { unit: boots.unit, count: boots.boots.length, ...(provisioning && { provisioning }) } }),
    ...(image && { image: { reference: image.image.reference } }),
    ...(bench && { name: bench.run.plan.name, run: runOf(bench.run) }),
  };
}

function runOf({ plan, trials, ending }: BenchRun): NonNullable<ReportEntry["run"]> {
  return {
    context: plan.context,
    nodes: [...new Set(trials.flatMap(({ node }) => node ?? []))],
    armCount: plan.arms.length,
    trialCount: trials.length,
    isComplete: ending.kind === "complete",
  };
}
