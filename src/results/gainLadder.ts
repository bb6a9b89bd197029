import type { ArmSummary } from "../bench/summary.ts";

/** What one arm takes: until its container has started, and from there until it is ready. */
export interface LadderTimes {
  readonly startMs: number;
  readonly applicationMs: number;
}

/** What is assumed of the parts of a start that a benchmark does not measure. */
export interface LadderSettings {
  /** How much longer the application starts while its files are still being loaded: 0.2 for 20 %. Absent: as measured. */
  readonly applicationSlowdown?: number;
  /** How long a node takes to arrive before any of it begins, the same for both arms. */
  readonly provisioningMs: number;
}

/**
 * `start`: until the container has started. `ready-unslowed`: ready, if the application started as fast as with the baseline. `ready`: as slow
 * as it really starts. `provisioned`: with waiting for a node.
 */
export type RungKind = "start" | "ready-unslowed" | "ready" | "provisioned";

export const rungWords: Readonly<Record<RungKind, string>> = {
  start: "container started",
  "ready-unslowed": "ready, if it were not slowed",
  ready: "application ready",
  provisioned: "with a new node",
};

/** As the field tells of GPU machines in clouds: 80 to 120 s. */
export const usualProvisioningMs = 90_000;

/** Ratios closer to 1 are not marked as a loss. */
export const clearlySlower = 0.95;

/** Both arms from the request to one point of the way, in ms. */
export interface Rung {
  readonly kind: RungKind;
  readonly baselineMs: number;
  readonly otherMs: number;
  /** How many times faster the other arm is at this rung; `Infinity` when it takes no time at all. */
  readonly ratio: number;
  /** Negative when the other arm is slower. */
  readonly savedMs: number;
}

/**
 * What is left of a speed-up from rung to rung: times that both arms share, and what lazy loading costs the application later, make a
 * large factor at the container's start a small one at the first answer. The rungs are in that order.
 */
export function gainLadder(baseline: LadderTimes, other: LadderTimes, settings: LadderSettings): readonly Rung[] {
  const { provisioningMs, applicationSlowdown = measuredSlowdown(baseline, other) } = settings;
  const slowedMs = baseline.applicationMs * (1 + applicationSlowdown);
  const baselineReadyMs = baseline.startMs + baseline.applicationMs;
  const readyMs = other.startMs + slowedMs;
  return [
    rung("start", baseline.startMs, other.startMs),
    rung("ready-unslowed", baselineReadyMs, other.startMs + baseline.applicationMs),
    rung("ready", baselineReadyMs, readyMs),
    rung("provisioned", provisioningMs + baselineReadyMs, provisioningMs + readyMs),
  ];
}

/** How much longer the application of the other arm took to start: 0.2 for 20 %, negative when it was faster; 0 when the baseline's took no time. */
export function measuredSlowdown(baseline: LadderTimes, other: LadderTimes): number {
  return baseline.applicationMs > 0 ? other.applicationMs / baseline.applicationMs - 1 : 0;
}

/** From the medians of an arm; undefined when it was never ready or its start was not seen. */
export function ladderTimesOf({ started, ready }: ArmSummary): LadderTimes | undefined {
  return started && ready ? { startMs: started.medianMs, applicationMs: ready.medianMs - started.medianMs } : undefined;
}

/** An arm with times for the ladder. */
export interface LadderArm {
  readonly arm: string;
  readonly times: LadderTimes;
}

/** Whom the ladder can be drawn for: the arm that others are compared with, and these. Undefined: it lacks a time. */
export function ladderArms(
  arms: readonly ArmSummary[],
  baseline: string | undefined,
): { readonly base: LadderArm; readonly others: readonly LadderArm[] } | undefined {
  const known = arms.flatMap((one) => {
    const times = ladderTimesOf(one);
    return times ? [{ arm: one.arm, times }] : [];
  });
  const base = known.find(({ arm }) => arm === baseline);
  const others = known.filter((one) => one !== base);
  return base && others.length > 0 ? { base, others } : undefined;
}

function rung(kind: RungKind, baselineMs: number, otherMs: number): Rung {
  return { kind, baselineMs, otherMs, ratio: baselineMs / otherMs, savedMs: baselineMs - otherMs };
}
