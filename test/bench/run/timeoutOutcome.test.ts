import { expect, test } from "vitest";
import type { Outcome } from "../../../src/bench/trial.ts";
import { timeoutOutcome, type NodeState } from "../../../src/bench/run/timeoutOutcome.ts";
import { seen } from "../sampleTrial.ts";

const bound = [seen("created", 0), seen("scheduled", 20)];
const begun = [...bound, seen("sandbox", 300)];

test.each<[string, NodeState, typeof bound, Outcome]>([
  [
    "a kubelet that was gone before its first word",
    "not-ready",
    bound,
    {
      kind: "failed",
      reason: "node-lost",
      message: "Not ready within 1 min 00 s, and node n-1 is not ready by now either; its kubelet has not said a word of the pod.",
    },
  ],
  [
    "one that went away later",
    "not-ready",
    begun,
    { kind: "failed", reason: "node-lost", message: "Not ready within 1 min 00 s, and node n-1 is not ready by now either." },
  ],
  [
    "a node that was removed, as a spot instance is",
    "gone",
    begun,
    { kind: "failed", reason: "node-lost", message: "Not ready within 1 min 00 s, and node n-1 is gone by now." },
  ],
  ["an application that is slow", "ready", begun, { kind: "timed-out", message: "Not ready within 1 min 00 s." }],
  ["a node that could not be asked", "unknown", begun, { kind: "timed-out", message: "Not ready within 1 min 00 s." }],
  [
    "a kubelet that is there and silent",
    "ready",
    bound,
    { kind: "timed-out", message: "Not ready within 1 min 00 s on node n-1; its kubelet has not said a word of the pod." },
  ],
])("%s", (_name, state, observations, expected) => {
  expect(timeoutOutcome(60_000, "n-1", state, observations)).toEqual(expected);
});
