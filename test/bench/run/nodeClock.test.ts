import fc from "fast-check";
import { expect, test } from "vitest";
import { clockOffsetOf, clockOffsetOver, type ClockReading } from "../../../src/bench/run/nodeClock.ts";

const reading = (sentAtEpochMs: number, nodeEpochMs: number, answeredAtEpochMs: number): ClockReading => ({
  sentAtEpochMs,
  nodeEpochMs,
  answeredAtEpochMs,
});

test.each<[string, readonly ClockReading[], { offsetMs: number; errorMs: number } | undefined]>([
  ["no reading", [], undefined],
  ["one reading: half of its round trip", [reading(1000, 1015, 1020)], { offsetMs: 5, errorMs: 10 }],
  ["the narrowest bounds of all", [reading(1000, 1015, 1020), reading(2000, 2009, 2100)], { offsetMs: 2, errorMs: 7 }],
  ["a node that is an hour ahead", [reading(0, 3_600_005, 10)], { offsetMs: 3_600_000, errorMs: 5 }],
  ["a clock that was stepped in between", [reading(1000, 1005, 1010), reading(2000, 2505, 2010)], undefined],
])("%s", (_name, readings, expected) => {
  expect(clockOffsetOf(readings)).toEqual(expected);
});

test("the true offset lies within the error, however the way there and back differ", () => {
  const way = fc.integer({ min: 0, max: 500 });
  fc.assert(
    fc.property(fc.integer({ min: -10_000, max: 10_000 }), fc.array(fc.tuple(way, way), { minLength: 1, maxLength: 8 }), (offset, ways) => {
      const readings = ways.map(([there, back], index) =>
        reading(index * 1000, index * 1000 + there + offset, index * 1000 + there + back),
      );
      const found = clockOffsetOf(readings);
      expect(Math.abs((found?.offsetMs ?? NaN) - offset)).toBeLessThanOrEqual(found?.errorMs ?? NaN);
    }),
  );
});

const offset = (offsetMs: number, errorMs: number) => ({ offsetMs, errorMs });

test.each([
  ["steady clocks", offset(5, 2), offset(6, 3), offset(6, 3)],
  ["clocks that ran apart in an hour", offset(0, 2), offset(180, 2), offset(90, 92)],
  ["the second comparison failed", offset(5, 2), undefined, offset(5, 2)],
  ["neither came about", undefined, undefined, undefined],
])("over a whole run: %s", (_name, first, last, expected) => {
  expect(clockOffsetOver(first, last)).toEqual(expected);
});
