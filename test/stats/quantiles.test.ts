import fc from "fast-check";
import { expect, test } from "vitest";
import { fewestForP95, median, p95, quantile, rangeOf } from "../../src/stats/quantiles.ts";

function check(values: readonly number[], probability: number, expected: number | undefined): void {
  const found = quantile(values, probability);
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toBeCloseTo(expected, 12);
}

test("quantiles are those of R's type 7", () => {
  // quantile(c(1, 3, 4, 10, 20), p), R 4.3
  check([20, 1, 10, 3, 4], 0.25, 3);
  check([20, 1, 10, 3, 4], 0.1, 1.8);
  check([20, 1, 10, 3, 4], 0.95, 18);
  check([7], 0.95, 7);
  check([1, 2], 0.5, 1.5);
  check([1, 2], 1.5, 2);
  check([], 0.5, undefined);
});

test("no 95th percentile below twenty values", () => {
  const values = Array.from({ length: fewestForP95 }, (_, index) => index);
  expect(p95(values.slice(1))).toBeUndefined();
  expect(p95(values)).toBeCloseTo(18.05, 12);
});

test("the range of a few and of very many values", () => {
  expect(rangeOf([])).toBeUndefined();
  expect(rangeOf([3, -1, 2])).toEqual({ lowest: -1, highest: 3 });
  expect(rangeOf(Array.from({ length: 500_000 }, (_, index) => index))).toEqual({ lowest: 0, highest: 499_999 });
});

test("a quantile lies within the values, grows with its probability and does not mind their order", () => {
  const numbers = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (values, a, b) => {
      const [low, high] = [quantile(values, Math.min(a, b)) as number, quantile(values, Math.max(a, b)) as number];
      expect(low).toBeGreaterThanOrEqual(Math.min(...values));
      expect(high).toBeLessThanOrEqual(Math.max(...values));
      expect(low).toBeLessThanOrEqual(high + 1e-6);
      expect(median([...values].reverse())).toBe(median(values));
    }),
  );
});
