import fc from "fast-check";
import { expect, test } from "vitest";
import { isDecided, moreRunsToDecide, moreRunsToNarrow, pairedRatio, type Pair, type PairedRatio } from "../../src/stats/pairedRatio.ts";

const pairs = (ratios: readonly number[]): Pair[] => ratios.map((ratio, block) => ({ baseline: ratio * (10 + block), other: 10 + block }));

test("the ratio is that within blocks: a slow block changes nothing", () => {
  const found = pairedRatio([
    { baseline: 20, other: 10 },
    { baseline: 200, other: 100 },
    { baseline: 22, other: 11 },
  ]);
  expect(found?.ratio).toBeCloseTo(2, 12);
  expect(found?.blocks).toBe(3);
  expect(found?.interval?.low).toBeCloseTo(2, 9);
});

test("blocks without a time above zero are left out", () => {
  expect(pairedRatio([{ baseline: 0, other: 3 }])).toBeUndefined();
  expect(pairedRatio([...pairs([2]), { baseline: 4, other: -1 }])).toEqual({ ratio: 2, interval: undefined, blocks: 1 });
});

test("decided means that the interval leaves 1 out", () => {
  const of = (ratios: readonly number[]): boolean => isDecided(pairedRatio(pairs(ratios)) as PairedRatio);
  expect(of([1.9, 2, 2.1, 2, 2.2])).toBe(true);
  expect(of([0.5, 0.51, 0.49, 0.5, 0.52])).toBe(true);
  expect(of([0.9, 1.1, 1, 1.05, 0.95])).toBe(false);
  expect(of([2, 2])).toBe(false);
});

test("how many more runs", () => {
  expect(moreRunsToDecide(pairs([2, 2.1, 1.9, 2, 2.05]))).toBe(0);
  expect(moreRunsToDecide(pairs([2, 2.1]))).toBe(3);
  expect(moreRunsToDecide([])).toBe(5);
  expect(moreRunsToDecide(pairs([1.2, 0.9, 1.1, 0.95, 1.15]))).toBeGreaterThan(5);
  expect(moreRunsToDecide(pairs([1, 1.3, 0.8, 1, 1.1]))).toBe(Infinity);
  expect(moreRunsToNarrow(pairs([2, 2.02, 1.98, 2, 2.01]), 0.1)).toBe(0);
  expect(moreRunsToNarrow(pairs([2, 2.6, 1.5, 2.2, 1.8]), 0.1)).toBeGreaterThan(10);
});

test("turned round, the ratio is its inverse; scaled alike, it stays", () => {
  const positive = fc.double({ min: 0.001, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.record({ baseline: positive, other: positive }), { minLength: 3, maxLength: 30 }),
      positive,
      (given, factor) => {
        const found = pairedRatio(given) as PairedRatio;
        const turned = pairedRatio(given.map(({ baseline, other }) => ({ baseline: other, other: baseline }))) as PairedRatio;
        expect(turned.ratio * found.ratio).toBeCloseTo(1, 9);
        expect((turned.interval?.low ?? 0) * (found.interval?.high ?? 0)).toBeCloseTo(1, 6);
        const scaled = pairedRatio(
          given.map(({ baseline, other }) => ({ baseline: baseline * factor, other: other * factor })),
        ) as PairedRatio;
        expect(scaled.ratio / found.ratio).toBeCloseTo(1, 9);
      },
    ),
  );
});
