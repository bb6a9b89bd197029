/** The middle value, or the mean of the two middle ones; undefined for no values. */
export function median(values: readonly number[]): number | undefined {
  return quantile(values, 0.5);
}

/**
 * The quantile for a probability in 0..1 by linear interpolation between order statistics: type 7 of Hyndman and Fan (1996), the default
 * of R, NumPy and Excel. Undefined for no values.
 */
export function quantile(values: readonly number[], probability: number): number | undefined {
  return quantileOfSorted(ascending(values), probability);
}

/** The same for values that are in ascending order already. */
export function quantileOfSorted(sorted: readonly number[], probability: number): number | undefined {
  const position = (sorted.length - 1) * Math.min(1, Math.max(0, probability));
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return undefined;
  return below === above ? below : below + (position - Math.floor(position)) * (above - below);
}

/** Below this many values the 95th percentile is little more than the largest value, and is not told. */
export const fewestForP95 = 20;

/** Undefined below `fewestForP95` values. */
export function p95(values: readonly number[]): number | undefined {
  return p95OfSorted(ascending(values));
}

/** The same for values that are in ascending order already. */
export function p95OfSorted(sorted: readonly number[]): number | undefined {
  return sorted.length < fewestForP95 ? undefined : quantileOfSorted(sorted, 0.95);
}

export function ascending(values: readonly number[]): number[] {
  // Numbers of a fixed width are sorted without calling back, some five times as fast.
  return Array.from(Float64Array.from(values).sort());
}

/** The smallest and the largest; of any number of values, which `Math.min(...values)` is not. Undefined for none. */
export function rangeOf(values: readonly number[]): { readonly lowest: number; readonly highest: number } | undefined {
  const [first] = values;
  if (first === undefined) return undefined;
  let lowest = first;
  let highest = first;
  for (const value of values) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return { lowest, highest };
}
