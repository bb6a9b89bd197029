import type { ArmSummary } from "../../src/bench/summary.ts";

/** What a lazy arm and the baseline take, from the request on. */
export interface GainTimes {
  readonly baseStartedMs: number;
  readonly baseReadyMs: number;
  readonly armStartedMs: number;
  readonly armReadyMs: number;
}

/** What is left of the gain at one moment. */
export interface Rung {
  readonly name: "container started" | "application ready" | "with a new node";
  readonly baseMs: number;
  readonly armMs: number;
  /** Above 1 the arm is faster. */
  readonly ratio: number;
}

/** Undefined where an arm has no time to readiness. */
export function gainTimes(base: ArmSummary | undefined, arm: ArmSummary | undefined): GainTimes | undefined {
  if (!base?.started || !base.ready || !arm?.started || !arm.ready) return undefined;
  return {
    baseStartedMs: base.started.medianMs,
    baseReadyMs: base.ready.medianMs,
    armStartedMs: arm.started.medianMs,
    armReadyMs: arm.ready.medianMs,
  };
}

/** How many times longer the application's own start takes in the arm; undefined where the baseline's takes none. */
export function measuredSlowdown({ baseStartedMs, baseReadyMs, armStartedMs, armReadyMs }: GainTimes): number | undefined {
  const baseMs = baseReadyMs - baseStartedMs;
  return baseMs > 0 ? (armReadyMs - armStartedMs) / baseMs : undefined;
}

/** From this slow-down on the arm is no faster to ready than the baseline. */
export function breakEvenSlowdown({ baseStartedMs, baseReadyMs, armStartedMs }: GainTimes): number | undefined {
  const baseMs = baseReadyMs - baseStartedMs;
  return baseMs > 0 ? (baseReadyMs - armStartedMs) / baseMs : undefined;
}

/** The speed-up at each moment of a start, with another slow-down of the application and a node that must be provisioned first. */
export function gainRungs(times: GainTimes, slowdown: number | undefined, provisioningMs: number): readonly Rung[] {
  const { baseStartedMs, baseReadyMs, armStartedMs } = times;
  const armReadyMs = slowdown === undefined ? times.armReadyMs : armStartedMs + (baseReadyMs - baseStartedMs) * slowdown;
  const rung = (name: Rung["name"], baseMs: number, armMs: number): Rung => ({ name, baseMs, armMs, ratio: baseMs / armMs });
  return [
    rung("container started", baseStartedMs, armStartedMs),
    rung("application ready", baseReadyMs, armReadyMs),
    rung("with a new node", baseReadyMs + provisioningMs, armReadyMs + provisioningMs),
  ];
}
