import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Observation, PullReport } from "../../../src/bench/observation.ts";
import { readPodEvent } from "../../../src/bench/observe/podEvent.ts";
import { beginObservations, seeEvent, seePod, type Arrival } from "../../../src/bench/observe/podObservations.ts";
import { readPod } from "../../../src/bench/observe/podSnapshot.ts";

interface Recorded {
  readonly kind: "pod" | "event";
  readonly receivedAtEpochMs: number;
  readonly object: unknown;
}

const recorded = JSON.parse(readFileSync("test/fixtures/observe/start.json", "utf8")) as readonly Recorded[];
const began = recorded[0]?.receivedAtEpochMs ?? 0;

function observe(items: readonly (Recorded & Partial<Arrival>)[], container = "app"): { observations: Observation[]; pulls: PullReport[] } {
  let state = beginObservations(container, 25);
  const observations: Observation[] = [];
  const pulls: PullReport[] = [];
  for (const item of items) {
    const pod = item.kind === "pod" ? readPod(item.object) : undefined;
    const event = item.kind === "event" ? readPodEvent(item.object) : undefined;
    const step = pod ? seePod(state, pod, item) : event ? seeEvent(state, event, item) : { state, observations: [] };
    state = step.state;
    observations.push(...step.observations);
    if ("pull" in step && step.pull) pulls.push(step.pull);
  }
  return { observations, pulls };
}

/** `mark source at [earliest, latest]`, in ms since the first arrival; other clocks than ours as seconds of the recording. */
function lines(observations: readonly Observation[]): string[] {
  return observations.map(({ mark, source, clock, atEpochMs, earliestEpochMs, latestEpochMs }) => {
    const at = [atEpochMs, earliestEpochMs, latestEpochMs].map((ms) => Math.round(ms - began));
    return clock === "client"
      ? `${mark} ${source} ${at[0]} [${at[1]}, ${at[2]}]`
      : `${mark} ${source} ${clock} ±${Math.round((latestEpochMs - earliestEpochMs) / 2)}`;
  });
}

test("a recorded start: the main container's marks, each once per source, though it is started twice", () => {
  const { observations, pulls } = observe(recorded);
  expect(lines(observations)).toMatchInlineSnapshot(`
    [
      "created pod-watch 0 [-25, 0]",
      "created pod-status cluster ±500",
      "scheduled pod-watch 9 [-16, 9]",
      "scheduled pod-status cluster ±500",
      "scheduled event-watch 10 [-15, 10]",
      "scheduled event-stamp cluster ±0",
      "sandbox pod-watch 231 [206, 231]",
      "sandbox event-watch 233 [-15, 233]",
      "pull-start event-watch 1189 [1164, 1189]",
      "pull-start event-stamp node ±500",
      "pulled event-watch 1213 [1184, 1213]",
      "pulled event-stamp node ±500",
      "pulled event-text 1209 [1184, 1210]",
      "container-created event-watch 1240 [1211, 1240]",
      "container-created event-stamp node ±500",
      "started event-watch 1369 [1340, 1369]",
      "started event-stamp node ±500",
      "started pod-watch 1384 [1211, 1384]",
      "started pod-status node ±500",
    ]
  `);
  expect(pulls).toMatchInlineSnapshot(`
    [
      {
        "alreadyPresent": false,
        "durationMs": 20,
        "imageSizeBytes": 1149930,
        "includingWaitingMs": 20,
      },
    ]
  `);
});

test("events that arrive before the pod wait for it; those of another pod of the name do not count", () => {
  const events = recorded.filter(({ kind }) => kind === "event");
  const pods = recorded.filter(({ kind }) => kind === "pod");
  const { observations } = observe([...events, ...pods]);
  const early = observations.filter(({ source }) => source === "event-watch").map(({ mark }) => mark);
  expect(early).toEqual(["scheduled", "sandbox", "pull-start", "pulled", "container-created", "started"]);
  const strange = pods.map((item) => ({ ...item, object: withUid(item.object, "other") }));
  expect(observe([...strange, ...events]).observations.every(({ source }) => source !== "event-watch")).toBe(true);
});

