import type { BenchEvent } from "../../src/bench/benchRun.ts";
import { trialOrder } from "../../src/bench/plan/trialOrder.ts";
import { currentTrialsOf, nextLiveBench, noBenchYet, runningState, type LiveBench } from "../../src/protocol/liveBench.ts";
import { trialDetailOf } from "../../src/protocol/panelBench.ts";
import type { ReportMethods } from "../../src/protocol/reportMessages.ts";
import type { ReportServer } from "../../src/protocol/serveReport.ts";
import { sampleBench } from "./sampleBench.ts";

const run = sampleBench();
/** As many trials have ended before the page opens. */
const endedBefore = 21;
/** Time passes so much faster than it did. */
const haste = 8;

function foldedUntil(trialCount: number): LiveBench {
  const events: BenchEvent[] = [
    { kind: "planned", runId: run.id, plan: run.plan, order: trialOrder(run.plan) },
    { kind: "environment", environment: run.environment },
    ...run.trials.slice(0, trialCount).map((trial): BenchEvent => ({ kind: "trial-ended", trial })),
  ];
  return events.reduce((live, event) => nextLiveBench(live, event, run.startedAtEpochMs), noBenchYet);
}

let live = foldedUntil(endedBefore);

/** A run in the middle: marks of the trial in progress come as they came, only faster. `running` stands still after a few. */
export const playBench = {
  host: {
    ready: async () => runningState(live, false) ?? { kind: "empty" },
    trials: async (ids) => run.trials.filter(({ id }) => ids.includes(id)).map((trial) => trialDetailOf(trial, run)),
  } satisfies Partial<ReportMethods>,
  play(server: ReportServer, goesOn: boolean): void {
    const trial = run.trials[endedBefore];
    if (!trial) return;
    const take = (event: BenchEvent): void => {
      live = nextLiveBench(live, event, Date.now());
      performance.mark("mark-observed");
      server.push("current", currentTrialsOf(live));
    };
    const beganAt = trial.observations[0]?.earliestEpochMs ?? 0;
    take({ kind: "phase", trialId: trial.id, phase: "starting", atEpochMs: Date.now() });
    for (const observation of trial.observations) {
      const afterMs = (observation.atEpochMs - beganAt) / haste;
      if (!goesOn) {
        if (observation.mark !== "ready" && observation.mark !== "first-answer") take({ kind: "observed", trialId: trial.id, observation });
        continue;
      }
      setTimeout(() => take({ kind: "observed", trialId: trial.id, observation }), afterMs);
    }
    if (goesOn)
      setTimeout(() => {
        live = nextLiveBench(live, { kind: "trial-ended", trial }, Date.now());
        const state = runningState(live, false);
        if (state) server.push("state", state);
      }, 6000);
  },
};
