import { nowEpochMs } from "../base/clock.ts";
import { formatBytes, formatDuration } from "../base/format.ts";
import type { BenchEnvironment, BenchEvent, TrialPhase } from "../bench/benchRun.ts";
import { failureWords, stageAfter, stageWords, taintWords } from "../bench/benchWords.ts";
import { stagesOfTrial, timeTo } from "../bench/stages.ts";
import type { Trial } from "../bench/trial.ts";
import { printable } from "./table.ts";

const phaseWords: Readonly<Record<TrialPhase, string>> = {
  cooling: "making the node cold",
  starting: "starting",
  proving: "looking how the image was loaded",
  removing: "removing the pod",
};

/** How often the line of the running trial is drawn anew. */
const drawIntervalMs = 250;

/** Tells on stderr how a run goes on: a line for each trial, and on a terminal one that shows the running trial's stage. */
export class BenchProgress {
  readonly #isTerminal = process.stderr.isTTY;
  readonly #arms = new Map<string, string>();
  #count = 0;
  #doneCount = 0;
  #clockOffsets: BenchEnvironment["clockOffsets"] = [];
  #timer: NodeJS.Timeout | undefined;
  #current: { readonly trialId: string; readonly sinceEpochMs: number; readonly doing: string } | undefined;

  show(event: BenchEvent): void {
    switch (event.kind) {
      case "planned":
        this.#count = event.order.length;
        for (const { trialId, arm } of event.order) this.#arms.set(trialId, arm);
        this.line(`Run ${event.runId}: ${this.#count} trials. What it creates carries the label coldstart.dev/run=${event.runId}.`);
        break;
      case "environment":
        this.#clockOffsets = event.environment.clockOffsets;
        this.line(`The images' content: ${printable(event.environment.contentCheck.how)}`);
        break;
      case "phase":
        this.#doing(event.trialId, phaseWords[event.phase], event.atEpochMs);
        break;
      case "observed":
        this.#doing(event.trialId, stageWords[stageAfter[event.observation.mark] ?? "first-answer"], undefined);
        break;
      case "trial-ended":
        this.#current = undefined;
        this.#doneCount++;
        this.line(trialLine(event.trial, this.#doneCount, this.#count, this.#clockOffsets));
        break;
      case "problem":
        this.line(`${event.problem.severity}: ${printable(event.problem.message)}`);
        break;
      case "ended":
        this.clear();
    }
  }

  line(text: string): void {
    this.#erase();
    process.stderr.write(`${text}\n`);
  }

  /** Nothing is drawn any more until the next event. */
  clear(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#current = undefined;
    this.#erase();
  }

  #doing(trialId: string, doing: string, sinceEpochMs: number | undefined): void {
    const known = this.#current?.trialId === trialId ? this.#current.sinceEpochMs : undefined;
    this.#current = { trialId, doing, sinceEpochMs: sinceEpochMs ?? known ?? nowEpochMs() };
    if (!this.#isTerminal) return;
    this.#timer ??= setInterval(() => this.#draw(), drawIntervalMs);
    this.#timer.unref();
  }

  #draw(): void {
    if (!this.#current) return;
    const { trialId, doing, sinceEpochMs } = this.#current;
    const arm = printable(this.#arms.get(trialId) ?? "");
    this.#erase();
    process.stderr.write(`${place(this.#doneCount + 1, this.#count)} ${arm}: ${doing}, ${formatDuration(nowEpochMs() - sinceEpochMs)}`);
  }

  #erase(): void {
    if (this.#isTerminal) process.stderr.write("\r\u001b[2K");
  }
}

/** `[ 3/20] stargz: ready after 12.4 s, 70.8 MB fetched, cold to L3`; why its times do not count, when they do not. */
export function trialLine(trial: Trial, at: number, count: number, clockOffsets: BenchEnvironment["clockOffsets"]): string {
  const { outcome, laziness, coldness } = trial;
  const head = `${place(at, count)} ${printable(trial.arm)}:`;
  switch (outcome.kind) {
    case "ready": {
      const readyMs = timeTo("ready", stagesOfTrial(trial, clockOffsets));
      const fetched = laziness?.fetched ? `, ${formatBytes(laziness.fetched.bytes)} fetched` : "";
      const apart = trial.taints.length > 0 ? `; not counted: ${trial.taints.map((taint) => taintWords[taint]).join(", ")}` : "";
      return `${head} ready${readyMs === undefined ? "" : ` after ${formatDuration(readyMs)}`}${fetched}, cold to ${coldness.reached}${apart}`;
    }
    case "failed":
      return `${head} ${failureWords[outcome.reason]}: ${printable(outcome.message)}`;
    case "timed-out":
      return `${head} ${failureWords["timed-out"]}: ${printable(outcome.message)}`;
    case "cancelled":
      return `${head} cancelled`;
  }
}

function place(at: number, count: number): string {
  return `[${String(at).padStart(String(count).length)}/${count}]`;
}
