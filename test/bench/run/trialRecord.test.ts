import { expect, test } from "vitest";
import type { Observation, PullReport } from "../../../src/bench/observation.ts";
import type { PodSighting } from "../../../src/bench/observe/podSighting.ts";
import { taintsOf, TrialRecord } from "../../../src/bench/run/trialRecord.ts";
import type { ColdnessProof, LazinessProof } from "../../../src/bench/trial.ts";

const cold: ColdnessProof = {
  wanted: "L3",
  reached: "L3",
  checks: [{ what: "no layer in the content store", passed: true, found: "0 of 3" }],
  durationMs: 1,
};
const layerLeft: ColdnessProof = {
  ...cold,
  reached: "L1",
  checks: [{ what: "no layer in the content store", passed: false, found: "1 of 3" }],
};
const snapshotLeft: ColdnessProof = {
  ...cold,
  reached: "L1",
  checks: [{ what: "no snapshot of its layers in soci", passed: false, found: "2 of 3" }],
};
const unlisted: ColdnessProof = {
  ...cold,
  reached: "L1",
  checks: [{ what: "no layer in the content store", passed: false, found: "containerd's content could not be listed" }],
};
const unknown: ColdnessProof = { ...cold, reached: "L0", checks: [{ what: "node looked at", passed: false, found: "nobody looked" }] };
const lazy: LazinessProof = { snapshotter: "soci", mounts: [], isLazy: true, evidence: [] };
const whole: LazinessProof = { ...lazy, isLazy: false };
const pulled = { durationMs: 1, alreadyPresent: false };
const present = { durationMs: 0, alreadyPresent: true };
const started = {
  mark: "started",
  atEpochMs: 5000,
  earliestEpochMs: 4900,
  latestEpochMs: 5000,
  clock: "client",
  source: "event-watch",
} as const;
const plain = {
  observations: [started] as readonly Observation[],
  pull: pulled,
  hasRestarted: false,
  losses: [] as TrialRecord["losses"],
  wasPresent: false,
};

test.each<[string, boolean, Partial<typeof plain>, ColdnessProof, LazinessProof | undefined, string]>([
  ["a clean one", true, {}, cold, lazy, ""],
  ["a plain image that is meant to be plain", false, {}, cold, whole, ""],
  ["the image was there", true, { pull: present }, unknown, lazy, "warm less-cold"],
  ["the image was there, and its layers too: one word for it", true, { pull: present }, layerLeft, lazy, "warm less-cold"],
  ["the image was there, and the registry was asked all the same", false, { wasPresent: true }, cold, whole, "warm"],
  ["a layer was there", true, {}, layerLeft, lazy, "partly-warm less-cold"],
  ["a snapshot was there", true, {}, snapshotLeft, lazy, "partly-warm less-cold"],
  ["layers of which nothing is known", true, {}, unlisted, lazy, "less-cold"],
  ["not as cold as wanted", true, {}, unknown, lazy, "less-cold"],
  ["meant to be lazy and was not", true, {}, cold, whole, "fell-back"],
  ["meant to be lazy, and nobody could look", true, {}, cold, undefined, ""],
  ["started again", false, { hasRestarted: true }, cold, whole, "restarted"],
  [
    "a connection was lost for long",
    false,
    { losses: [{ lostAtEpochMs: 0, foundAtEpochMs: 1500, isOutage: false }] },
    cold,
    whole,
    "cluster-reconnected",
  ],
  [
    "a mark came right after a short loss",
    false,
    { losses: [{ lostAtEpochMs: 4500, foundAtEpochMs: 4600, isOutage: false }] },
    cold,
    whole,
    "cluster-reconnected",
  ],
  // A kubelet told of all that had happened 4.7 s after the API server was back, and 17 s late.
  [
    "the API server was away for a short time",
    false,
    { losses: [{ lostAtEpochMs: 400, foundAtEpochMs: 1000, isOutage: true }] },
    cold,
    whole,
    "cluster-reconnected",
  ],
  // HAProxy and nginx cut watches that are silent for 20 to 60 s (kubeadm#2227, charmed-kubernetes/bundle#450).
  [
    "a proxy cut a silent watch in mid-pull",
    false,
    { losses: [{ lostAtEpochMs: 1000, foundAtEpochMs: 1100, isOutage: false }] },
    cold,
    whole,
    "",
  ],
])("%s: %6$s", (_name, isLazy, changes, coldness, laziness, expected) => {
  expect(taintsOf({ isLazy }, { ...plain, ...changes } as TrialRecord, coldness, laziness).join(" ")).toBe(expected);
});

test("of what is seen the first failure and the first pull count", () => {
  const record = new TrialRecord();
  const failed = (message: string): PodSighting => ({
    kind: "failed",
    failure: { reason: "evicted", message, patienceMs: 0 },
    atEpochMs: 1,
  });
  const observation = {
    mark: "started",
    atEpochMs: 1,
    earliestEpochMs: 1,
    latestEpochMs: 1,
    clock: "client",
    source: "event-watch",
  } as const;
  for (const sighting of [
    { kind: "listening" },
    { kind: "observed", observation },
    { kind: "pulled", pull: pulled },
    { kind: "pulled", pull: present },
    failed("first"),
    failed("second"),
    { kind: "restarted", container: "main" },
    { kind: "reconnected", lostAtEpochMs: 1, foundAtEpochMs: 2, isOutage: true },
    { kind: "problem", problem: { severity: "info", message: "told" } },
  ] satisfies readonly PodSighting[])
    expect(record.add(sighting)).toBe(sighting.kind === "observed" ? observation : undefined);
  expect({ ...record }).toEqual({
    observations: [observation],
    pull: pulled,
    failure: { reason: "evicted", message: "first", patienceMs: 0 },
    hasRestarted: true,
    losses: [{ lostAtEpochMs: 1, foundAtEpochMs: 2, isOutage: true }],
    wasPresent: false,
    otherImage: undefined,
    problems: [{ severity: "info", message: "told" }],
  });
});

test.each<[string, PullReport, readonly string[]]>([
  ["an old kubelet's pull, which does not tell", { durationMs: 4000, alreadyPresent: false }, []],
  ["a pull that did not wait", { durationMs: 4000, includingWaitingMs: 4001, alreadyPresent: false }, []],
  [
    // `Successfully pulled image … in 4s (34s including waiting)`: serializeImagePulls.
    "a pull behind another pod's",
    { durationMs: 4000, includingWaitingMs: 34_000, alreadyPresent: false },
    ["The pull waited 30.0 s for pulls of other pods on the node, which is in its time: 34.0 s."],
  ],
])("%s", (_name, pull, expected) => {
  const record = new TrialRecord();
  record.add({ kind: "pulled", pull });
  record.add({ kind: "pulled", pull });
  expect(record.problems.map(({ message }) => message)).toEqual(expected);
});
