import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../src/stats/random.ts";

test("the same seed gives the same numbers, another seed others", () => {
  const draw = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  // Stored orders of trials depend on these.
  expect(draw(1).map((value) => value.toFixed(6))).toMatchInlineSnapshot(`
    [
      "0.563672",
      "0.585111",
      "0.895907",
      "0.946399",
      "0.272343",
    ]
  `);
});

test("numbers lie in [0, 1), evenly, for any seed", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = seededRandom(seed);
      const counts = new Array<number>(10).fill(0);
      for (let i = 0; i < 5000; i++) {
        const value = random();
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1);
        const bin = Math.floor(value * 10);
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
      // Chi-squared with 9 degrees of freedom exceeds 45 once in a million.
      const chi = counts.reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0);
      expect(chi).toBeLessThan(45);
    }),
    { numRuns: 50 },
  );
});

test("neighbouring seeds start unrelated", () => {
  const firsts = Array.from({ length: 10_000 }, (_, seed) => seededRandom(seed)());
  const mean = firsts.reduce((sum, value) => sum + value, 0) / firsts.length;
  expect(mean).toBeGreaterThan(0.48);
  expect(mean).toBeLessThan(0.52);
});
