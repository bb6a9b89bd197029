import fc from "fast-check";
import { expect, test } from "vitest";
import { summaryOf } from "../../src/bench/summary.ts";
import { gainLadder, ladderTimesOf, measuredSlowdown, type LadderTimes, type Rung } from "../../src/results/gainLadder.ts";
import { sampleRun } from "../bench/sampleRun.ts";

const minute = 60_000;
/** Tensorfuse's worked example: pulled in 10 minutes or lazily in 1 s, the application starts in 5 minutes or 20 % more slowly. */
const overlayfs: LadderTimes = { startMs: 10 * minute, applicationMs: 5 * minute };
const lazy: LadderTimes = { startMs: 1000, applicationMs: 6 * minute };

const ratios = (rungs: readonly Rung[]): number[] => rungs.map(({ ratio }) => Math.round(ratio * 100) / 100);

test("the worked example: 600× at the start is 2.5× at ready, and 2.3× to 1.4× with a node that takes 1 to 15 minutes", () => {
  const at = (minutes: number): number[] => ratios(gainLadder(overlayfs, lazy, { provisioningMs: minutes * minute }));
  expect(at(0)).toEqual([600, 2.99, 2.49, 2.49]);
  expect(at(1)).toEqual([600, 2.99, 2.49, 2.28]);
  expect(at(5)).toEqual([600, 2.99, 2.49, 1.82]);
  expect(at(15)).toEqual([600, 2.99, 2.49, 1.43]);
  expect(measuredSlowdown(overlayfs, lazy)).toBeCloseTo(0.2, 12);
});

test("the slider replaces what was measured", () => {
  expect(ratios(gainLadder(overlayfs, lazy, { provisioningMs: 0, applicationSlowdown: 0 }))[2]).toBe(2.99);
  expect(ratios(gainLadder(overlayfs, lazy, { provisioningMs: 0, applicationSlowdown: 2 }))[2]).toBe(1);
  expect(gainLadder(overlayfs, lazy, { provisioningMs: 0, applicationSlowdown: 3 })[2]?.savedMs).toBeLessThan(0);
});

test("on measured numbers: the medians of the arms", () => {
  const [base, other] = summaryOf(
    sampleRun([
      { name: "overlayfs", started: [20_000, 21_000, 22_000], ready: [30_000, 31_000, 32_000] },
      { name: "stargz", started: [2000, 2100, 2200], ready: [14_000, 14_100, 14_200] },
    ]),
  ).arms.map(ladderTimesOf);
  expect([base, other]).toEqual([
    { startMs: 21_000, applicationMs: 10_000 },
    { startMs: 2100, applicationMs: 12_000 },
  ]);
  expect(ratios(gainLadder(base ?? overlayfs, other ?? lazy, { provisioningMs: 0 }))).toEqual([10, 2.56, 2.2, 2.2]);
  expect(
    ladderTimesOf(summaryOf(sampleRun([{ name: "overlayfs", started: [1000], ready: [undefined] }])).arms[0] ?? fail()),
  ).toBeUndefined();
});

test("whatever was measured: provisioning brings the ratio nearer to 1 and changes no time that is saved; a slower application only costs", () => {
  const time = fc.integer({ min: 1, max: 3_600_000 });
  const times = fc.record({ startMs: time, applicationMs: time });
  fc.assert(
    fc.property(times, times, time, time, fc.double({ min: 0, max: 5, noNaN: true }), (base, other, near, more, slowdown) => {
      const at = (provisioningMs: number, applicationSlowdown?: number): Rung | undefined =>
        gainLadder(base, other, { provisioningMs, ...(applicationSlowdown !== undefined && { applicationSlowdown }) })[3];
      const closer = Math.abs(Math.log(at(near + more)?.ratio ?? NaN));
      expect(closer).toBeLessThanOrEqual(Math.abs(Math.log(at(near)?.ratio ?? NaN)) + 1e-12);
      expect(at(near + more)?.savedMs).toBeCloseTo(at(near)?.savedMs ?? NaN, 3);
      expect(at(near, slowdown + 0.1)?.ratio).toBeLessThan(at(near, slowdown)?.ratio ?? NaN);
      expect(gainLadder(base, other, { provisioningMs: near })[2]?.otherMs).toBeCloseTo(other.startMs + other.applicationMs, 3);
    }),
  );
});

function fail(): never {
  throw new Error("no arm");
}
