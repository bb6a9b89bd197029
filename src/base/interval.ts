/** An estimate and the bounds that hold the true value in about 90 of 100 cases: `low <= value <= high`. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
