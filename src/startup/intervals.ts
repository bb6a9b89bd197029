import type { Interval } from "../base/interval.ts";
import type { Calibration } from "./calibration.ts";
import { lostAmongPackages, type Reach } from "./reach.ts";
import type { Flag, Measure, StartupEstimate } from "./startupSet.ts";

/** What an estimate sees of its own certainty, for one measure; in files or bytes. */
export interface IntervalBasis {
  /** The sum over the listed files. */
  readonly value: number;
  /** Of that sum, from the files' probabilities. */
  readonly variance: number;
  /** What the unlisted files would add on average. */
  readonly unlisted: number;
  /** Of weights that are mapped, what is read at the first request at the latest; a program that warms up reads it before. */
  readonly deferred: number;
  /** Of the whole image. */
  readonly total: number;
  readonly confidence: StartupEstimate["confidence"];
  readonly reach: Reach;
}

/** Flags that say that a good part of what happens was not seen at all. */
const severe = new Set([
  "unsupported-runtime",
  "unknown-entrypoint",
  "unknown-command",
  "script-not-read",
  "table-of-contents-only",
  "too-many-commands",
  "unknown-python",
  "missing-script",
  "standard-input",
]);

export function confidenceOf(flags: readonly Pick<Flag, "code">[]): StartupEstimate["confidence"] {
  if (flags.some(({ code }) => severe.has(code))) return "low";
  // Every other flag says that something further may be opened.
  return flags.length > 0 ? "medium" : "high";
}

/** 90 % of a normal distribution lie within this many standard deviations. */
const ninetyPercent = 1.645;

/**
 * The interval that holds the true value in nine of ten starts. Its parts are independent, so their squares add: probabilities near one half,
 * errors in proportion to the value, and upwards what a walk that lost its way leaves out, which has nothing to do with what it found.
 */
export function intervalOf(measure: Measure, basis: IntervalBasis, calibration: Calibration): Interval {
  const { value, variance, unlisted, deferred, total, confidence } = basis;
  const deviation = ninetyPercent * Math.sqrt(variance);
  const { down, up } = calibration.residuals[confidence][measure];
  const relative = Math.max(value * up, calibration.smallest[measure]);
  const low = value - Math.hypot(deviation, value * down);
  const high = value + unlisted + Math.hypot(deviation, relative, deferred, unseen(measure, basis, calibration));
  return { value, low: Math.min(value, Math.max(0, Math.ceil(low))), high: Math.max(value, Math.min(total, Math.ceil(high))) };
}

/** What may be opened beyond all that the walk came near to. */
export function unseen(measure: Measure, { total, confidence, reach }: IntervalBasis, calibration: Calibration): number {
  const untouched = measure === "openedFiles" ? reach.unreachedFiles : reach.unreachedBytes;
  return total * calibration.unseen[confidence][measure] + untouched * lostAmongPackages(reach) * calibration.unreached[measure];
}
