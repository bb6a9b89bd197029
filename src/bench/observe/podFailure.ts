import type { FailureReason } from "../trial.ts";
import type { PodEvent } from "./podEvent.ts";
import { trueCondition, type ContainerSnapshot, type PodSnapshot } from "./podSnapshot.ts";

/** Why a pod will not become ready, or not without help. */
export interface PodFailure {
  readonly reason: FailureReason;
  /** What the cluster said, one line. */
  readonly message: string;
  /** How long it may stay so before the trial ends: 0 where nothing that follows could be a clean start any more. */
  readonly patienceMs: number;
}

/**
 * A failed pull is tried again only after ten seconds or more, and such a start is comparable with none; the same goes for a crash. A
 * sandbox and a container's configuration are tried again every second or so, and often come right; a place may become free.
 */
const patienceMs = {
  none: 0,
  sandbox: 20_000,
  configuration: 5_000,
  unschedulable: 15_000,
} as const;

/**
 * What one version of the pod tells of failure. `exitCode` is the one that counts as success where the plan waits for the container to
 * end; otherwise any end before readiness is a failure.
 */
export function failureOfPod(pod: PodSnapshot, container: string, exitCode?: number): PodFailure | undefined {
  return wholePodFailure(pod) ?? containerFailure(pod, container, exitCode) ?? schedulingFailure(pod);
}

/** What an event tells that the pod's status does not, or not yet. */
export function failureOfEvent(event: PodEvent): PodFailure | undefined {
  const message = event.message;
  switch (event.reason) {
    case "FailedScheduling":
      return { reason: "unschedulable", message, patienceMs: patienceMs.unschedulable };
    case "FailedCreatePodSandBox":
      return { reason: "sandbox", message, patienceMs: patienceMs.sandbox };
    case "Evicted":
    case "Preempted":
    case "Preempting":
    case "TaintManagerEviction":
      // A cancelled eviction by taint has the same reason.
      return message.startsWith("Cancelling")
        ? undefined
        : { reason: "evicted", message: `${event.reason}: ${message}`, patienceMs: patienceMs.none };
    case "NodeNotReady":
      return { reason: "node-lost", message, patienceMs: patienceMs.none };
    case "ErrImageNeverPull":
    case "InspectFailed":
      return { reason: "image-pull", message, patienceMs: patienceMs.none };
    case "DeadlineExceeded":
      return { reason: "other", message: `DeadlineExceeded: ${message}`, patienceMs: patienceMs.none };
    default:
      return undefined;
  }
}

/** Events after which a sandbox or a place was found after all. */
export const progressReasons: ReadonlySet<string> = new Set(["Scheduled", "Pulling", "Pulled", "Created", "Started"]);

function wholePodFailure(pod: PodSnapshot): PodFailure | undefined {
  const disruption = trueCondition(pod, "DisruptionTarget");
  if (disruption) {
    // Set by the scheduler, the eviction API, the taint manager, the garbage collector of pods, or the kubelet.
    const reason: FailureReason =
      disruption.reason === "DeletionByPodGC" || disruption.reason === "DeletionByTaintManager" ? "node-lost" : "evicted";
    return { reason, message: said(disruption.reason, disruption.message), patienceMs: patienceMs.none };
  }
  if (pod.phase === "Failed" && pod.reason !== "") {
    const reason: FailureReason = wholePodReasons[pod.reason] ?? "other";
    return { reason, message: said(pod.reason, pod.message), patienceMs: patienceMs.none };
  }
  if (pod.reason === "NodeLost" || pod.phase === "Unknown") {
    return { reason: "node-lost", message: said("NodeLost", pod.message), patienceMs: patienceMs.none };
  }
  if (pod.isDeleted) return { reason: "pod-deleted", message: "Someone removed the pod.", patienceMs: patienceMs.none };
  return undefined;
}

/** Beside these the kubelet has refused the pod (`OutOfcpu`, `NodeAffinity`, `UnexpectedAdmissionError`) or its deadline passed. */
const wholePodReasons: Readonly<Record<string, FailureReason | undefined>> = {
  Evicted: "evicted",
  Preempting: "evicted",
  Preempted: "evicted",
  Terminated: "evicted",
  NodeShutdown: "node-lost",
  Shutdown: "node-lost",
  NodeLost: "node-lost",
};

function containerFailure(pod: PodSnapshot, container: string, exitCode: number | undefined): PodFailure | undefined {
  for (const one of pod.containers) {
    const found = waitingFailure(one) ?? endedFailure(one, container, exitCode);
    if (found) return found;
  }
  return undefined;
}

function waitingFailure({ name, state, previous }: ContainerSnapshot): PodFailure | undefined {
  if (state.kind !== "waiting") return undefined;
  switch (state.reason) {
    case "ErrImagePull":
    case "ImagePullBackOff":
    case "ErrImageNeverPull":
    case "InvalidImageName":
    case "ImageInspectError":
    case "RegistryUnavailable":
    case "SignatureValidationFailed":
    case "ImageVolumeMountFailed":
      return { reason: "image-pull", message: said(state.reason, state.message), patienceMs: patienceMs.none };
    case "CreateContainerConfigError":
      return { reason: "container-create", message: said(state.reason, state.message), patienceMs: patienceMs.configuration };
    case "CreateContainerError":
    case "PreCreateHookError":
    case "PreStartHookError":
    case "PostStartHookError":
    case "RunContainerError":
      return { reason: "container-create", message: said(state.reason, state.message), patienceMs: patienceMs.none };
    case "CrashLoopBackOff":
      return {
        reason: "container-crashed",
        message: `The container ${name} ended${previous ? ` with code ${previous.exitCode}${inBrackets(previous.reason)}` : ""} and is started again and again.`,
        patienceMs: patienceMs.none,
      };
    default:
      return undefined;
  }
}

function endedFailure(
  { name, isInit, state, previous }: ContainerSnapshot,
  container: string,
  exitCode: number | undefined,
): PodFailure | undefined {
  const ended = state.kind === "terminated" ? state : previous;
  if (!ended) return undefined;
  const isMain = !isInit && name === container;
  if (isMain ? ended.exitCode === exitCode : ended.exitCode === 0) return undefined;
  const wanted = isMain && exitCode !== undefined ? `; ${exitCode} was to come` : "";
  return {
    // The runtime could not even execute the command: `StartError`, `ContainerCannotRun`.
    reason: /^(?:StartError|ContainerCannotRun|ContainerStatusUnknown)$/.test(ended.reason) ? "container-create" : "container-crashed",
    message: `The container ${name} ended with code ${ended.exitCode}${inBrackets(ended.reason)}${wanted}.`,
    patienceMs: patienceMs.none,
  };
}

function schedulingFailure(pod: PodSnapshot): PodFailure | undefined {
  const refused = pod.conditions.find(({ type, isTrue, reason }) => type === "PodScheduled" && !isTrue && reason !== "");
  return refused && { reason: "unschedulable", message: said(refused.reason, refused.message), patienceMs: patienceMs.unschedulable };
}

function said(reason: string, message: string): string {
  return message === "" ? reason : `${reason}: ${message}`;
}

function inBrackets(reason: string): string {
  return reason === "" || reason === "Error" || reason === "Completed" ? "" : ` (${reason})`;
}
