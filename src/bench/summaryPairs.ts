import { isDecided, moreRunsToDecide, moreRunsToNarrow, pairedRatio, type Pair, type PairedRatio } from "../stats/pairedRatio.ts";
import type { MeasuredTrial } from "./measuredTrials.ts";
import type { Arm } from "./plan.ts";
import type { Certainty, Comparison } from "./summary.ts";

/** Ratios closer to 1 than this make no difference to anyone. */
const equalWithin = 1.1;
/** An interval that reaches further to either side says which arm is faster, but hardly by how much. */
export const narrowWithin = 0.2;

/** Every other arm with the first one that loads nothing lazily, or else with the first. Trials with a taint are in no pair. */
export function comparisonsOf(
  arms: readonly Arm[],
  trials: readonly MeasuredTrial[],
): { readonly baseline: string | undefined; readonly comparisons: readonly Comparison[] } {
  const baseline =
    arms.find(({ snapshotter, isLazy }) => snapshotter === "overlayfs" && !isLazy) ?? arms.find(({ isLazy }) => !isLazy) ?? arms[0];
  if (!baseline || arms.length < 2) return { baseline: undefined, comparisons: [] };
  const others = arms.filter((arm) => arm !== baseline);
  return {
    baseline: baseline.name,
    comparisons: others.map((arm) => {
      const pairs = (timeOf: (trial: MeasuredTrial) => number | undefined): readonly Pair[] =>
        pairsOf(trials, baseline.name, arm.name, timeOf);
      const readyPairs = pairs(({ isCounted, readyMs }) => (isCounted ? readyMs : undefined));
      const ready = pairedRatio(readyPairs);
      return {
        arm: arm.name,
        started: pairedRatio(pairs(({ isClean, startedMs }) => (isClean ? startedMs : undefined))),
        ready,
        firstAnswer: pairedRatio(pairs(({ isCounted, firstAnswerMs }) => (isCounted ? firstAnswerMs : undefined))),
        certainty: certaintyOf(ready, readyPairs),
      };
    }),
  };
}

function certaintyOf(ready: PairedRatio | undefined, pairs: readonly Pair[]): Certainty {
  if (!ready) return { kind: "none" };
  const { interval } = ready;
  if (interval && interval.low >= 1 / equalWithin && interval.high <= equalWithin) return { kind: "equal" };
  if (isDecided(ready)) return { kind: ready.ratio > 1 ? "faster" : "slower", moreBlocks: finite(moreRunsToNarrow(pairs, narrowWithin)) };
  return { kind: "open", moreBlocks: finite(moreRunsToDecide(pairs)) };
}

/** JSON has no infinity. */
function finite(count: number): number | undefined {
  return Number.isFinite(count) ? count : undefined;
}

function pairsOf(
  trials: readonly MeasuredTrial[],
  baseline: string,
  arm: string,
  timeOf: (trial: MeasuredTrial) => number | undefined,
): readonly Pair[] {
  const timeIn = (name: string): Map<number, number> => {
    const times = new Map<number, number>();
    for (const one of trials) {
      const time = timeOf(one);
      if (one.trial.arm === name && time !== undefined) times.set(one.trial.block, time);
    }
    return times;
  };
  const others = timeIn(arm);
  return [...timeIn(baseline)].flatMap(([block, time]) => {
    const other = others.get(block);
    return other === undefined ? [] : [{ baseline: time, other }];
  });
}
