import { formatDuration } from "../../base/format.ts";
import type { Observation } from "../observation.ts";
import type { Outcome } from "../trial.ts";

/** A node as it is when a trial's time is over. `gone`: the cluster has it no more; `unknown`: it could not be asked. */
export type NodeState = "ready" | "not-ready" | "gone" | "unknown";

/**
 * What a trial that ran into its timeout met. Of a node whose kubelet went away before the pod's first status nobody tells anything: the node
 * controller's event is for pods that have a condition `Ready` (Kubernetes, `MarkPodsNotReady`), and only the kubelet sets that.
 */
export function timeoutOutcome(timeoutMs: number, node: string, state: NodeState, observations: readonly Observation[]): Outcome {
  const message = `Not ready within ${formatDuration(timeoutMs)}`;
  const silence = observations.some(({ mark }) => mark !== "created" && mark !== "scheduled")
    ? ""
    : "; its kubelet has not said a word of the pod";
  switch (state) {
    case "not-ready":
      return { kind: "failed", reason: "node-lost", message: `${message}, and node ${node} is not ready by now either${silence}.` };
    case "gone":
      return { kind: "failed", reason: "node-lost", message: `${message}, and node ${node} is gone by now.` };
    case "ready":
    case "unknown":
      return { kind: "timed-out", message: silence === "" ? `${message}.` : `${message} on node ${node}${silence}.` };
  }
}
