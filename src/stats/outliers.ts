import { ascending, quantileOfSorted } from "./quantiles.ts";

/** With fewer values the quartiles are the values themselves. */
const fewestForFences = 5;

/**
 * Indexes of the values beyond Tukey's fences: more than 1.5 times the quartiles' distance outside of them. They are shown as such and
 * kept in every number; a median does not mind them. Empty below five values.
 */
export function outliersOf(values: readonly number[]): number[] {
  if (values.length < fewestForFences) return [];
  const sorted = ascending(values);
  const lower = quantileOfSorted(sorted, 0.25) as number;
  const upper = quantileOfSorted(sorted, 0.75) as number;
  const reach = 1.5 * (upper - lower);
  return values.flatMap((value, index) => (value < lower - reach || value > upper + reach ? [index] : []));
}
