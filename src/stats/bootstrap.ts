import { wantedLevel, type Confidence } from "./confidence.ts";
import { ascending, median, quantileOfSorted } from "./quantiles.ts";
import { seededRandom } from "./random.ts";

export interface BootstrapOptions {
  /** The same seed gives the same interval. */
  readonly seed: number;
  readonly level?: number;
  /** How often is drawn; the ends then wander by a few percent of the width. */
  readonly resamples?: number;
}

const usualResamples = 2000;

export interface Difference {
  /** Median of the second less that of the first. */
  readonly difference: number;
  readonly interval: Confidence | undefined;
}

/** Samples of fewer values are all of their own spread: the interval would hold the truth in three of four cases only. */
export const fewestForDifference = 5;

/**
 * Between two samples that have nothing to do with each other, such as the same stage in two reports; for trials of one run there is
 * `pairedRatio`. The interval is a percentile bootstrap, each sample redrawn by itself. No interval when one has fewer than five values; undefined when one has none.
 */
export function differenceOfMedians(
  first: readonly number[],
  second: readonly number[],
  options: BootstrapOptions,
): Difference | undefined {
  const from = median(first);
  const to = median(second);
  if (from === undefined || to === undefined) return undefined;
  if (Math.min(first.length, second.length) < fewestForDifference) return { difference: to - from, interval: undefined };
  const random = seededRandom(options.seed);
  const [drawFirst, drawSecond] = [medianOfRedrawn(first, random), medianOfRedrawn(second, random)];
  const interval = percentiles(() => {
    const a = drawFirst();
    const b = drawSecond();
    return a === undefined || b === undefined ? undefined : b - a;
  }, options);
  return { difference: to - from, interval };
}

/** From here on the rank of a redrawn sample's median is as good as normal, and drawing it is thousands of times as fast as the sample. */
const manyValues = 100;

function medianOfRedrawn(values: readonly number[], random: () => number): () => number | undefined {
  if (values.length < manyValues) return () => median(redrawn(values, random));
  const sorted = ascending(values);
  const halfError = 0.5 / Math.sqrt(values.length);
  return () => {
    // Box and Muller; `1 - random()` is never 0.
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return quantileOfSorted(sorted, 0.5 + normal * halfError);
  };
}

function percentiles(
  draw: () => number | undefined,
  { level = wantedLevel, resamples = usualResamples }: BootstrapOptions,
): Confidence | undefined {
  const drawn: number[] = [];
  for (let round = 0; round < resamples; round++) {
    const value = draw();
    if (value === undefined || !Number.isFinite(value)) return undefined;
    drawn.push(value);
  }
  const sorted = ascending(drawn);
  const low = quantileOfSorted(sorted, (1 - level) / 2);
  const high = quantileOfSorted(sorted, (1 + level) / 2);
  return low === undefined || high === undefined ? undefined : { low, high, level };
}

function redrawn(values: readonly number[], random: () => number): number[] {
  return values.map(() => values[Math.floor(random() * values.length)] as number);
}
