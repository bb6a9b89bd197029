import fc from "fast-check";
import { expect, test } from "vitest";
import type { BenchRun } from "../../src/bench/benchRun.ts";
import { summaryOf, type BenchSummary } from "../../src/bench/summary.ts";
import type { Trial } from "../../src/bench/trial.ts";
import { sampleRun, type SampleArm } from "./sampleRun.ts";

const overlayfs: SampleArm = {
  name: "overlayfs",
  started: [20_000, 21_000, 19_000, 22_000, 20_500],
  ready: [30_000, 31_000, 29_000, 90_000, 30_500],
};
const stargz: SampleArm = { name: "stargz", started: [2000, 2100, 1900, 2200, 2050], ready: [12_000, 12_400, 11_800, 12_600, 12_100] };

test("an arm's numbers are those of its counted trials", () => {
  const { arms, baseline, coldness, nodeTypes } = summaryOf(sampleRun([overlayfs, stargz]));
  expect(baseline).toBe("overlayfs");
  expect(coldness).toBe("L3");
  expect(nodeTypes).toEqual(["g5.xlarge, 1 × NVIDIA-A10G"]);
  expect(arms[0]).toMatchObject({
    arm: "overlayfs",
    counts: { all: 5, counted: 5, failed: 0, timedOut: 0, cancelled: 0, tainted: 0 },
    started: { count: 5, medianMs: 20_500, lowestMs: 19_000, highestMs: 22_000, p95Ms: undefined, errorMs: 4 },
    ready: { medianMs: 30_500 },
    firstAnswer: undefined,
    laziness: { lazy: 0, notLazy: 5, unknown: 0 },
    fetched: { count: 5, medianBytes: 152_000_000, sources: ["the link's counter"] },
    outliers: [{ trialId: "overlayfs-3", readyMs: 90_000 }],
    nearestTrialId: "overlayfs-4",
  });
  expect(arms[1]?.stages.map(({ names, medianMs, count }) => [names.join("+"), medianMs, count])).toEqual([
    ["request", 6, 5],
    ["scheduling", 14, 5],
    ["sandbox", 300, 5],
    ["unaccounted", 10, 5],
    ["pull", 1660, 5],
    ["create", 40, 5],
    ["start", 20, 5],
    ["application", 10_050, 5],
  ]);
});

test("ratios are taken within blocks, and the interval of five blocks says 93.75 %", () => {
  const { comparisons } = summaryOf(sampleRun([overlayfs, stargz]));
  expect(comparisons).toHaveLength(1);
  expect(comparisons[0]?.ready?.ratio).toBeCloseTo(31 / 12.4, 1);
  expect(comparisons[0]?.ready).toMatchObject({ blocks: 5, interval: { level: 0.9375 } });
  expect(comparisons[0]?.certainty).toMatchObject({ kind: "faster", moreBlocks: 6 });
});

test("failed, cancelled and tainted trials are counted apart and in no number", () => {
  const outcomes: readonly Partial<Trial>[] = [
    {},
    { taints: ["warm"] },
    { outcome: { kind: "failed", reason: "evicted", message: "disk" } },
    { outcome: { kind: "cancelled" } },
    { outcome: { kind: "timed-out", message: "10 min" } },
  ];
  const [arm] = summaryOf(sampleRun([{ ...overlayfs, trial: (block) => outcomes[block] ?? {} }])).arms;
  expect(arm).toMatchObject({
    counts: { all: 5, counted: 1, failed: 1, timedOut: 1, cancelled: 1, tainted: 1 },
    failures: [
      { reason: "evicted", count: 1 },
      { reason: "timed-out", count: 1 },
    ],
    taints: [{ taint: "warm", count: 1 }],
    ready: { count: 1, medianMs: 30_000, interval: undefined },
    started: { count: 3 },
  });
});

test("whom the others are compared with: overlayfs wherever it stands, else the first that is not lazy, else the first", () => {
  const of = (...arms: readonly SampleArm[]): string | undefined => summaryOf(sampleRun(arms)).baseline;
  expect(of(stargz, overlayfs)).toBe("overlayfs");
  expect(of(stargz, { ...overlayfs, name: "parallel", snapshotter: "soci-parallel", isLazy: false })).toBe("parallel");
  expect(of({ ...stargz, name: "a" }, { ...stargz, name: "b" })).toBe("a");
  expect(of(overlayfs)).toBeUndefined();
});

test("an empty run", () => {
  expect(summaryOf(sampleRun([overlayfs, stargz], { trials: [] }))).toMatchObject({
    coldness: undefined,
    nodeTypes: [],
    comparisons: [{ ready: undefined, certainty: { kind: "none" } }],
  });
});

test("what tainted trials took changes no number, and the order in which trials are stored none either", () => {
  const time = fc.integer({ min: 1000, max: 100_000 });
  const arm = fc.array(fc.record({ started: time, more: time, isTainted: fc.boolean() }), { minLength: 1, maxLength: 12 });
  const runOf = (a: readonly { started: number; more: number; isTainted: boolean }[], factor: number): BenchRun =>
    sampleRun([
      {
        name: "overlayfs",
        started: a.map(({ started, isTainted }) => started * (isTainted ? factor : 1)),
        ready: a.map(({ started, more, isTainted }) => (started + more) * (isTainted ? factor : 1)),
        trial: (block) => (a[block]?.isTainted ? { taints: ["warm"] } : {}),
      },
      { name: "stargz", started: a.map(({ more }) => more), ready: a.map(({ more, started }) => more + started) },
    ]);
  fc.assert(
    fc.property(arm, fc.integer({ min: 2, max: 9 }), (trials, factor) => {
      const run = runOf(trials, 1);
      const plain = summaryOf(run);
      expect(summaryOf(runOf(trials, factor))).toEqual(plain);
      const turned: BenchSummary = summaryOf({ ...run, trials: [...run.trials].reverse() });
      expect(turned.comparisons).toEqual(plain.comparisons);
      expect(turned.arms.map(({ ready }) => ready)).toEqual(plain.arms.map(({ ready }) => ready));
    }),
    { numRuns: 50 },
  );
});
