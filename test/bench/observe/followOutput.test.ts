import { expect, test } from "vitest";
import { followOutput } from "../../../src/bench/observe/followOutput.ts";
import type { PodSighting, PodTarget } from "../../../src/bench/observe/podSighting.ts";
import type { Cluster, LogLine } from "../../../src/cluster/cluster.ts";
import { apiFailure, clusterUnreachable } from "../../../src/cluster/errors.ts";

/** The streams of a log that is asked for several times; a real cluster breaks them only when it likes. */
type Stream = readonly (LogLine | Error)[];

const line = (text: string, at: number, writtenAtEpochMs: number | undefined = at): LogLine => ({
  text,
  writtenAtEpochMs,
  receivedAtEpochMs: at + 1,
});

async function sightings(streams: Stream[], output: PodTarget["output"], hasEnded = () => streams.length === 0): Promise<PodSighting[]> {
  const cluster = {
    async *followLog(_pod: unknown, _container: unknown, { onOpen }: { onOpen?: (at: number) => void }) {
      await Promise.resolve();
      const stream = streams.shift();
      if (!stream) throw new Error("The output was asked for once more.");
      onOpen?.(1000);
      for (const item of stream) {
        if (item instanceof Error) throw item;
        yield item;
      }
    },
  } as unknown as Cluster;
  const target: PodTarget = { pod: { namespace: "n", name: "p" }, container: "app", lagBoundMs: 25, output };
  const surroundings = { startedEarliestEpochMs: () => 900, hasEnded, lagBoundMs: () => 25 };
  const seen: PodSighting[] = [];
  for await (const sighting of followOutput(target, surroundings, cluster, {})) seen.push(sighting);
  return seen;
}

function told(seen: readonly PodSighting[]): string[] {
  return seen.map((sighting) => {
    if (sighting.kind === "observed") {
      const { source, earliestEpochMs, latestEpochMs } = sighting.observation;
      return `${source} [${earliestEpochMs}, ${latestEpochMs}]`;
    }
    if (sighting.kind === "output-ended") return `ended since ${sighting.earliestEpochMs}`;
    return sighting.kind;
  });
}

/** cri-client `logs/logs.go`, ReadLogs. */
const kubeletsOwn: LogLine = {
  text: 'failed to try resolving symlinks in path "/var/log/pods/n_p_1/app/0.log": lstat /var/log/pods/n_p_1/app/0.log: no such file or directory',
  writtenAtEpochMs: undefined,
  receivedAtEpochMs: 1001,
};

test("the first line: what had been waiting may be as old as the container, what comes later is as exact as the way is fast", async () => {
  expect(told(await sightings([[line("a", 1001)]], { until: "first-line" }))).toEqual(["log-stamp [999, 1001]", "log-watch [900, 1002]"]);
  expect(told(await sightings([[line("a", 1200)]], { until: "first-line" }))).toEqual(["log-stamp [1198, 1200]", "log-watch [1176, 1201]"]);
});

test("the kubelet's own words are no output; it is asked again", async () => {
  expect(told(await sightings([[kubeletsOwn], [line("a", 1200)]], { until: "first-line" }))).toEqual([
    "log-stamp [1198, 1200]",
    "log-watch [1176, 1201]",
  ]);
});

test("an output that breaks off is read again from its start, for the line that is looked for", async () => {
  const find = ({ text }: LogLine): boolean => text === "ready";
  const streams = [
    [line("a", 1200), clusterUnreachable("s", "reset")],
    [line("a", 1200), line("ready", 1300)],
  ];
  expect(told(await sightings(streams, { until: "found", find }))).toEqual([
    "log-stamp [1198, 1200]",
    "log-watch [1176, 1201]",
    "line-found",
  ]);
});

test("the end of the output", async () => {
  expect(told(await sightings([[line("a", 1200), line("b", 1300)]], { until: "end" }))).toEqual([
    "log-stamp [1198, 1200]",
    "log-watch [1176, 1201]",
    "ended since 1301",
  ]);
});

test("a missing permission is a problem, not the end of the observation", async () => {
  const message = 'pods is forbidden: User "u" cannot get resource "pods/log" in API group "" in the namespace "n"';
  const denied = apiFailure("c", "GET log", { status: 403, reason: "Forbidden", message });
  expect(told(await sightings([[denied]], { until: "first-line" }))).toEqual(["problem"]);
});
