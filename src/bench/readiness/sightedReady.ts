import type { PodSighting } from "../observe/podSighting.ts";
import { mainContainer, trueCondition } from "../observe/podSnapshot.ts";
import type { Observation } from "../observation.ts";

/** The pod's own `Ready`, as the API server tells it: that is what Services go by, however late the kubelet is. */
export async function podReady(sightings: AsyncIterable<PodSighting>, lagBoundMs: number): Promise<readonly Observation[]> {
  for await (const sighting of sightings) {
    if (sighting.kind !== "pod") continue;
    const ready = trueCondition(sighting.pod, "Ready");
    if (!ready) continue;
    const at = sighting.receivedAtEpochMs;
    const arrival: Observation = {
      mark: "ready",
      atEpochMs: at,
      earliestEpochMs: Math.min(at, sighting.heardUntilEpochMs ?? at) - lagBoundMs,
      latestEpochMs: at,
      clock: "client",
      source: "pod-watch",
    };
    return ready.sinceEpochMs === undefined ? [arrival] : [arrival, wholeSecond(ready.sinceEpochMs)];
  }
  throw endedEarly();
}

/** The first matching line, which the observer looks for. */
export async function lineReady(sightings: AsyncIterable<PodSighting>): Promise<readonly Observation[]> {
  for await (const sighting of sightings) if (sighting.kind === "line-found") return sighting.observations;
  throw endedEarly();
}

/**
 * The end of the container with the right code: the kubelet tells of it, and ends the output, up to a second late, so both are bounds, and the
 * runtime's stamp of a whole second stands beside them. Another code is a failure, which the observer tells.
 */
export async function exitReady(sightings: AsyncIterable<PodSighting>, container: string, code: number): Promise<readonly Observation[]> {
  let earliestEpochMs = Number.NEGATIVE_INFINITY;
  let outputEnded: number | undefined;
  for await (const sighting of sightings) {
    if (sighting.kind === "observed" && sighting.observation.clock === "client")
      earliestEpochMs = Math.max(earliestEpochMs, sighting.observation.earliestEpochMs);
    if (sighting.kind === "output-ended") {
      outputEnded = sighting.atEpochMs;
      earliestEpochMs = Math.max(earliestEpochMs, sighting.earliestEpochMs);
    }
    if (sighting.kind !== "pod") continue;
    const state = mainContainer(sighting.pod, container)?.state;
    if (state?.kind !== "terminated" || state.exitCode !== code) continue;
    const isFromOutput = outputEnded !== undefined && outputEnded < sighting.receivedAtEpochMs;
    const at = isFromOutput ? (outputEnded ?? 0) : sighting.receivedAtEpochMs;
    const arrival: Observation = {
      mark: "ready",
      atEpochMs: at,
      earliestEpochMs: Math.min(at, earliestEpochMs),
      latestEpochMs: at,
      clock: "client",
      source: isFromOutput ? "log-watch" : "pod-watch",
      detail: `exit code ${code}`,
    };
    return state.finishedAtEpochMs === undefined ? [arrival] : [arrival, wholeSecond(state.finishedAtEpochMs)];
  }
  throw endedEarly();
}

function wholeSecond(atEpochMs: number): Observation {
  return {
    mark: "ready",
    atEpochMs: atEpochMs + 500,
    earliestEpochMs: atEpochMs,
    latestEpochMs: atEpochMs + 1000,
    clock: "node",
    source: "pod-status",
  };
}

/** An observation ends by its signal's reason only. */
function endedEarly(): Error {
  return new Error("The observation of the pod ended without a reason.");
}
