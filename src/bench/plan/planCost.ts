import { formatDuration } from "../../base/format.ts";
import type { Problem } from "../../base/text.ts";
import type { BenchPlan } from "../plan.ts";
import type { StartBasis } from "./earlierStarts.ts";

/** What a run will take, before it starts. */
export interface PlanCost {
  readonly podCount: number;
  /** Nodes that the price is paid for. */
  readonly nodeCount: number;
  readonly durationMs: ExpectedAndWorst;
  readonly gpuMinutes: ExpectedAndWorst;
  /** In the plan's currency; absent without a price. */
  readonly cost?: ExpectedAndWorst;
  /** What is expected rests on this. */
  readonly basis: StartBasis;
}

/** `worst`: every trial runs into its timeout, or the run into one of its limits. */
export interface ExpectedAndWorst {
  readonly expected: number;
  readonly worst: number;
}

const worstAroundTrialMs = 60_000;

type Size = Pick<BenchPlan, "trialsPerArm" | "trialTimeoutMs" | "podsAtOnce"> & { readonly arms: readonly unknown[] };

/** How long the run takes when every trial runs into its timeout. */
export function worstRunMs(plan: Size): number {
  return rounds(plan) * (plan.trialTimeoutMs + worstAroundTrialMs);
}

export function planCost(plan: BenchPlan, nodeCount: number, basis: StartBasis): PlanCost {
  const podCount = plan.arms.length * plan.trialsPerArm;
  const expectedStartMs = Math.min(basis.startMs, plan.trialTimeoutMs);
  const { maxDurationMs, maxCost = Infinity } = plan.limits;
  const costOf = (durationMs: number): number => ((plan.pricePerNodeHour ?? 0) * nodeCount * durationMs) / 3_600_000;
  const affordableMs = plan.pricePerNodeHour === undefined ? Infinity : maxCost / costOf(1);
  const longestMs = Math.min(maxDurationMs, affordableMs);
  const durationMs = {
    expected: Math.min(neededMs(plan, basis), longestMs),
    worst: Math.min(worstRunMs(plan), longestMs),
  };
  const gpuMinutes = (startsMs: number): number => (plan.workload.gpuCount * Math.min(startsMs, longestMs * plan.podsAtOnce)) / 60_000;
  return {
    podCount,
    nodeCount,
    basis,
    durationMs,
    gpuMinutes: { expected: gpuMinutes(podCount * expectedStartMs), worst: gpuMinutes(podCount * plan.trialTimeoutMs) },
    ...(plan.pricePerNodeHour !== undefined && {
      cost: { expected: costOf(durationMs.expected), worst: costOf(durationMs.worst) },
    }),
  };
}

/** Whether the limits will probably cut the run short. */
export function limitProblems(plan: BenchPlan, cost: PlanCost): readonly Problem[] {
  const wholeMs = neededMs(plan, cost.basis);
  if (cost.durationMs.expected >= wholeMs) return [];
  const done = Math.floor((cost.podCount * cost.durationMs.expected) / wholeMs);
  const message = `All trials would take about ${formatDuration(wholeMs)}, but the limits end the run after ${formatDuration(cost.durationMs.expected)}: about ${done} of ${cost.podCount} trials will be done.`;
  return [{ severity: "warning", message }];
}

/** `2.50 USD`; small amounts keep two significant digits. */
export function formatMoney(amount: number, currency: string): string {
  const digits = amount > 0 && amount < 0.1 ? Math.min(6, 1 - Math.floor(Math.log10(amount))) : 2;
  return `${amount.toFixed(digits)} ${currency}`;
}

/** With all trials, as they are expected to be. */
function neededMs(plan: BenchPlan, { startMs, aroundMs }: StartBasis): number {
  return rounds(plan) * (Math.min(startMs, plan.trialTimeoutMs) + aroundMs);
}

/** Trials that run one after another. */
function rounds(plan: Size): number {
  return Math.ceil(plan.arms.length / plan.podsAtOnce) * plan.trialsPerArm;
}
