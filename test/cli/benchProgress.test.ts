import { expect, test } from "vitest";
import type { Trial } from "../../src/bench/trial.ts";
import { trialLine } from "../../src/cli/benchProgress.ts";

const trial: Trial = {
  id: "t03",
  arm: "stargz",
  block: 0,
  order: 2,
  podName: "p",
  outcome: { kind: "ready" },
  observations: [
    { mark: "created", atEpochMs: 1_005, earliestEpochMs: 1_000, latestEpochMs: 1_010, clock: "client", source: "request" },
    { mark: "ready", atEpochMs: 13_400, earliestEpochMs: 13_300, latestEpochMs: 13_400, clock: "client", source: "readiness-poll" },
  ],
  coldness: { wanted: "L3", reached: "L3", checks: [], durationMs: 0 },
  laziness: { mounts: [], isLazy: true, evidence: [], fetched: { bytes: 70_800_000, source: "link" } },
  taints: [],
  problems: [],
};

test.each<[Partial<Trial>, string]>([
  [{}, "[ 3/20] stargz: ready after 12.4 s, 70.8 MB fetched, cold to L3"],
  [
    { taints: ["warm", "less-cold"], coldness: { ...trial.coldness, reached: "L1" } },
    "[ 3/20] stargz: ready after 12.4 s, 70.8 MB fetched, cold to L1; not counted: found the image on the node, began less cold than planned",
  ],
  [
    { outcome: { kind: "failed", reason: "image-pull", message: "not found\u001b[2J" } },
    "[ 3/20] stargz: image not pulled: not found\\u001b[2J",
  ],
  [{ outcome: { kind: "timed-out", message: "after 10 min" } }, "[ 3/20] stargz: not ready in time: after 10 min"],
  [{ outcome: { kind: "cancelled" } }, "[ 3/20] stargz: cancelled"],
])("a trial's line %#", (changes, expected) => {
  expect(trialLine({ ...trial, ...changes }, 3, 20, [])).toBe(expected);
});
