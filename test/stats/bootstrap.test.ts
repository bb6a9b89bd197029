import fc from "fast-check";
import { expect, test } from "vitest";
import { differenceOfMedians } from "../../src/stats/bootstrap.ts";

const squares = Array.from({ length: 30 }, (_, index) => index ** 2);

test("the same seed gives the same interval", () => {
  const of = (seed: number): unknown => differenceOfMedians(squares, [1, 2, 3, 5, 8, 13, 21], { seed });
  expect(of(1)).toEqual(of(1));
  expect(of(1)).not.toEqual(of(2));
});

test("no interval of too few values", () => {
  expect(differenceOfMedians([1, 2, 3, 4], [5, 6, 7, 8, 9], { seed: 1 })).toEqual({ difference: 4.5, interval: undefined });
  expect(differenceOfMedians([], [1], { seed: 1 })).toBeUndefined();
});

test("the interval of a difference holds the difference", () => {
  const sample = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 5, maxLength: 15 });
  fc.assert(
    fc.property(sample, sample, fc.integer(), (first, second, seed) => {
      const found = differenceOfMedians(first, second, { seed, resamples: 400 });
      expect(found?.interval?.low).toBeLessThanOrEqual((found?.difference ?? NaN) + 1e-9);
      expect(found?.interval?.high).toBeGreaterThanOrEqual((found?.difference ?? NaN) - 1e-9);
    }),
    { numRuns: 60 },
  );
});
