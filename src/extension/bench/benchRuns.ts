import * as vscode from "vscode";
import type { BenchRun } from "../../bench/benchRun.ts";
import type { BenchPlan } from "../../bench/plan.ts";
import type { RunOptions } from "../../bench/run/runBench.ts";
import { isUserError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { noBenchYet, nextLiveBench, type LiveBench } from "../../protocol/liveBench.ts";

/** A benchmark that is running in this window, with the file that it is saved to. */
export interface LiveRun {
  readonly uri: vscode.Uri;
  /** With the plan as it is: its secrets must not be shown. */
  readonly live: LiveBench;
  readonly isCancelling: boolean;
}

export interface RunRequest {
  readonly uri: vscode.Uri;
  readonly plan: BenchPlan;
  readonly cluster: Cluster;
  readonly options: RunOptions;
  /** Writes what there is by now to the file. */
  readonly save: (run: BenchRun) => Promise<void>;
  /** The nodes are prepared and the file is there. */
  readonly onBegan: () => void;
}

interface Running {
  live: LiveBench;
  isCancelling: boolean;
  readonly uri: vscode.Uri;
  readonly cancel: AbortController;
  readonly ended: Promise<BenchRun>;
}

/** Between two trials the file is written anew at most this often: each time it is written as a whole. */
const saveEveryMs = 5000;

/** The benchmarks of this window, by the file that each is saved to. */
export class BenchRuns implements vscode.Disposable {
  readonly #running = new Map<string, Running>();
  readonly #changed = new vscode.EventEmitter<{ readonly uri: vscode.Uri; readonly isCurrentOnly: boolean }>();
  /** `isCurrentOnly`: nothing but the trial in progress is different. */
  readonly onDidChange = this.#changed.event;
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  get(uri: vscode.Uri): LiveRun | undefined {
    return this.#running.get(uri.toString());
  }

  get isAnyRunning(): boolean {
    return this.#running.size > 0;
  }

  /**
   * Runs to the end, saving after trials: a window that is closed in the middle leaves what was measured. Cancelling ends it with what there
   * is; rejects only when the run could not begin, or its file could not be written.
   */
  start(request: RunRequest): Promise<BenchRun> {
    const cancel = new AbortController();
    const key = request.uri.toString();
    const ended = this.#run(request, cancel.signal).finally(() => {
      this.#running.delete(key);
      this.#changed.fire({ uri: request.uri, isCurrentOnly: false });
    });
    this.#running.set(key, { live: noBenchYet, isCancelling: false, uri: request.uri, cancel, ended });
    return ended;
  }

  cancel(uri: vscode.Uri): void {
    const running = this.#running.get(uri.toString());
    if (!running || running.isCancelling) return;
    running.isCancelling = true;
    running.cancel.abort(new DOMException("The benchmark was cancelled", "AbortError"));
    this.#changed.fire({ uri, isCurrentOnly: false });
  }

  /** Cancels all and waits until their pods are removed: for a window that closes. */
  async stopAll(): Promise<void> {
    const all = [...this.#running.values()];
    for (const { uri } of all) this.cancel(uri);
    await Promise.allSettled(all.map(({ ended }) => ended));
  }

  dispose(): void {
    for (const { cancel } of this.#running.values()) cancel.abort();
    this.#changed.dispose();
  }

  async #run(request: RunRequest, signal: AbortSignal): Promise<BenchRun> {
    const { uri, plan, cluster, save } = request;
    const { redactedRun, runBench } = await import("./benchEngine.ts");
    let savedAtMs: number | undefined;
    const saveUnfinished = async (run: BenchRun, ending: string): Promise<void> => {
      await save({ ...run, ending: { kind: "failed", message: ending } });
      if (savedAtMs === undefined) request.onBegan();
      savedAtMs = performance.now();
    };
    try {
      for await (const event of runBench(plan, cluster, request.options, { signal, log: this.#log })) {
        const running = this.#running.get(uri.toString());
        if (!running) break;
        running.live = nextLiveBench(running.live, event, Date.now());
        if (event.kind === "ended") {
          // What earlier runs left and was removed, what the images hold: the report has it, too.
          for (const { message } of redactedRun(event.run).problems) this.#log.info("The run notes", { message });
          await save(event.run);
          return event.run;
        }
        const { run } = running.live;
        const isDue = event.kind === "trial-ended" && performance.now() - (savedAtMs ?? 0) > saveEveryMs;
        if (run && (event.kind === "environment" || isDue))
          await saveUnfinished(run, "The benchmark was still running when this was saved.");
        this.#changed.fire({ uri, isCurrentOnly: event.kind === "phase" || event.kind === "observed" });
      }
    } catch (error) {
      // What began and then failed is a result, too.
      const run = this.#running.get(uri.toString())?.live.run;
      if (run && savedAtMs !== undefined)
        await saveUnfinished(run, isUserError(error) ? error.message : "Coldstart failed; its log tells more.");
      throw error;
    }
    throw new Error("a benchmark ended without its last event");
  }
}
