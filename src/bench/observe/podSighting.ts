import type { Problem } from "../../base/text.ts";
import type { LogLine, PodName } from "../../cluster/cluster.ts";
import type { Observation, PullReport } from "../observation.ts";
import type { PodFailure } from "./podFailure.ts";
import type { Arrival } from "./podObservations.ts";
import type { PodSnapshot } from "./podSnapshot.ts";

/** One thing that was seen of a pod's start. */
export type PodSighting =
  /** The watches listen: the pod may be created now. Always the first. */
  | { readonly kind: "listening" }
  | { readonly kind: "observed"; readonly observation: Observation }
  | { readonly kind: "pulled"; readonly pull: PullReport }
  /** Each version of the pod that came. */
  | ({ readonly kind: "pod"; readonly pod: PodSnapshot } & Arrival)
  /** It will not become ready, after the patience that this failure has; told once for each reason. */
  | { readonly kind: "failed"; readonly failure: PodFailure; readonly atEpochMs: number }
  /** A container was started again: whatever comes now is no first start. */
  | { readonly kind: "restarted"; readonly container: string }
  /** The first line of output that the watcher was asked to find. */
  | { readonly kind: "line-found"; readonly observations: readonly Observation[] }
  /** The container's output ended. Told again when it was only the connection that had ended. */
  | { readonly kind: "output-ended"; readonly atEpochMs: number; readonly earliestEpochMs: number }
  /** The node told that the container's streams closed, at once. An application may close them long before it ends. */
  | { readonly kind: "streams-closed"; readonly atEpochMs: number }
  /** Some connection to the API server was lost for a while: arrivals of the meantime are late. `isOutage`: the server answered nobody. */
  | { readonly kind: "reconnected"; readonly lostAtEpochMs: number; readonly foundAtEpochMs: number; readonly isOutage: boolean }
  | { readonly kind: "problem"; readonly problem: Problem };

/** So long after a cut connection is found again, what comes may still be of the meantime. */
export const cutEchoMs = 2_000;

export interface PodTarget {
  readonly pod: PodName;
  /** Name of the main container. */
  readonly container: string;
  /** How late an arrival from the API server may be; see `lagBoundMs`. Raised when the cluster is slower right before the start. */
  readonly lagBoundMs: number;
  /** The exit code that counts as success, where the plan waits for the container to end. */
  readonly exitCode?: number | undefined;
  /** The output is followed to the first line, to the first that this finds, or to its end. */
  readonly output:
    { readonly until: "first-line" } | { readonly until: "found"; readonly find: (line: LogLine) => boolean } | { readonly until: "end" };
}

/**
 * How late a kubelet's event or status may be here. Kubelet and API server need some ms to write it (4 to 14 were measured against
 * containerd's own events on a busy two-core machine), the way here at most a round trip.
 */
export function lagBoundMs(apiRoundTripMs: number): number {
  return 20 + apiRoundTripMs;
}
