import type { BenchRun } from "../../src/bench/benchRun.ts";
import { sampleRun } from "./sampleRun.ts";

/** Four arms; one trial far from the others, one that fell back, one that failed. */
export function slowOnceRun(): BenchRun {
  return sampleRun([
    { name: "overlayfs", started: [20_000, 21_000, 19_000, 22_000, 20_500], ready: [30_000, 31_000, 29_000, 90_000, 30_500] },
    {
      name: "eStargz",
      snapshotter: "stargz",
      started: [2000, 2100, 1900, 2200, 2050],
      ready: [12_000, 12_400, 11_800, 12_600, 12_100],
      trial: (block) => (block === 2 ? { taints: ["fell-back"] } : {}),
    },
    {
      name: "soci",
      started: [3000, 3100, 2900, undefined, 3050],
      ready: [14_000, 14_400, 13_800, undefined, 14_100],
      trial: (block) => (block === 3 ? { outcome: { kind: "failed", reason: "image-pull", message: "401 Unauthorized" } } : {}),
    },
  ]);
}

const evil = '<img src=x onerror=alert(1)>|=HYPERLINK("http://evil")\u001b[2J\u202e@team #1 `x` **b**';

/** Names and messages as an attacker would choose them. */
export function hostileRun(): BenchRun {
  const run = sampleRun([
    { name: `=${evil}`, snapshotter: evil, started: [2000, 2000], ready: [3000, 3000] },
    {
      name: `-${evil}`,
      started: [1000, 1000],
      ready: [2000, undefined],
      trial: (block) =>
        block === 1
          ? { outcome: { kind: "failed", reason: "other", message: evil }, problems: [{ severity: "warning", message: evil }] }
          : {},
    },
  ]);
  return {
    ...run,
    plan: { ...run.plan, name: evil, context: evil },
    environment: {
      ...run.environment,
      contentCheck: { equal: undefined, how: evil },
      nodes: run.environment.nodes.map((node) => ({ ...node, instanceType: evil })),
    },
    problems: [{ severity: "error", message: evil }],
  };
}
