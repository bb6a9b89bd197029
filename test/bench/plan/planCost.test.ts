import { expect, test } from "vitest";
import type { BenchPlan } from "../../../src/bench/plan.ts";
import { formatMoney, limitProblems, planCost, worstRunMs } from "../../../src/bench/plan/planCost.ts";
import { planText } from "../../../src/bench/plan/planText.ts";
import { expectGolden } from "../../golden.ts";
import { samplePlan, unpricedPlan } from "./planSample.ts";

const unlimited: BenchPlan = { ...samplePlan, limits: { maxDurationMs: worstRunMs(samplePlan) } };

test("time, GPU-minutes and money, as expected and at worst", () => {
  expect(planCost(unlimited, 1)).toEqual({
    podCount: 10,
    nodeCount: 1,
    durationMs: { expected: 1_100_000, worst: 6_600_000 },
    gpuMinutes: { expected: 15, worst: 100 },
    cost: { expected: expect.closeTo(0.978, 3) as number, worst: expect.closeTo(5.867, 3) as number },
  });
  expect(planCost(unlimited, 2, 30_000)).toMatchObject({ durationMs: { expected: 500_000 }, gpuMinutes: { expected: 5 } });
  expect(planCost({ ...unlimited, podsAtOnce: 2 }, 1).durationMs).toEqual({ expected: 550_000, worst: 3_300_000 });
});

test("limits bound the worst", () => {
  const { durationMs, gpuMinutes, cost } = planCost({ ...samplePlan, limits: { maxDurationMs: 1_800_000, maxCost: 1 } }, 1);
  // One dollar buys 18.75 minutes.
  expect(durationMs).toEqual({ expected: 1_100_000, worst: 1_125_000 });
  expect(gpuMinutes.worst).toBe(18.75);
  expect(cost?.worst).toBeCloseTo(1);
});

test("a limit that will cut the run short is told before it starts", () => {
  const short = { ...samplePlan, limits: { maxDurationMs: 600_000 } };
  expect(limitProblems(short, planCost(short, 1)).map(({ message }) => message)).toEqual([
    "All trials would take about 18 min 20 s, but the limits end the run after 10 min 00 s: about 5 of 10 trials will be done.",
  ]);
  expect(limitProblems(unlimited, planCost(unlimited, 1))).toEqual([]);
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
  expectGolden("cli/bench-plan.txt", planText(samplePlan, planCost(samplePlan, 1), "https://10.0.0.1:6443"));
  const plain: BenchPlan = {
    ...unpricedPlan,
    target: { kind: "any" },
    workload: { ...samplePlan.workload, gpuCount: 0, origin: "the image's own command" },
    readiness: { kind: "pod" },
    coldness: "L0",
    podsAtOnce: 3,
    limits: { maxDurationMs: worstRunMs({ ...samplePlan, podsAtOnce: 3 }) },
  };
  expectGolden("cli/bench-plan-plain.txt", planText(plain, planCost(plain, 1), "https://10.0.0.1:6443"));
});

test("nothing secret is shown", () => {
  expect(planText(samplePlan, planCost(samplePlan, 1), "https://s")).not.toContain("planted");
});
