/** An estimate and the bounds that hold the true value in about 90 of 100 cases: `low <= value <= high`. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function scaleInterval(interval: Interval, factor: number): Interval {
  return { value: interval.value * factor, low: interval.low * factor, high: interval.high * factor };
}
