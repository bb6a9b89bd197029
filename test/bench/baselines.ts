import { mean } from "./table.ts";

/** The share of an image that Slacker (FAST 2016) found to be needed at startup, in percent: what is quoted when nothing was measured. */
export const slackerShare = 6.4;

/** For each value, its distance from the mean of all others: the error of who always says what is usual. */
export function constantMeanErrors(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => (values.length < 2 ? NaN : Math.abs((sum - value) / (values.length - 1) - value)));
}

export function slackerErrors(values: readonly number[]): number[] {
  return values.map((value) => Math.abs(slackerShare - value));
}

/** Mean absolute value. */
export function meanError(errors: readonly number[]): number {
  return mean(errors.map(Math.abs));
}
