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

type EndSeen = Pick<Observation, "atEpochMs" | "earliestEpochMs" | "latestEpochMs" | "source">;

/** A status comes up to some seconds late; what was closed longer before was not closed by the container's end. */
const statusPatienceMs = 5_000;

/**
 * The end of the container with the right code. The status that tells the code is late, so the instant is from the streams that closed, or else
 * from the log's end; the runtime's stamp of a whole second stands beside it. Another code is a failure, which the observer tells.
 */
export async function exitReady(
  sightings: AsyncIterable<PodSighting>,
  { container, lagBoundMs }: { readonly container: string; readonly lagBoundMs: number },
  code: number,
): Promise<readonly Observation[]> {
  let floorEpochMs = Number.NEGATIVE_INFINITY;
  let closed: EndSeen | undefined;
  let logEnded: EndSeen | undefined;
  for await (const sighting of sightings) {
    if (sighting.kind === "observed" && sighting.observation.clock === "client")
      floorEpochMs = Math.max(floorEpochMs, sighting.observation.earliestEpochMs);
    if (sighting.kind === "streams-closed") {
      const at = sighting.atEpochMs;
      // The streams close a little before the runtime has seen the end (2 to 19 ms were measured).
      closed = { atEpochMs: at, earliestEpochMs: at - lagBoundMs, latestEpochMs: at + lagBoundMs, source: "log-watch" };
    }
    if (sighting.kind === "output-ended") {
      const { atEpochMs, earliestEpochMs } = sighting;
      logEnded = { atEpochMs, earliestEpochMs, latestEpochMs: atEpochMs, source: "log-watch" };
    }
    // It may have been the connection only that ended.
    if (sighting.kind === "reconnected") logEnded = undefined;
    if (sighting.kind !== "pod") continue;
    const state = mainContainer(sighting.pod, container)?.state;
    if (state?.kind !== "terminated" || state.exitCode !== code) continue;
    const received = sighting.receivedAtEpochMs;
    const late: EndSeen = { atEpochMs: received, earliestEpochMs: floorEpochMs, latestEpochMs: received, source: "pod-watch" };
    const end = [closed, logEnded].find((one) => one && received - one.atEpochMs < statusPatienceMs) ?? late;
    const earliestEpochMs = Math.min(end.atEpochMs, Math.max(end.earliestEpochMs, floorEpochMs));
    const arrival: Observation = { mark: "ready", ...end, earliestEpochMs, clock: "client", detail: `exit code ${code}` };
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
