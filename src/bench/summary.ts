import type { Problem } from "../base/text.ts";
import type { Confidence } from "../stats/confidence.ts";
import type { PairedRatio } from "../stats/pairedRatio.ts";
import type { BenchRun, RunEnding } from "./benchRun.ts";
import type { ColdnessLevel } from "./plan.ts";
import type { StageName } from "./stages.ts";
import { stagesOfTrial, timeTo } from "./stages.ts";
import { armSummaryOf, type MeasuredTrial } from "./summaryArm.ts";
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

export interface ArmSummary {
  readonly arm: string;
  readonly snapshotter: string;
  readonly isLazy: boolean;
  readonly counts: TrialCounts;
  readonly failures: readonly { readonly reason: FailureReason | "timed-out"; readonly count: number }[];
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

export interface BytesSummary {
  readonly count: number;
  readonly medianBytes: number;
  readonly lowestBytes: number;
  readonly highestBytes: number;
  /** Who counted; more than one if the trials differ. */
  readonly sources: readonly string[];
}

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

export function summaryOf(run: BenchRun): BenchSummary {
  const typeOfNode = new Map(run.environment.nodes.map((node) => [node.name, nodeTypeOf(node)]));
  const measured: MeasuredTrial[] = run.trials.map((trial) => {
    const stages = stagesOfTrial(trial, run.environment.clockOffsets);
    const nodeType = trial.node === undefined ? undefined : (typeOfNode.get(trial.node) ?? "unknown node type");
    return {
      trial,
      stages,
      nodeType,
      isCounted: trial.outcome.kind === "ready" && trial.taints.length === 0,
      isClean: trial.outcome.kind !== "cancelled" && trial.taints.length === 0,
      startedMs: timeTo("started", stages),
      readyMs: timeTo("ready", stages),
      firstAnswerMs: timeTo("first-answer", stages),
    };
  });
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

/** What makes two nodes comparable, for people: `g5.xlarge, 1 × NVIDIA-A10G`. */
function nodeTypeOf({ instanceType, gpuProduct, gpuCount }: BenchRun["environment"]["nodes"][number]): string {
  const gpu = gpuCount > 0 ? `${gpuCount} × ${gpuProduct ?? "GPU"}` : undefined;
  return [instanceType ?? "unknown node type", ...(gpu ? [gpu] : [])].join(", ");
}

function distinct<T extends string>(values: readonly T[]): T[] {
  return [...new Set(values)].sort();
}
