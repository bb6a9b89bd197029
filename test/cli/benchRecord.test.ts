import { expect, test } from "vitest";
import type { BenchEnvironment, BenchRun } from "../../src/bench/benchRun.ts";
import type { Trial } from "../../src/bench/trial.ts";
import { BenchRecord } from "../../src/cli/benchRecord.ts";
import { samplePlan } from "../bench/plan/planSample.ts";

const environment = { server: "https://s" } as BenchEnvironment;

test("a run that is ended by force is what was done of it", () => {
  const record = new BenchRecord();
  record.add({ kind: "planned", runId: "k3x", plan: samplePlan, order: [] });
  expect(record.run).toBeUndefined();
  record.add({ kind: "environment", environment });
  record.add({ kind: "problem", problem: { severity: "warning", message: "slow" } });
  record.add({ kind: "trial-ended", trial: { id: "t01" } as Trial });
  expect(record.run).toMatchObject({
    id: "k3x",
    ending: { kind: "cancelled" },
    environment,
    trials: [{ id: "t01" }],
    problems: [{ message: "slow" }],
  });
});

test("a run that has ended is what it says itself", () => {
  const record = new BenchRecord();
  const run = { id: "whole" } as BenchRun;
  record.add({ kind: "planned", runId: "k3x", plan: samplePlan, order: [] });
  record.add({ kind: "ended", run });
  expect(record.run).toBe(run);
});
