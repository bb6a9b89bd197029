import { delay, eitherSignal } from "../../base/abort.ts";
import { nowEpochMs } from "../../base/clock.ts";
import type { Call } from "../../base/log.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { isApiFailure } from "../../cluster/errors.ts";
import { podsPath } from "../../cluster/podPath.ts";
import { watchWithResume } from "../../cluster/watchObjects.ts";
import { awaitEnd } from "./awaitEnd.ts";
import { followOutput } from "./followOutput.ts";
import { mergedStreams } from "./mergedStreams.ts";
import type { PodSighting, PodTarget } from "./podSighting.ts";
import { watchStalls } from "./stalls.ts";
import { PodWatcher, type Seen } from "./podWatcher.ts";
import { replayed } from "./replayed.ts";

/**
 * Everything that is seen of one pod's start, from before its creation: the first sighting, `listening`, says that the pod may be created.
 * Three connections: the pod, the events about it, and its output from the moment that the container exists. Many may read; each gets
 * all from the first sighting on. Ends only with the caller's signal, by its reason, or with an error of the pod's watch.
 */
export function observePod(target: PodTarget, cluster: Cluster, call: Call): AsyncIterable<PodSighting> {
  return replayed(sightings(target, cluster, call));
}

async function* sightings(target: PodTarget, cluster: Cluster, call: Call): AsyncGenerator<PodSighting> {
  const stopping = new AbortController();
  const signal = eitherSignal(call.signal, stopping.signal);
  const inner: Call = { ...call, signal };
  const stalls = watchStalls();
  const watcher = new PodWatcher(target, stalls);
  const sources = [
    watched("pod", target, cluster, inner),
    watched("event", target, cluster, inner),
    outputOf(watcher, target, cluster, inner),
    ...(target.output.until === "end" ? [endOf(watcher, target, cluster, inner)] : []),
    listening(watcher, target, cluster, inner),
    ticks(inner),
  ];
  const stop = (): void => {
    stopping.abort();
    stalls.stop();
  };
  for await (const seen of mergedStreams<Seen>(sources, stop)) yield* watcher.see(seen);
}

/** How exactly a failure's patience is kept. */
const tickMs = 250;

async function* watched(kind: "pod" | "event", { pod }: PodTarget, cluster: Cluster, call: Call): AsyncGenerator<Seen> {
  const [part, field] = kind === "pod" ? ["pods", "metadata.name"] : ["events", "involvedObject.name"];
  const path = `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/${part}`;
  const fieldSelector = `${field}=${pod.name}${kind === "event" ? ",involvedObject.kind=Pod" : ""}`;
  try {
    for await (const event of watchWithResume<unknown>(cluster, path, { fieldSelector }, call)) yield { kind, event };
  } catch (error) {
    if (kind === "pod" || !isApiFailure(error) || error.refusal !== "permission") throw error;
    const message = `Events cannot be read, so the pull is not seen and other marks are late: ${error.message}`;
    yield { kind: "sighting", sighting: { kind: "problem", problem: { severity: "warning", message } } };
    yield { kind, event: { kind: "listed", objects: [], receivedAtEpochMs: nowEpochMs() } };
  }
}

async function* outputOf(watcher: PodWatcher, target: PodTarget, cluster: Cluster, call: Call): AsyncGenerator<Seen> {
  await unlessAborted(watcher.containerExists, call);
  for await (const sighting of followOutput(target, watcher, cluster, call)) yield { kind: "sighting", sighting };
}

async function* endOf(watcher: PodWatcher, target: PodTarget, cluster: Cluster, call: Call): AsyncGenerator<Seen> {
  await unlessAborted(watcher.containerExists, call);
  for await (const sighting of awaitEnd(target, () => watcher.hasEnded(), cluster, call)) yield { kind: "sighting", sighting };
}

/**
 * A watch is asked for once its list was taken; answers to later questions tell that it has been begun, and how slow the cluster and this
 * machine are at the moment.
 */
async function* listening(watcher: PodWatcher, { pod }: PodTarget, cluster: Cluster, call: Call): AsyncGenerator<Seen> {
  await unlessAborted(watcher.isListed, call);
  const path = podsPath(pod.namespace);
  for (let question = 0; question < 3; question++) {
    const sentAtEpochMs = nowEpochMs();
    await cluster.request({ method: "GET", path, query: { limit: 1, fieldSelector: `metadata.name=${pod.name}` } }, call);
    watcher.answered(nowEpochMs() - sentAtEpochMs);
  }
  yield { kind: "sighting", sighting: { kind: "listening" } };
}

async function* ticks(call: Call): AsyncGenerator<Seen> {
  for (;;) {
    await delay(tickMs, call.signal);
    yield { kind: "tick" };
  }
}

function unlessAborted(promise: Promise<void>, { signal }: Call): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal?.reason as Error);
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    void promise.then(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
  });
}
