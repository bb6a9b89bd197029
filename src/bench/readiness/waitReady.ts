import type { Call } from "../../base/log.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { Observation } from "../observation.ts";
import { mainContainer } from "../observe/podSnapshot.ts";
import type { PodSighting, PodTarget } from "../observe/podSighting.ts";
import type { Readiness } from "../plan.ts";
import type { PollReport } from "../trial.ts";
import type { Ask } from "./attempt.ts";
import { grpcAsk } from "./grpc.ts";
import { httpAsk } from "./http.ts";
import type { PodRoutes } from "./podHttp.ts";
import { pollUntilReady } from "./poll.ts";
import { exitReady, lineReady, podReady } from "./sightedReady.ts";
import { tcpAsk } from "./tcp.ts";
import { textPattern } from "./textPattern.ts";

/** One pod that is waited for: what to look for, and where its sightings come from (`observePod` of the same target). */
export interface WaitTarget extends PodTarget {
  readonly sightings: AsyncIterable<PodSighting>;
}

export interface ReadyOutcome {
  /** The mark `ready`, from one or two sources. */
  readonly observations: readonly Observation[];
  /** Absent where nothing is asked: a line of output, the exit, the pod's own `Ready`. */
  readonly poll?: PollReport;
}

/** What `observePod` must look out for, so that the readiness needs no connection of its own. */
export function observedFor(readiness: Readiness): Pick<PodTarget, "output" | "exitCode"> {
  if (readiness.kind === "exit") return { output: { until: "end" }, exitCode: readiness.code };
  if (readiness.kind !== "log") return { output: { until: "first-line" } };
  const pattern = textPattern(readiness.pattern);
  return { output: { until: "found", find: ({ text }) => pattern.matches(text) } };
}

/**
 * Resolves when the pod is ready in the plan's sense. Does not look at failures, which come as sightings; whoever gives up aborts. Rejects
 * with the signal's reason, when the cluster does not permit the question, or when a pattern is too slow.
 */
export async function waitReady(readiness: Readiness, target: WaitTarget, cluster: Cluster, call: Call): Promise<ReadyOutcome> {
  switch (readiness.kind) {
    case "pod":
      return { observations: await podReady(target.sightings, target.lagBoundMs) };
    case "log":
      return { observations: await lineReady(target.sightings) };
    case "exit":
      return { observations: await exitReady(target.sightings, target, readiness.code) };
    case "http":
      return polled(httpAsk(readiness.question, routesOf(target, call), cluster), target, call);
    case "tcp":
      return polled(tcpAsk(readiness.port, target.pod, cluster), target, call);
    case "grpc":
      return polled(grpcAsk(readiness.port, readiness.service, target.pod, cluster), target, call);
  }
}

/** The questions begin when the container exists; before, nothing of it can answer, and asking would only load the node while it pulls. */
async function polled(ask: Ask, target: WaitTarget, call: Call): Promise<ReadyOutcome> {
  const began = await containerExists(target);
  const { observation, poll } = await pollUntilReady(ask, began, call);
  return { observations: [observation], poll };
}

async function containerExists({ sightings, container }: WaitTarget): Promise<number> {
  let earliestEpochMs = Number.NEGATIVE_INFINITY;
  for await (const sighting of sightings) {
    if (sighting.kind === "observed") {
      const { mark, clock, earliestEpochMs: earliest } = sighting.observation;
      if (clock !== "client") continue;
      earliestEpochMs = Math.max(earliestEpochMs, earliest);
      if (mark === "container-created" || mark === "started") return earliestEpochMs;
    }
    if (sighting.kind === "pod" && (mainContainer(sighting.pod, container)?.state.kind ?? "waiting") !== "waiting") return earliestEpochMs;
  }
  throw new Error("The observation of the pod ended without a reason.");
}

function routesOf({ pod, sightings }: WaitTarget, call: Call): PodRoutes {
  let hasAddress = false;
  void (async () => {
    for await (const sighting of sightings) {
      if (sighting.kind === "pod" && sighting.pod.ip !== undefined) {
        hasAddress = true;
        return;
      }
    }
  })().catch((error: unknown) => call.log?.debug("The pod's address was not seen", { why: String(error) }));
  return { pod, closed: new Set(), hasAddress: () => hasAddress, proxy: "untried" };
}
