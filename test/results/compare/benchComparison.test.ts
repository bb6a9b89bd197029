import { expect, test } from "vitest";
import type { BenchRun } from "../../../src/bench/benchRun.ts";
import type { ComparedCell } from "../../../src/results/compare/comparedCell.ts";
import { compareBenches, type BenchComparison } from "../../../src/results/compare/benchComparison.ts";
import { benchComparisonSentences } from "../../../src/results/compare/benchComparisonText.ts";
import { benchPartOf } from "../../../src/results/document.ts";
import { sampleRun, type SampleArm } from "../../bench/sampleRun.ts";

const wobble = [0, 0.04, -0.03, 0.06, -0.05, 0.02, -0.02, 0.05, -0.04, 0.01];
const around = (seconds: number, n = 10): number[] => wobble.slice(0, n).map((part) => Math.round(1000 * seconds * (1 + part)));
const arm = (name: string, started: number, ready: number, n = 10): SampleArm => ({
  name,
  started: around(started, n),
  ready: around(ready, n),
});

const before = sampleRun([arm("overlayfs", 20, 30), arm("eStargz", 2, 12)]);
const slower = sampleRun([arm("overlayfs", 20, 30), arm("eStargz", 3, 16)]);

function compared(...runs: readonly BenchRun[]): BenchComparison {
  return compareBenches(runs.map((run, index) => ({ name: `${index === 0 ? "before" : `after-${index}`}.json`, bench: benchPartOf(run) })));
}

function cell(comparison: BenchComparison, armName: string, key: string, index = 1): ComparedCell | undefined {
  return comparison.arms.find((one) => one.arm === armName)?.rows.find((row) => row.key === key)?.cells[index];
}

test("a regression is marked where the interval of the difference leaves 0 out, and nowhere else", () => {
  const found = compared(before, slower);
  expect(cell(found, "eStargz", "ready")).toMatchObject({ medianMs: 16_080, change: "slower", count: 10 });
  expect(cell(found, "eStargz", "ready")?.interval?.low).toBeGreaterThan(0);
  expect(cell(found, "overlayfs", "ready")).toMatchObject({ differenceMs: 0, change: "open" });
  expect(cell(found, "eStargz", "ready", 0)).not.toHaveProperty("differenceMs");
  expect(cell(compared(slower, before), "eStargz", "ready")).toMatchObject({ change: "faster" });
  expect(compared(before, before).regressions).toBe(0);
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});

test("with fewer than five trials on a side no difference is called one", () => {
  const few = compared(before, sampleRun([arm("overlayfs", 40, 60, 4)]));
  expect(cell(few, "overlayfs", "ready")).toMatchObject({ change: "few" });
  expect(cell(few, "overlayfs", "ready")).not.toHaveProperty("interval");
  expect(few.lonelyArms).toEqual([{ name: "before.json", arms: ["eStargz"] }]);
});

test("another question for readiness: times to ready are not subtracted, times to start are, and it is said", () => {
  const other = { ...slower, plan: { ...slower.plan, readiness: { kind: "tcp", port: 80 } as const } };
  const found = compared(before, other);
  expect(cell(found, "eStargz", "ready")).toMatchObject({ change: "refused", medianMs: 16_080 });
  expect(cell(found, "eStargz", "ready")).not.toHaveProperty("differenceMs");
  expect(cell(found, "eStargz", "started")).toMatchObject({ change: "slower" });
  expect(found.refusals.join()).toContain("times to ready are not subtracted");
  expect(found.settings.map(({ name }) => name)).toContain("ready means");
});

test("two benchmarks that differ only in the statuses that count as ready are told apart", () => {
  const accepting = (...statuses: readonly number[]): BenchRun => {
    const question = { scheme: "http", port: 80, path: "/", method: "GET", headers: {}, statuses } as const;
    return { ...before, plan: { ...before.plan, readiness: { kind: "http", question } } };
  };
  const found = compared(accepting(200), accepting(503, 200));
  expect(found.settings).toEqual([{ name: "ready means", values: ["GET http:80/ answers 200", "GET http:80/ answers 200 or 503"] }]);
  expect(cell(found, "eStargz", "ready")).toMatchObject({ change: "refused" });
  expect(compared(accepting(200, 503), accepting(503, 200)).settings).toEqual([]);
});

test("starts that were not equally cold are not subtracted at all", () => {
  const warmer = {
    ...slower,
    trials: slower.trials.map((trial) => ({ ...trial, coldness: { ...trial.coldness, reached: "L1" as const } })),
  };
  const found = compared(before, warmer);
  expect(found.arms.flatMap(({ rows }) => rows.map(({ cells }) => cells[1]?.change)).every((change) => change === "refused")).toBe(true);
  expect(found.refusals.join()).toContain("not equally cold");
  expect(benchComparisonSentences(found)[0]).toContain("Nothing can be told");
});

test("changed settings are listed, each with its value in every report", () => {
  const { environment } = slower;
  const node = environment.nodes.map((one) => ({ ...one, kernelVersion: "6.12.99", details: { ...one.details, stargz: "v9" } }));
  const found = compared(before, { ...slower, environment: { ...environment, nodes: node, kubernetesVersion: "v1.99.0" } });
  expect(found.settings.map(({ name }) => name)).toEqual(["Kubernetes", "kernel", "stargz"]);
  expect(found.settings.find(({ name }) => name === "kernel")?.values[1]).toBe("6.12.99");
});

test("ten thousand trials are compared in seconds, not minutes", () => {
  const many = sampleRun([
    {
      name: "overlayfs",
      started: Array.from({ length: 2500 }, (_, index) => 2000 + index),
      ready: Array.from({ length: 2500 }, (_, index) => 4000 + index),
    },
  ]);
  const began = process.cpuUsage();
  const found = compared(many, many);
  const { user, system } = process.cpuUsage(began);
  expect(cell(found, "overlayfs", "ready")).toMatchObject({ change: "open" });
  console.log(`compared two runs of 2,500 trials in ${Math.round((user + system) / 1000)} ms`);
  expect((user + system) / 1000).toBeLessThan(5000);
});
