import { expect, test } from "vitest";
import { PodWatcher } from "../../../src/bench/observe/podWatcher.ts";

const target = {
  pod: { namespace: "default", name: "web" },
  container: "app",
  lagBoundMs: 25,
  output: { until: "first-line" },
} as const;
const pod = { metadata: { name: "web", uid: "1", creationTimestamp: "2026-01-01T00:00:00Z" }, spec: {}, status: {} };
const pulling = {
  metadata: { name: "web.1" },
  involvedObject: { kind: "Pod", uid: "1", fieldPath: "spec.containers{app}" },
  reason: "Pulling",
  type: "Normal",
  message: "Pulling image",
  count: 1,
};
const foundAtEpochMs = 1_000_000;
const lostAtEpochMs = foundAtEpochMs - 600;

// Kubelets tell of what they could not write again after 10 s.
test.each<[string, boolean, number, number]>([
  ["right after a cut: as wide as the cut", false, 1000, 1000 + 600 + 25],
  ["long after a cut: as fine as ever", false, 5000, 25],
  ["a kubelet's next try after an outage: as wide as the outage", true, 11_000, 11_000 + 600 + 25],
  ["long after an outage: as fine as ever", true, 60_000, 25],
])("a mark %s", (_name, isOutage, afterMs, widthMs) => {
  const watcher = new PodWatcher(target, { takeMs: () => 0, stop() {} });
  const receivedAtEpochMs = foundAtEpochMs + afterMs;
  const sightings = [
    ...watcher.see({ kind: "pod", event: { kind: "listed", objects: [pod], receivedAtEpochMs: lostAtEpochMs - 30_000 } }),
    ...watcher.see({ kind: "event", event: { kind: "reconnected", lostAtEpochMs, foundAtEpochMs, isOutage, why: "" } }),
    ...watcher.see({ kind: "event", event: { kind: "changed", type: "ADDED", object: pulling, receivedAtEpochMs } }),
  ];
  const widths = sightings.flatMap((sighting) =>
    sighting.kind === "observed" && sighting.observation.mark === "pull-start" && sighting.observation.source === "event-watch"
      ? [sighting.observation.latestEpochMs - sighting.observation.earliestEpochMs]
      : [],
  );
  expect(widths).toEqual([widthMs]);
});
