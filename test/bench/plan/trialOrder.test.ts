import fc from "fast-check";
import { expect, test } from "vitest";
import type { Arm } from "../../../src/bench/plan.ts";
import { trialOrder } from "../../../src/bench/plan/trialOrder.ts";

function orderOf(armCount: number, trialsPerArm: number, seed: number) {
  const arms = Array.from({ length: armCount }, (_, at) => ({ name: `arm${at}` }) as Arm);
  return trialOrder({ arms, trialsPerArm, seed });
}

const shapes = [fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })] as const;

test("every block holds each arm once, ids are unique, places count up", () => {
  fc.assert(
    fc.property(...shapes, (armCount, trialsPerArm, seed) => {
      const order = orderOf(armCount, trialsPerArm, seed);
      expect(order.map((trial) => trial.order)).toEqual(Array.from({ length: armCount * trialsPerArm }, (_, at) => at));
      expect(order.map(({ block }) => block)).toEqual(order.map((_, at) => Math.floor(at / armCount)));
      expect(new Set(order.map(({ trialId }) => trialId)).size).toBe(order.length);
      for (let block = 0; block < trialsPerArm; block++) {
        const arms = order.filter((trial) => trial.block === block).map(({ arm }) => arm);
        expect(arms.toSorted()).toEqual(Array.from({ length: armCount }, (_, at) => `arm${at}`).toSorted());
      }
    }),
  );
});

test("no arm is first more than once oftener than another", () => {
  fc.assert(
    fc.property(...shapes, (armCount, trialsPerArm, seed) => {
      const counts = new Map(Array.from({ length: armCount }, (_, at) => [`arm${at}`, 0]));
      for (const { arm, order } of orderOf(armCount, trialsPerArm, seed)) {
        if (order % armCount === 0) counts.set(arm, (counts.get(arm) ?? 0) + 1);
      }
      expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1);
    }),
  );
});

test("the same seed gives the same order, others give others", () => {
  const drawn = Array.from({ length: 100 }, (_, seed) => JSON.stringify(orderOf(4, 5, seed)));
  expect(drawn).toEqual(Array.from({ length: 100 }, (_, seed) => JSON.stringify(orderOf(4, 5, seed))));
  expect(new Set(drawn).size).toBe(100);
});

test("each arm comes to each place of a block about equally often", () => {
  const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
  for (let seed = 0; seed < 500; seed++) {
    for (const { arm, order } of orderOf(4, 4, seed)) (counts[order % 4] as number[])[Number(arm.slice(3))]! += 1;
  }
  for (const count of counts.flat()) expect(Math.abs(count - 500)).toBeLessThan(90);
});

test("an order that was drawn once can be drawn again by any version", () => {
  expect(orderOf(3, 3, 42).map(({ trialId, arm }) => `${trialId} ${arm}`)).toEqual([
    "t01 arm0",
    "t02 arm1",
    "t03 arm2",
    "t04 arm2",
    "t05 arm0",
    "t06 arm1",
    "t07 arm1",
    "t08 arm0",
    "t09 arm2",
  ]);
});
