import type { BenchEnvironment, BenchEvent, BenchRun, PlannedTrial, TrialPhase } from "../bench/benchRun.ts";
import type { Observation } from "../bench/observation.ts";
import { stagesOf } from "../bench/stages.ts";
import { panelBenchOf } from "./panelBench.ts";
import type { CurrentTrial, ReportState } from "./reportMessages.ts";

/**
 * A running benchmark as a page shows it: events folded one by one. Pure, so that a second page, one that was hidden and one that came
 * late all show the same.
 */
export interface LiveBench {
  readonly run: BenchRun | undefined;
  readonly plannedTrials: readonly PlannedTrial[];
  readonly current: readonly RawCurrent[];
}

/** A trial in progress with its raw observations. */
interface RawCurrent {
  readonly trialId: string;
  readonly phase: TrialPhase;
  readonly phaseSinceEpochMs: number;
  readonly observations: readonly Observation[];
}

export const noBenchYet: LiveBench = { run: undefined, plannedTrials: [], current: [] };

/** Folds one event in. `atEpochMs`: this machine's clock, from which a phase's length is told. */
export function nextLiveBench(live: LiveBench, event: BenchEvent, atEpochMs: number): LiveBench {
  const { run, current } = live;
  switch (event.kind) {
    case "planned":
      return { ...noBenchYet, plannedTrials: event.order, run: emptyRun(event.runId, event.plan, atEpochMs) };
    case "environment":
      return { ...live, run: run && { ...run, environment: event.environment } };
    case "phase": {
      const { trialId, phase, atEpochMs: phaseSinceEpochMs } = event;
      const known = current.find((one) => one.trialId === trialId);
      const next = { trialId, phase, phaseSinceEpochMs, observations: known?.observations ?? [] };
      return { ...live, current: known ? current.map((one) => (one === known ? next : one)) : [...current, next] };
    }
    case "observed":
      return {
        ...live,
        current: current.map((one) =>
          one.trialId === event.trialId ? { ...one, observations: [...one.observations, event.observation] } : one,
        ),
      };
    case "trial-ended":
      return {
        ...live,
        run: run && { ...run, endedAtEpochMs: atEpochMs, trials: [...run.trials, event.trial] },
        current: current.filter(({ trialId }) => trialId !== event.trial.id),
      };
    case "problem":
      return { ...live, run: run && { ...run, problems: [...run.problems, event.problem] } };
    case "ended":
      return { ...live, run: event.run, current: [] };
  }
}

/** What to push as `state`; undefined before the plan is known. */
export function runningState(live: LiveBench, isCancelling: boolean): ReportState | undefined {
  if (!live.run) return undefined;
  return {
    kind: "running",
    name: live.run.plan.name,
    bench: panelBenchOf(live.run),
    plannedTrials: live.plannedTrials.length,
    current: currentTrialsOf(live),
    isCancelling,
  };
}

/** What to push as `current` at each phase and mark. */
export function currentTrialsOf({ current, plannedTrials }: LiveBench): readonly CurrentTrial[] {
  return current.flatMap(({ trialId, phase, phaseSinceEpochMs, observations }) => {
    const planned = plannedTrials.find((one) => one.trialId === trialId);
    return planned ? [{ ...planned, phase, phaseSinceEpochMs, stages: stagesOf(observations) }] : [];
  });
}

function emptyRun(id: string, plan: BenchRun["plan"], startedAtEpochMs: number): BenchRun {
  return {
    id,
    startedAtEpochMs,
    endedAtEpochMs: startedAtEpochMs,
    ending: { kind: "complete" },
    plan,
    environment: unknownEnvironment,
    trials: [],
    problems: [],
  };
}

const unknownEnvironment: BenchEnvironment = {
  server: "",
  nodes: [],
  images: [],
  contentCheck: { equal: undefined, how: "" },
  clockOffsets: [],
  clientVersion: "",
};
