import type { Problem } from "../base/text.ts";
import type { Confidence } from "../stats/confidence.ts";
import type { PairedRatio } from "../stats/pairedRatio.ts";
import type { BenchRun, RunEnding } from "./benchRun.ts";
import type { ColdnessLevel } from "./plan.ts";
import { measuredTrials, type MeasuredTrial } from "./measuredTrials.ts";
import type { StageName } from "./stages.ts";
import { armSummaryOf } from "./summaryArm.ts";
import { comparisonsOf } from "./summaryPairs.ts";
import type { FailureReason, Taint } from "./trial.ts";

/** What a run's trials tell, derived from them alone; the same trials always give the same summary. */
export interface BenchSummary {
  /** In the plan's order. */
  readonly arms: readonly ArmSummary[];
  /** The arm that the others are compared with; undefined with one arm only. */
  readonly baseline: string | undefined;
  /** Every other arm with the baseline, in the plan's order. */
  readonly comparisons: readonly Comparison[];
  /** Types of the nodes that the counted trials ran on; more than one makes arms hard to compare. */
  readonly nodeTypes: readonly string[];
  /** The least cold of the levels that the counted trials reached; undefined without any. */
  readonly coldness: ColdnessLevel | undefined;
  readonly ending: RunEnding["kind"];
  readonly problems: readonly Problem[];
}

/** One arm in numbers; what no trial told is undefined. */
export interface ArmSummary {
  readonly arm: string;
  readonly snapshotter: string;
  readonly isLazy: boolean;
  readonly counts: TrialCounts;
  readonly failures: readonly { readonly reason: FailureReason | "timed-out"; readonly count: number }[];
  /** Of each trial those of `toldTaints`. */
  readonly taints: readonly { readonly taint: Taint; readonly count: number }[];
  /** Request to container start, also of trials without a taint that were never ready; undefined when none came so far. */
  readonly started: TimeSummary | undefined;
  /** Request to readiness and to the first answer, of the counted trials. */
  readonly ready: TimeSummary | undefined;
  readonly firstAnswer: TimeSummary | undefined;
  /** Levels that the counted trials reached, the least cold first. */
  readonly coldness: readonly { readonly level: ColdnessLevel; readonly count: number }[];
  readonly nodeTypes: readonly string[];
  /** How many of the counted trials were shown to run from a lazily loaded root, how many not, and of how many nothing is known. */
  readonly laziness: { readonly lazy: number; readonly notLazy: number; readonly unknown: number };
  /** What was fetched when the container was ready. */
  readonly fetched: BytesSummary | undefined;
  /** In the order of a start; medians of the counted trials. They do not add up to the median of the whole. */
  readonly stages: readonly StageSummary[];
  /** Counted trials whose time to ready lies beyond Tukey's fences; they are in every number. */
  readonly outliers: readonly { readonly trialId: string; readonly readyMs: number }[];
  /** The real trial whose time to ready is nearest to the median. */
  readonly nearestTrialId: string | undefined;
}

/** What became of an arm's trials; each is in one of the lower five. */
export interface TrialCounts {
  readonly all: number;
  /** Ready and without a taint: those that every number is made of. */
  readonly counted: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly cancelled: number;
  /** Ready, but with a taint, so in no number. */
  readonly tainted: number;
}

/** Times of several trials from the request to one mark, in ms. */
export interface TimeSummary {
  readonly count: number;
  readonly medianMs: number;
  /** Undefined below three trials. */
  readonly interval: Confidence | undefined;
  readonly lowestMs: number;
  readonly highestMs: number;
  /** Undefined below twenty trials. */
  readonly p95Ms: number | undefined;
  /** How wrong the least exact of the single times may be. */
  readonly errorMs: number;
}

/** Bytes that several trials had fetched, of those in which somebody counted them. */
export interface BytesSummary {
  readonly count: number;
  readonly medianBytes: number;
  readonly lowestBytes: number;
  readonly highestBytes: number;
  /** Who counted; more than one if the trials differ. */
  readonly sources: readonly string[];
}

/** One stage over the counted trials, in ms. */
export interface StageSummary {
  readonly names: readonly StageName[];
  /** Set on a stage whose time is a part of another one's. */
  readonly within: StageName | undefined;
  /** How many of the counted trials had it. */
  readonly count: number;
  readonly medianMs: number;
  readonly interval: Confidence | undefined;
  /** Undefined below twenty trials. */
  readonly p95Ms: number | undefined;
  /** Median of the single stages' resolutions: a shorter stage is only known to be shorter. */
  readonly resolutionMs: number;
}

/** How many times faster an arm is than the baseline: ratios above 1 are faster. Undefined: no block has both times. */
export interface Comparison {
  readonly arm: string;
  readonly started: PairedRatio | undefined;
  readonly ready: PairedRatio | undefined;
  readonly firstAnswer: PairedRatio | undefined;
  /** For the time to ready. */
  readonly certainty: Certainty;
}

/**
 * `faster` and `slower`: the interval leaves 1 out. `equal`: it lies within ±10 % of 1. `open`: it does neither, and about so many more
 * blocks would tell; undefined: more than anyone would run. `none`: nothing to compare.
 */
export type Certainty =
  | { readonly kind: "equal" | "none" }
  | {
      readonly kind: "faster" | "slower";
      /** About so many more blocks would bring the interval to ±20 %; 0: it is there. */
      readonly moreBlocks: number | undefined;
    }
  | { readonly kind: "open"; readonly moreBlocks: number | undefined };

/** `measured`: the run's trials as `measuredTrials` gives them, for who needs them, too. */
export function summaryOf(run: BenchRun, measured: readonly MeasuredTrial[] = measuredTrials(run)): BenchSummary {
  const arms = run.plan.arms.map((arm) =>
    armSummaryOf(
      arm,
      measured.filter(({ trial }) => trial.arm === arm.name),
    ),
  );
  const counted = measured.filter(({ isCounted }) => isCounted);
  return {
    arms,
    ...comparisonsOf(run.plan.arms, measured),
    nodeTypes: distinct(counted.flatMap(({ nodeType }) => nodeType ?? [])),
    coldness: distinct(counted.map(({ trial }) => trial.coldness.reached))[0],
    ending: run.ending.kind,
    problems: run.problems,
  };
}

function distinct<T extends string>(values: readonly T[]): T[] {
  return [...new Set(values)].sort();
}
