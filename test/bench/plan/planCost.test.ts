import { describe, expect, test } from "vitest";
import type { BenchRun } from "../../../src/bench/benchRun.ts";
import type { Arm, BenchPlan } from "../../../src/bench/plan.ts";
import { startBasisOf, type StartBasis } from "../../../src/bench/plan/earlierStarts.ts";
import { formatMoney, limitProblems, planCost, worstRunMs } from "../../../src/bench/plan/planCost.ts";
import { planText } from "../../../src/bench/plan/planText.ts";
import { expectGolden } from "../../golden.ts";
import { sampleRun } from "../sampleRun.ts";
import { samplePlan, unpricedPlan } from "./planSample.ts";

const unlimited: BenchPlan = { ...samplePlan, limits: { maxDurationMs: worstRunMs(samplePlan) } };

const assumed = startBasisOf(samplePlan, []);

test("time, GPU-minutes and money, as expected and at worst", () => {
  expect(planCost(unlimited, 1, assumed)).toEqual({
    podCount: 10,
    nodeCount: 1,
    basis: assumed,
    durationMs: { expected: 1_100_000, worst: 6_600_000 },
    gpuMinutes: { expected: 15, worst: 100 },
    cost: { expected: expect.closeTo(0.978, 3) as number, worst: expect.closeTo(5.867, 3) as number },
  });
  expect(planCost(unlimited, 2, { ...assumed, startMs: 30_000 })).toMatchObject({
    durationMs: { expected: 500_000 },
    gpuMinutes: { expected: 5 },
  });
  expect(planCost({ ...unlimited, podsAtOnce: 2 }, 1, assumed).durationMs).toEqual({ expected: 550_000, worst: 3_300_000 });
});

test("limits bound the worst", () => {
  const { durationMs, gpuMinutes, cost } = planCost({ ...samplePlan, limits: { maxDurationMs: 1_800_000, maxCost: 1 } }, 1, assumed);
  // One dollar buys 18.75 minutes.
  expect(durationMs).toEqual({ expected: 1_100_000, worst: 1_125_000 });
  expect(gpuMinutes.worst).toBe(18.75);
  expect(cost?.worst).toBeCloseTo(1);
});

test("a limit that will cut the run short is told before it starts", () => {
  const short = { ...samplePlan, limits: { maxDurationMs: 600_000 } };
  expect(limitProblems(short, planCost(short, 1, assumed)).map(({ message }) => message)).toEqual([
    "All trials would take about 18 min 20 s, but the limits end the run after 10 min 00 s: about 5 of 10 trials will be done.",
  ]);
  expect(limitProblems(unlimited, planCost(unlimited, 1, assumed))).toEqual([]);
});

test.each([
  [2.5, "2.50 USD"],
  [0, "0.00 USD"],
  [0.0123, "0.012 USD"],
  [1234.567, "1234.57 USD"],
])("%d is %s", (amount, expected) => {
  expect(formatMoney(amount, "USD")).toBe(expected);
});

test("what is shown before anything starts", () => {
  expectGolden("cli/bench-plan.txt", planText(samplePlan, planCost(samplePlan, 1, assumed), "https://10.0.0.1:6443"));
  const plain: BenchPlan = {
    ...unpricedPlan,
    target: { kind: "any" },
    workload: { ...samplePlan.workload, gpuCount: 0, origin: "the image's own command" },
    readiness: { kind: "pod" },
    coldness: "L0",
    podsAtOnce: 3,
    limits: { maxDurationMs: worstRunMs({ ...samplePlan, podsAtOnce: 3 }) },
  };
  expectGolden("cli/bench-plan-plain.txt", planText(plain, planCost(plain, 1, assumed), "https://10.0.0.1:6443"));
});

test("nothing secret is shown", () => {
  expect(planText(samplePlan, planCost(samplePlan, 1, assumed), "https://s")).not.toContain("planted");
});

describe("what the expected time rests on", () => {
  // Four trials of 60 s each in the sample's run: 9, 8, 9 and 8 s to ready are starts, the rest is around them.
  const earlier = sampleRun([
    { name: "overlayfs", started: [5000, 5100], ready: [9000, 9100] },
    { name: "stargz", isLazy: true, started: [1000, 1100], ready: [8000, 8100] },
  ]);
  const [overlayfs, stargz] = earlier.plan.arms as [Arm, Arm];
  const plan = { ...samplePlan, context: earlier.plan.context, arms: [overlayfs, stargz] };

  test.each<[string, Pick<BenchPlan, "context" | "arms">, readonly BenchRun[], Partial<StartBasis>]>([
    ["nothing", plan, [], { startMs: 90_000, aroundMs: 20_000, trialCount: 0, runCount: 0, unknownArms: ["overlayfs", "stargz"] }],
    ["the same images there", plan, [earlier], { startMs: 8550, trialCount: 4, runCount: 1, unknownArms: [] }],
    ["two reports", plan, [earlier, { ...earlier, id: "b" }], { startMs: 8550, trialCount: 8, runCount: 2 }],
    ["another cluster", { ...plan, context: "elsewhere" }, [earlier], { startMs: 90_000, trialCount: 0 }],
    [
      "another image in one arm",
      { ...plan, arms: [overlayfs, { ...stargz, image: "other:1" }] },
      [earlier],
      { startMs: (9050 + 90_000) / 2, trialCount: 2, unknownArms: ["stargz"] },
    ],
    [
      "another snapshotter of the image",
      { ...plan, arms: [{ ...overlayfs, snapshotter: "soci" }] },
      [earlier],
      { startMs: 9050, trialCount: 2 },
    ],
    [
      "trials that were warm tell nothing",
      plan,
      [{ ...earlier, trials: earlier.trials.map((trial) => ({ ...trial, taints: ["warm"] as const })) }],
      { startMs: 90_000, trialCount: 0 },
    ],
  ])("%s", (_name, wanted, runs, expected) => {
    expect(startBasisOf(wanted, runs)).toMatchObject(expected);
  });

  test("the time around a start is what no start of the run accounts for", () => {
    expect(startBasisOf(plan, [earlier]).aroundMs).toBeCloseTo(60_000 - 8550, -2);
  });

  test("it is told with the plan", () => {
    const told = (basis: StartBasis): string =>
      planText(samplePlan, planCost(samplePlan, 1, basis), "https://s")
        .split("\n")
        .find((line) => line.includes("expected:"))
        ?.trim() ?? "";
    expect(told(assumed)).toBe(
      "expected: 1 min 30 s a start and 20.0 s around it, assumed, as no report of these images on this cluster was found",
    );
    expect(told({ startMs: 12_000, aroundMs: 9_000, trialCount: 10, runCount: 2, unknownArms: ["soci"] })).toBe(
      "expected: 12.0 s a start and 9.0 s around it, from 10 starts of these images in 2 earlier reports; assumed for soci",
    );
  });
});
