import { expect, test } from "vitest";
import { outliersOf } from "../../src/stats/outliers.ts";

function check(values: readonly number[], expected: readonly number[]): void {
  expect(outliersOf(values)).toEqual(expected);
}

test("outliers are those beyond Tukey's fences", () => {
  check([10, 11, 30, 10, 12, 11], [2]);
  check([1, 50, 51, 52, 53, 54], [0]);
  check([10, 11, 12, 13, 14], []);
  check([1, 1, 99], []);
  check([], []);
});
