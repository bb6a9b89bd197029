import fc from "fast-check";
import { expect, test } from "vitest";
import type { Confidence } from "../../src/stats/confidence.ts";
import { medianInterval, medianIntervalOfPositive } from "../../src/stats/medianInterval.ts";
import { median } from "../../src/stats/quantiles.ts";

function check(values: readonly number[], expected: Confidence | undefined): void {
  const found = medianInterval(values);
  if (!expected) expect(found).toBeUndefined();
  else for (const field of ["low", "high", "level"] as const) expect(found?.[field]).toBeCloseTo(expected[field], 3);
}

test("few values: none, Student's t, then the smallest and the largest", () => {
  check([], undefined);
  check([1, 2], undefined);
  check([1, 2, Number.NaN], undefined);
  // t.test(c(1, 2, 3)), t.test(c(1, 2, 3, 5))
  check([1, 2, 3], { low: -0.4841, high: 4.4841, level: 0.95 });
  check([1, 2, 3, 5], { low: 0.0329, high: 5.4671, level: 0.95 });
  check([5, 1, 4, 2, 3], { low: 1, high: 5, level: 0.9375 });
});

test("from six values on: order statistics, interpolated to 95 %", () => {
  // Between 96.9 % of [x1, x6] and 78.1 % of [x2, x5], as Hettmansperger and Sheather weigh them.
  check([1, 2, 3, 4, 5, 6], { low: 1.3571, high: 5.6429, level: 0.95 });
  // Between [x2, x9] with 97.9 % and [x3, x8] with 89.1 %.
  check([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { low: 2.6577, high: 8.3423, level: 0.95 });
});

test("times are taken by their logarithms, and none is made of zero", () => {
  const found = medianIntervalOfPositive([100, 200, 400]);
  expect(found?.low).toBeCloseTo(35.7, 0);
  expect(found?.high).toBeCloseTo(1119, 0);
  expect(medianIntervalOfPositive([0, 1, 2, 3, 4])).toBeUndefined();
});

test("an interval holds its median, whatever the order of the values, and scales with them", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 3, maxLength: 60 }), (values) => {
      const found = medianInterval(values) as Confidence;
      const middle = median(values) as number;
      expect(found.low).toBeLessThanOrEqual(middle + 1e-6);
      expect(found.high).toBeGreaterThanOrEqual(middle - 1e-6);
      const shuffled = medianInterval([...values].sort((a, b) => (a % 7) - (b % 7) || b - a)) as Confidence;
      expect(shuffled.low).toBeCloseTo(found.low, 6);
      const scaled = medianInterval(values.map((value) => value * 1000)) as Confidence;
      expect(scaled.high / 1000).toBeCloseTo(found.high, 3);
    }),
  );
});
