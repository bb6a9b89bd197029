import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Mark } from "../../../src/bench/observation.ts";
import { untilObserved } from "../../../src/bench/observe/untilObserved.ts";
import { stageEndsOf, type StageEnd } from "../../../src/bench/stageEnds.ts";
import { ascending, median } from "../../../src/stats/quantiles.ts";
import { makeNamespace, type OwnNamespace } from "../cluster/ownNamespace.ts";
import { tinyImage } from "../parts/cluster.ts";
import { poll } from "../parts/process.ts";
import { containerdEvents, containersOf, type RuntimeEvent } from "./containerdEvents.ts";
import { startPod } from "./startedPod.ts";

/**
 * Marks of 20 starts against clocks beside Kubernetes: containerd's own events, and for the application the runtime's stamp of the line that it
 * writes when it begins to serve. Prints the errors.
 */

const trialCount = 20;
/** What a mark may be off by beside the resolution that it states. */
const allowedMs = 20;

let own: OwnNamespace;
beforeAll(async () => void (own = await makeNamespace()));
afterAll(() => own.remove());

test("each mark lies as near to the truth as it says", { timeout: 240_000 }, async () => {
  const runtime = await containerdEvents();
  const errors = new Map<Mark, { errorMs: number; widthMs: number }[]>();
  const beside: string[] = [];
  for (let trial = 0; trial < trialCount; trial++) {
    for (const [mark, truthEpochMs, end] of await oneStart(trial, runtime.events)) {
      const list = errors.get(mark) ?? [];
      errors.set(mark, [...list, { errorMs: end.atEpochMs - truthEpochMs, widthMs: end.latestEpochMs - end.earliestEpochMs }]);
      const besideMs = Math.max(end.earliestEpochMs - truthEpochMs, truthEpochMs - end.latestEpochMs);
      if (besideMs > allowedMs) beside.push(`${mark} (${end.source}) of start ${trial} is ${besideMs.toFixed(1)} ms beside its interval`);
    }
  }
  await runtime.stop();
  for (const [mark, list] of errors) console.log(shown(mark, list));
  expect(beside).toEqual([]);
  expect([...errors.values()].every((list) => list.length === trialCount)).toBe(true);
});

async function oneStart(trial: number, events: readonly RuntimeEvent[]): Promise<[Mark, number, StageEnd][]> {
  const before = events.length;
  const pause = 150_000 + trial * 37_000;
  const pod = await startPod(
    own,
    { kind: "http", question: { scheme: "http", port: 8080, path: "/health", method: "GET", headers: {} } },
    {
      script: `usleep ${pause}; echo serving; exec httpd -f -p 8080 -h /www`,
      container: { image: ownImage },
      spec: { nodeSelector: { "kubernetes.io/hostname": "node-a" } },
    },
  );
  try {
    const ready = await pod.ready();
    expect(await untilObserved(pod.target.sightings, ["first-output", "started"], 10_000, {})).toBe(true);
    // What was seen is collected by another reader, right after.
    await sleep(0);
    const mine = await poll("containerd's events", () => startOf(events.slice(before), pod.target.pod.name));
    // The node is this machine.
    const { ends } = stageEndsOf([...pod.observations(), ...ready.observations], { node: { offsetMs: 0, errorMs: 0 } });
    const serving = pod.observations().find(({ mark, source }) => mark === "first-output" && source === "log-stamp");
    const truth: [Mark, number][] = [...mine, ["ready", serving?.atEpochMs ?? Number.NaN]];
    expect(truth.every(([, at]) => Number.isFinite(at))).toBe(true);
    return truth.map(([mark, at]) => [mark, at, ends.get(mark) as StageEnd]);
  } finally {
    await pod.end();
    await sleep(100);
  }
}

/** The image by a name that no other test uses, so that its events are this pod's. */
const ownImage = tinyImage.replace("10.201.0.2:5000", "127.0.0.1:15555");

/** Sandbox, image, container and start, once all have come. */
async function startOf(events: readonly RuntimeEvent[], pod: string): Promise<[Mark, number][] | false> {
  const ids = await containersOf(pod);
  const own = events.filter(({ topic, body }) => topic === "/containers/create" && ids.includes(String(body["id"])));
  const isSandbox = ({ body }: RuntimeEvent): boolean => String(body["image"]).includes("/pause:");
  const sandbox = own.find(isSandbox)?.body["id"];
  const main = own.find((event) => !isSandbox(event));
  const started = (id: unknown) => events.find(({ topic, body }) => topic === "/tasks/start" && body["container_id"] === id)?.atEpochMs;
  const image = events.findLast(({ topic, body }) => topic.startsWith("/images/") && body["name"] === ownImage)?.atEpochMs;
  const [sandboxAt, startedAt] = [started(sandbox), started(main?.body["id"])];
  if (sandboxAt === undefined || image === undefined || !main || startedAt === undefined) return false;
  return [
    ["sandbox", sandboxAt],
    ["pulled", image],
    ["container-created", main.atEpochMs],
    ["started", startedAt],
  ];
}

function shown(mark: Mark, list: readonly { readonly errorMs: number; readonly widthMs: number }[]): string {
  const errors = ascending(list.map(({ errorMs }) => errorMs));
  const ms = (value: number | undefined): string => `${(value ?? Number.NaN).toFixed(1)} ms`;
  return `${mark}: error ${ms(errors[0])} to ${ms(errors.at(-1))}, median ${ms(median(errors))}; stated resolution ${ms(median(list.map(({ widthMs }) => widthMs)))}; n = ${list.length}`;
}