/** Form as in kubernetes#138644: an event about a volume's image names the pod without a container. */
test("an image that is a volume is pulled in the sandbox, and makes none of the container's marks", () => {
  const [pod, ...events] = recorded.filter(({ kind }) => kind === "event");
  const { involvedObject } = pod?.object as { involvedObject: Record<string, unknown> };
  const whole = { ...involvedObject, fieldPath: undefined };
  const message = 'Container image "registry.example/weights:1" already present on machine and can be accessed by the pod';
  const volume = {
    kind: "Event",
    reason: "Pulled",
    message,
    type: "Normal",
    count: 1,
    firstTimestamp: "2026-04-28T12:54:45Z",
    involvedObject: whole,
  };
  const items: Recorded[] = [
    ...recorded.filter(({ kind, receivedAtEpochMs }) => kind === "pod" && receivedAtEpochMs < began + 100),
    { kind: "event", receivedAtEpochMs: began + 150, object: volume },
    ...events,
  ];
  const { observations, pulls } = observe(items);
  expect(lines(observations).filter((line) => /^(?:sandbox|pull)/.test(line) && !line.includes(" node "))).toEqual([
    "sandbox event-watch 150 [-16, 150]",
    "pull-start event-watch 1189 [1164, 1189]",
    "pulled event-watch 1213 [1184, 1213]",
    "pulled event-text 1209 [1184, 1210]",
  ]);
  expect(pulls.map(({ alreadyPresent }) => alreadyPresent)).toEqual([false]);
});

test("what arrives after a gap may have happened since it began", () => {
  const late = recorded.map((item) => ({ ...item, ...(item.receivedAtEpochMs > began + 1210 && { heardUntilEpochMs: began + 900 }) }));
  const { observations } = observe(late);
  expect(lines(observations).filter((line) => line.startsWith("container-created event-watch"))).toMatchInlineSnapshot(`
    [
      "container-created event-watch 1240 [1184, 1240]",
    ]
  `);
});

test("an arrival that lay while this process was held is earlier by that", () => {
  const { observations } = observe(recorded.map((item) => ({ ...item, stalledMs: 40 })));
  expect(lines(observations).filter((line) => line.startsWith("container-created event-watch"))).toEqual([
    "container-created event-watch 1240 [1171, 1240]",
  ]);
});

test("arrivals that contradict the span of the pull widen what comes after them", () => {
  const slow = recorded.map((item) => ({
    ...item,
    receivedAtEpochMs: item.receivedAtEpochMs + (item.receivedAtEpochMs > began + 1200 ? 60 : 0),
  }));
  const told = lines(observe(slow).observations).filter((line) => /^(?:pulled|container-created) event/.test(line));
  expect(told.filter((line) => !line.includes("node"))).toEqual([
    "pulled event-watch 1273 [1184, 1273]",
    "pulled event-text 1209 [1184, 1210]",
    "container-created event-watch 1300 [1211, 1300]",
  ]);
});

test("a sandbox that is told of long after the pull has begun is told late: it may have been there since the scheduling", () => {
  const old = recorded.map((item) =>
    item.kind === "pod" && item.receivedAtEpochMs < began + 1250 ? { ...item, object: withoutSandbox(item.object) } : item,
  );
  const sandbox = lines(observe(old).observations).filter((line) => line.startsWith("sandbox"));
  expect(sandbox).toMatchInlineSnapshot(`
    [
      "sandbox event-watch 233 [-15, 233]",
      "sandbox pod-watch 1384 [-15, 1384]",
    ]
  `);
});

test("after a retried pull the message's span is of the last try only and makes no mark; a present image is no pull", () => {
  const pod = recorded[0] as Recorded;
  const event = (reason: string, message: string, count: number): Recorded => ({
    kind: "event",
    receivedAtEpochMs: began + 50,
    object: { involvedObject: { kind: "Pod", uid: readPod(pod.object)?.uid, fieldPath: "spec.containers{app}" }, reason, message, count },
  });
  const pulled = 'Successfully pulled image "x" in 1s (1s including waiting). Image size: 5 bytes.';
  const sources = (items: Recorded[]) =>
    observe([pod, ...items])
      .observations.filter(({ mark }) => mark === "pulled")
      .map(({ source }) => source);
  expect(sources([event("Pulling", "", 1), event("Pulled", pulled, 1)])).toEqual(["event-watch", "event-text"]);
  expect(sources([event("Pulling", "", 2), event("Pulled", pulled, 1)])).toEqual(["event-watch"]);
  expect(sources([event("Pulling", "", 1), event("Pulling", "", 2), event("Pulled", pulled, 1)])).toEqual(["event-watch"]);
  const present = observe([pod, event("Pulled", 'Container image "x" already present on machine', 1)]);
  expect(present.pulls).toEqual([{ durationMs: 0, alreadyPresent: true }]);
  expect(present.observations.some(({ mark }) => mark === "pull-start")).toBe(false);
});

function withUid(object: unknown, uid: string): unknown {
  const pod = object as { metadata: object };
  return { ...pod, metadata: { ...pod.metadata, uid } };
}

function withoutSandbox(object: unknown): unknown {
  const pod = object as { status: { conditions?: { type: string }[] } };
  const conditions = (pod.status.conditions ?? []).filter(({ type }) => type !== "PodReadyToStartContainers");
  return { ...pod, status: { ...pod.status, conditions } };
}
