import type { Confidence } from "./confidence.ts";
import { medianInterval } from "./medianInterval.ts";
import { median } from "./quantiles.ts";
import { standardDeviation } from "./studentInterval.ts";

/** What both arms took in one block, in any unit. */
export interface Pair {
  readonly baseline: number;
  readonly other: number;
}

/** How many times faster the other arm is: above 1 it took less. */
export interface PairedRatio {
  /** Median of baseline ÷ other within blocks. */
  readonly ratio: number;
  readonly interval: Confidence | undefined;
  /** How many blocks had both. */
  readonly blocks: number;
}

/**
 * Ratio of two arms whose trials ran block by block: what a slow hour or a busy disk does to a whole block cancels within it. The
 * interval is that of the median of the log-ratios (`medianInterval`). Blocks in which one is not above zero are left out; undefined
 * without any block.
 */
export function pairedRatio(pairs: readonly Pair[]): PairedRatio | undefined {
  const logs = logRatios(pairs);
  const middle = median(logs);
  if (middle === undefined) return undefined;
  const interval = medianInterval(logs);
  return {
    ratio: Math.exp(middle),
    interval: interval && { low: Math.exp(interval.low), high: Math.exp(interval.high), level: interval.level },
    blocks: logs.length,
  };
}

/** Whether the interval tells which arm is the faster one. */
export function isDecided({ interval }: PairedRatio): boolean {
  return interval !== undefined && (interval.low > 1 || interval.high < 1);
}

/** More are never asked for: so small a difference is better called a tie. */
const mostMoreRuns = 100;
/** The interval says anything from here on; see `medianInterval`. */
const fewestBlocks = 5;

/**
 * About how many more blocks until the interval leaves 1 out, in two of three cases or more if the true ratio is what was found. From the
 * spread of the log-ratios and the normal approximation of a median's error. 0 when it does already; `Infinity` beyond `mostMoreRuns`.
 */
export function moreRunsToDecide(pairs: readonly Pair[]): number {
  const found = pairedRatio(pairs);
  if (found && isDecided(found)) return 0;
  const logs = logRatios(pairs);
  return moreRuns(logs, Math.abs(median(logs) ?? 0), errorOfBound + errorOfPower);
}

/** About how many more blocks until the interval reaches at most `fraction` to either side: 0.1 for ± 10 %. 0 when it does already. */
export function moreRunsToNarrow(pairs: readonly Pair[], fraction: number): number {
  const found = pairedRatio(pairs);
  const wanted = Math.log(1 + fraction);
  if (found?.interval && Math.log(found.interval.high / found.interval.low) / 2 <= wanted) return 0;
  return moreRuns(logRatios(pairs), wanted, errorOfBound);
}

/** Standard errors between the middle and the end of a 95 % interval, and those that make it so in 80 % of cases. */
const errorOfBound = 1.96;
const errorOfPower = 0.84;
/** The standard error of a median of normal values is larger than that of their mean by this. */
const errorOfMedian = Math.sqrt(Math.PI / 2);

function moreRuns(logs: readonly number[], halfWidth: number, standardErrors: number): number {
  const missing = Math.max(1, fewestBlocks - logs.length);
  if (logs.length < 2) return missing;
  const needed = Math.ceil(((standardErrors * errorOfMedian * spreadOf(logs)) / halfWidth) ** 2);
  const more = Math.max(missing, needed - logs.length);
  return more > mostMoreRuns || Number.isNaN(more) ? Infinity : more;
}

/**
 * Standard deviation, or less where single values far from all others make it large: a median of more values does not mind them. Not less
 * than half, since what looks like an outlier among a few values may be what happens often.
 */
function spreadOf(logs: readonly number[]): number {
  const middle = median(logs) ?? 0;
  const usual = standardDeviation(logs);
  const robust = 1.4826 * (median(logs.map((log) => Math.abs(log - middle))) ?? 0);
  return Math.min(usual, Math.max(robust, usual / 2));
}

function logRatios(pairs: readonly Pair[]): number[] {
  return pairs.filter(({ baseline, other }) => baseline > 0 && other > 0).map(({ baseline, other }) => Math.log(baseline / other));
}
