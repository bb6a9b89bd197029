import { median } from "../../stats/quantiles.ts";
import type { BenchRun } from "../benchRun.ts";
import { measuredTrials, type MeasuredTrial } from "../measuredTrials.ts";
import type { Arm, BenchPlan } from "../plan.ts";

/** What an estimate of a run's time rests on. */
export interface StartBasis {
  /** From the request to readiness; the mean over the plan's arms. */
  readonly startMs: number;
  /** What each trial takes beside its start: making the node cold, looking at it, removing the pod. */
  readonly aroundMs: number;
  /** Earlier starts that were looked at, and the runs that they are of; 0: all is assumed. */
  readonly trialCount: number;
  readonly runCount: number;
  /** Arms whose image no earlier run has started; their starts are assumed. */
  readonly unknownArms: readonly string[];
}

/** A start of which nothing is known. */
export const assumedStartMs = 90_000;
/** 5 to 20 s on the test cluster. */
const assumedAroundMs = 20_000;

/**
 * How long starts took in earlier runs of the same images on the same cluster; of an arm's image with the same snapshotter where there are such.
 * Warm trials and those that failed tell nothing.
 */
export function startBasisOf(plan: Pick<BenchPlan, "context" | "arms">, runs: readonly BenchRun[]): StartBasis {
  const here = runs.filter((run) => run.plan.context === plan.context);
  const used = new Map<BenchRun, Set<MeasuredTrial>>();
  const measured = new Map(here.map((run) => [run, measuredTrials(run).filter(({ isCounted }) => isCounted)]));
  const startsOf = (arm: Arm, snapshotter: string | undefined): readonly number[] =>
    [...measured].flatMap(([run, trials]) =>
      trials.flatMap((trial) => {
        const ran = run.plan.arms.find(({ name }) => name === trial.trial.arm);
        if (ran?.image !== arm.image || trial.readyMs === undefined) return [];
        if (snapshotter !== undefined && ran.snapshotter !== snapshotter) return [];
        used.set(run, (used.get(run) ?? new Set()).add(trial));
        return [trial.readyMs];
      }),
    );
  const medians = plan.arms.map((arm) => {
    const same = startsOf(arm, arm.snapshotter);
    return median(same.length > 0 ? same : startsOf(arm, undefined));
  });
  const startMs = medians.reduce<number>((sum, ms) => sum + (ms ?? assumedStartMs), 0) / Math.max(1, medians.length);
  return {
    startMs,
    aroundMs: median([...used.keys()].flatMap(aroundMsOf)) ?? assumedAroundMs,
    trialCount: [...used.values()].reduce((sum, trials) => sum + trials.size, 0),
    runCount: used.size,
    unknownArms: plan.arms.filter((_, at) => medians[at] === undefined).map(({ name }) => name),
  };
}

/** Of a run whose pods ran one after another: the time that no start accounts for, for each trial. */
function aroundMsOf(run: BenchRun): readonly number[] {
  if (run.plan.podsAtOnce !== 1 || run.trials.length === 0) return [];
  const startsMs = measuredTrials(run).reduce((sum, { stages }) => sum + stages.totalMs, 0);
  return [Math.max(0, (run.endedAtEpochMs - run.startedAtEpochMs - startsMs) / run.trials.length)];
}
