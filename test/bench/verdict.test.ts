import { expect, test } from "vitest";
import type { BenchRun } from "../../src/bench/benchRun.ts";
import { summaryOf } from "../../src/bench/summary.ts";
import { verdictOf } from "../../src/bench/verdict.ts";
import { expectGolden } from "../golden.ts";
import { sampleRun, type SampleArm } from "./sampleRun.ts";

/** Around the given seconds, always the same. */
const wobble = [0, 0.04, -0.03, 0.06, -0.05, 0.02, -0.02, 0.05, -0.04, 0.01];
const around = (seconds: number, n: number, spread = 1): number[] =>
  wobble.slice(0, n).map((part) => Math.round(1000 * seconds * (1 + part * spread)));
const opposite = (seconds: number, n: number, spread = 1): number[] => around(seconds, n, -spread);

const overlayfs = (n: number, started = 21, ready = 30): SampleArm => ({
  name: "overlayfs",
  started: around(started, n),
  ready: around(ready, n),
});
const stargz = (n: number, started: number, ready: number, spread = 1): SampleArm => ({
  name: "eStargz",
  snapshotter: "stargz",
  started: opposite(started, n, spread),
  ready: opposite(ready, n, spread),
});
const none = (n: number): undefined[] => Array.from({ length: n }, () => undefined);

const situations: readonly (readonly [string, BenchRun])[] = [
  ["lazy wins, and most of the gain is spent", sampleRun([overlayfs(10), stargz(10, 10, 26)])],
  ["lazy wins, and a part of the gain is spent", sampleRun([overlayfs(10), stargz(10, 10, 23)])],
  ["lazy wins, and the application is what remains", sampleRun([overlayfs(10), stargz(10, 2, 11.5)])],
  ["lazy wins throughout", sampleRun([overlayfs(10, 28, 30), stargz(10, 2, 3)])],
  ["lazy loses", sampleRun([overlayfs(10), stargz(10, 1.2, 52)])],
  ["lazy loses at both", sampleRun([overlayfs(10), stargz(10, 26, 52)])],
  ["a tie", sampleRun([overlayfs(10), stargz(10, 9, 29.8, -1)])],
  ["the interval spans 1", sampleRun([overlayfs(5), stargz(5, 9, 28.5, 3)])],
  ["the interval spans 1, and nobody would run so many", sampleRun([overlayfs(5), stargz(5, 20, 30.02, 4)])],
  ["too few trials", sampleRun([overlayfs(2), stargz(2, 2, 12)])],
  ["one block", sampleRun([overlayfs(1), stargz(1, 2, 12)])],
  ["three blocks", sampleRun([overlayfs(3), stargz(3, 2, 12)])],
  ["five blocks", sampleRun([overlayfs(5), stargz(5, 2, 12)])],
  [
    "all failed",
    sampleRun([
      {
        ...overlayfs(3),
        started: none(3),
        ready: none(3),
        trial: () => ({ outcome: { kind: "failed", reason: "image-pull", message: "not found" } }),
      },
      {
        ...stargz(3, 1, 1),
        started: none(3),
        ready: none(3),
        trial: () => ({ outcome: { kind: "failed", reason: "unschedulable", message: "0/1 nodes" } }),
      },
    ]),
  ],
  [
    "some failed",
    sampleRun([
      overlayfs(10),
      {
        ...stargz(10, 2, 11),
        trial: (block) => (block < 2 ? { outcome: { kind: "failed", reason: "container-crashed", message: "exit code 1" } } : {}),
      },
    ]),
  ],
  ["fell back to overlayfs", sampleRun([overlayfs(5), { ...stargz(5, 21, 30), trial: () => ({ taints: ["fell-back"] }) }])],
  ["one fell back", sampleRun([overlayfs(5), { ...stargz(5, 2, 11), trial: (block) => (block === 1 ? { taints: ["fell-back"] } : {}) }])],
  ["warm by mistake", sampleRun([{ ...overlayfs(5, 1, 10), trial: (block) => (block > 2 ? { taints: ["warm"] } : {}) }, stargz(5, 2, 11)])],
  [
    "warm, and so less cold",
    sampleRun([{ ...overlayfs(5, 1, 10), trial: (block) => (block > 2 ? { taints: ["warm", "less-cold"] } : {}) }, stargz(5, 2, 11)]),
  ],
  ["all tainted", sampleRun([{ ...overlayfs(3), trial: () => ({ taints: ["partly-warm"] }) }])],
  ["one arm only", sampleRun([overlayfs(6)])],
  ["one arm, one trial", sampleRun([overlayfs(1)])],
  [
    "fresh nodes",
    sampleRun(
      [overlayfs(6, 120, 130), stargz(6, 95, 105)].map((arm) => ({
        ...arm,
        trial: () => ({ coldness: { wanted: "L4" as const, reached: "L4" as const, checks: [], durationMs: 0 } }),
      })),
    ),
  ],
  [
    "mixed node types",
    sampleRun([overlayfs(6), { ...stargz(6, 2, 12), trial: (block) => ({ node: block % 2 === 0 ? "gpu-2" : "gpu-1" }) }]),
  ],
  ["no readiness", sampleRun([overlayfs(3), stargz(3, 2, 12)].map((arm) => ({ ...arm, ready: none(3) })))],
  [
    "unknown coldness",
    sampleRun(
      [overlayfs(6), stargz(6, 2, 12)].map((arm) => ({
        ...arm,
        trial: () => ({ coldness: { wanted: "L0" as const, reached: "L0" as const, checks: [], durationMs: 0 } }),
      })),
    ),
  ],
  ["cancelled early", sampleRun([overlayfs(4), stargz(3, 2, 12)], { ending: { kind: "cancelled" } })],
  ["stopped by its limit", sampleRun([overlayfs(4), stargz(4, 2, 12)], { ending: { kind: "limit", message: "1 h" } })],
  ["nothing ran", sampleRun([overlayfs(0), stargz(0, 2, 12)], { ending: { kind: "failed", message: "no node" } })],
  [
    "four arms",
    sampleRun([
      overlayfs(10),
      stargz(10, 2, 12),
      { name: "soci", started: opposite(3, 10), ready: opposite(14, 10) },
      { name: "nydus", started: opposite(2, 10), ready: opposite(31, 10, 2) },
    ]),
  ],
];

test("the sentences of every situation", () => {
  const text = situations
    .map(
      ([name, run]) =>
        `${name}\n${verdictOf(summaryOf(run))
          .map((sentence) => `  ${sentence}\n`)
          .join("")}`,
    )
    .join("\n");
  expectGolden("bench/verdicts.txt", text);
  expect(situations.length).toBeGreaterThanOrEqual(12);
});
