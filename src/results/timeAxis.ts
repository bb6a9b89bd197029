const secondMs = 1000;
const minuteMs = 60_000;
/** Steps that people count in; below a second by tens. */
const stepsMs: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * secondMs),
  ...[1, 2, 5, 10, 15, 30, 60, 120].map((minutes) => minutes * minuteMs),
];

/** A scale of time from 0. */
export interface TimeAxis {
  readonly endMs: number;
  readonly ticksMs: readonly number[];
}

/** The finest steps that give at most `mostTicks` beside 0. */
export function timeAxis(longestMs: number, mostTicks = 5): TimeAxis {
  const endMs = Math.max(1, longestMs) * 1.02;
  const stepMs = stepsMs.find((step) => endMs / step < mostTicks + 1) ?? Math.ceil(endMs / mostTicks / (60 * minuteMs)) * 60 * minuteMs;
  const ticksMs = Array.from({ length: Math.floor(endMs / stepMs) + 1 }, (_, index) => index * stepMs);
  return { endMs, ticksMs };
}
