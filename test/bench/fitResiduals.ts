import type { Calibration } from "../../src/startup/calibration.ts";
import type { StartupEstimate } from "../../src/startup/startupSet.ts";
import { perMeasure, valuesOf } from "./score.ts";
import type { Truth } from "./truth.ts";

type Confidence = StartupEstimate["confidence"];

/** What was said of one image and what was true. */
export interface Outcome {
  readonly confidence: Confidence;
  readonly estimate: StartupEstimate;
  readonly truth: Truth;
}

/** With fewer images than this of one confidence, all of them say less than the margins that are there already. */
const enough = 4;

/**
 * Margins of the intervals from the errors on some images: per confidence and measure the relative error that 95 % of them stay below, upwards and
 * downwards. With few images the largest error is all there is to see, so it is taken with a reserve that shrinks with their number
 * ((n + 2) / n), and never less than half of what `start` has.
 */
export function fitResiduals(outcomes: readonly Outcome[], start: Calibration): Calibration {
  const margins = (confidence: Confidence): Calibration["residuals"][Confidence] => {
    const alike = outcomes.filter((each) => each.confidence === confidence);
    return perMeasure((measure) => {
      const before = start.residuals[confidence][measure];
      if (alike.length < enough) return before;
      const errors = alike.map(({ estimate, truth }) => valuesOf(truth)[measure] / Math.max(1, estimate.measures[measure].value) - 1);
      const reserve = (alike.length + 2) / alike.length;
      return {
        down: Math.min(
          1,
          Math.max(
            before.down / 2,
            reserve *
              quantile(
                errors.map((error) => Math.max(0, -error)),
                0.95,
              ),
          ),
        ),
        up: Math.max(
          before.up / 2,
          reserve *
            quantile(
              errors.map((error) => Math.max(0, error)),
              0.95,
            ),
        ),
      };
    });
  };
  return { ...start, residuals: { high: margins("high"), medium: margins("medium"), low: margins("low") } };
}

/** The smallest of the values that at least this share of them does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
