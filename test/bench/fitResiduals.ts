import type { Calibration } from "../../src/startup/calibration.ts";
import { unseen, type IntervalBasis } from "../../src/startup/intervals.ts";
import type { Measure, StartupEstimate } from "../../src/startup/startupSet.ts";
import { perMeasure } from "./score.ts";

type Confidence = StartupEstimate["confidence"];

/** What was said of one image and what was true. */
export interface Outcome {
  readonly name: string;
  readonly confidence: Confidence;
  readonly basis: Readonly<Record<Measure, IntervalBasis>>;
  readonly truth: Readonly<Record<Measure, number>>;
}

/** With fewer images than this of one confidence, all of them say less than the margins that are there already. */
const enough = 4;
/** Few starts open less than is said: 2 % below and 8 % above are left out, 90 % lie between. */
const shareBelow = 0.98;
const shareAbove = 0.92;

/**
 * Margins of the intervals from the errors on some images: per confidence and measure the relative error that remains beyond what a lost walk
 * explains (`unseen`), and that so many images stay below. With few images it is taken with a reserve that shrinks with their number
 * ((n + 1) / n), and never less than half of what `start` has: an image that the rules learnt from tells little of the next one.
 */
export function fitResiduals(outcomes: readonly Outcome[], start: Calibration): Calibration {
  const margins = (confidence: Confidence): Calibration["residuals"][Confidence] => {
    const alike = outcomes.filter((each) => each.confidence === confidence);
    return perMeasure((measure) => {
      const before = start.residuals[confidence][measure];
      if (alike.length < enough) return before;
      const reserve = (alike.length + 1) / alike.length;
      const beyond = (of: (outcome: Outcome) => number, share: number): number =>
        reserve *
        quantile(
          alike.map((each) => Math.max(0, of(each)) / Math.max(1, each.basis[measure].value)),
          share,
        );
      const below = beyond(({ basis, truth }) => basis[measure].value - truth[measure], shareBelow);
      const above = beyond(({ basis, truth }) => {
        const absolute = Math.max(Math.hypot(unseen(measure, basis[measure], start), basis[measure].deferred), start.smallest[measure]);
        const missed = truth[measure] - basis[measure].value - basis[measure].unlisted;
        return missed <= absolute ? 0 : Math.sqrt(missed * missed - absolute * absolute);
      }, shareAbove);
      return { down: Math.min(1, Math.max(before.down / 2, below)), up: Math.max(before.up / 2, above) };
    });
  };
  return { ...start, residuals: { high: margins("high"), medium: margins("medium"), low: margins("low") } };
}

/** The smallest of the values that at least this share of them does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
