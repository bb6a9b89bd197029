import { nowEpochMs } from "../base/clock.ts";
import type { Problem } from "../base/text.ts";
import type { BenchEnvironment, BenchEvent, BenchRun } from "../bench/benchRun.ts";
import type { Trial } from "../bench/trial.ts";

/** What of a run is known by now, so that nothing measured is lost when this program is ended by force. */
export class BenchRecord {
  readonly #startedAtEpochMs = nowEpochMs();
  readonly #trials: Trial[] = [];
  readonly #problems: Problem[] = [];
  #planned: Extract<BenchEvent, { kind: "planned" }> | undefined;
  #environment: BenchEnvironment | undefined;
  #ended: BenchRun | undefined;

  add(event: BenchEvent): void {
    if (event.kind === "planned") this.#planned = event;
    else if (event.kind === "environment") this.#environment = event.environment;
    else if (event.kind === "trial-ended") this.#trials.push(event.trial);
    else if (event.kind === "problem") this.#problems.push(event.problem);
    else if (event.kind === "ended") this.#ended = event.run;
  }

  /** The whole run once it has ended; before that, as if it were cancelled now; undefined before its first trial can begin. */
  get run(): BenchRun | undefined {
    if (this.#ended) return this.#ended;
    if (!this.#planned || !this.#environment) return undefined;
    return {
      id: this.#planned.runId,
      startedAtEpochMs: this.#startedAtEpochMs,
      endedAtEpochMs: nowEpochMs(),
      ending: { kind: "cancelled" },
      plan: this.#planned.plan,
      environment: this.#environment,
      trials: [...this.#trials],
      problems: [...this.#problems],
    };
  }
}
