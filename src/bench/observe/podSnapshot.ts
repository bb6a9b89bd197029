import { fieldsAt, fieldsOf, listAt, textAt } from "../../cluster/fields.ts";
import { foreignLine } from "../../base/foreignText.ts";
import { stampEpochMs } from "./stamp.ts";

/** What one version of a Pod object tells of its start. Stamps are whole seconds, each on the clock of who set it. */
export interface PodSnapshot {
  readonly uid: string;
  /** Set by the API server. */
  readonly createdAtEpochMs: number | undefined;
  /** Someone asked for the pod's removal. */
  readonly isDeleted: boolean;
  readonly node: string | undefined;
  /** `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`; empty when absent. */
  readonly phase: string;
  /** Absent until the kubelet's first status after the sandbox, which comes up to a second after the container has started. */
  readonly ip: string | undefined;
  /** Why the pod as a whole failed: `Evicted`, `DeadlineExceeded`. */
  readonly reason: string;
  readonly message: string;
  readonly conditions: readonly PodCondition[];
  /** Init containers first. */
  readonly containers: readonly ContainerSnapshot[];
}

export interface PodCondition {
  readonly type: string;
  readonly isTrue: boolean;
  readonly sinceEpochMs: number | undefined;
  readonly reason: string;
  readonly message: string;
}

export interface ContainerSnapshot {
  readonly name: string;
  readonly isInit: boolean;
  readonly restarts: number;
  readonly state: ContainerState;
  /** How the run before this one ended; absent for the first. */
  readonly previous: Terminated | undefined;
}

export type ContainerState =
  | { readonly kind: "waiting"; readonly reason: string; readonly message: string }
  | { readonly kind: "running"; readonly startedAtEpochMs: number | undefined }
  | Terminated;

/** The container's own termination message is left out: it may hold anything. */
export interface Terminated {
  readonly kind: "terminated";
  readonly exitCode: number;
  readonly reason: string;
  readonly startedAtEpochMs: number | undefined;
  readonly finishedAtEpochMs: number | undefined;
}

/** Undefined when the value has no uid, so is no pod of an API server. */
export function readPod(value: unknown): PodSnapshot | undefined {
  const metadata = fieldsAt(value, "metadata");
  const status = fieldsAt(value, "status");
  const uid = textAt(metadata, "uid");
  if (uid === undefined) return undefined;
  return {
    uid,
    createdAtEpochMs: stampEpochMs(textAt(metadata, "creationTimestamp")),
    isDeleted: textAt(metadata, "deletionTimestamp") !== undefined,
    node: textAt(fieldsAt(value, "spec"), "nodeName"),
    phase: textAt(status, "phase") ?? "",
    ip: textAt(status, "podIP"),
    reason: line(status, "reason"),
    message: line(status, "message"),
    conditions: listAt(status, "conditions").map(readCondition),
    containers: [
      ...listAt(status, "initContainerStatuses").map((one) => readContainer(one, true)),
      ...listAt(status, "containerStatuses").map((one) => readContainer(one, false)),
    ],
  };
}

/** The pod's main container; undefined until the kubelet has told of it. */
export function mainContainer(pod: PodSnapshot, name: string): ContainerSnapshot | undefined {
  return pod.containers.find((one) => !one.isInit && one.name === name);
}

/** Undefined when the condition is absent or not true. */
export function trueCondition(pod: PodSnapshot, type: string): PodCondition | undefined {
  return pod.conditions.find((one) => one.type === type && one.isTrue);
}

function readCondition(value: unknown): PodCondition {
  return {
    type: textAt(value, "type") ?? "",
    isTrue: textAt(value, "status") === "True",
    sinceEpochMs: stampEpochMs(textAt(value, "lastTransitionTime")),
    reason: line(value, "reason"),
    message: line(value, "message"),
  };
}

function readContainer(value: unknown, isInit: boolean): ContainerSnapshot {
  const restarts = fieldsOf(value)["restartCount"];
  const previous = readState(fieldsAt(value, "lastState"));
  return {
    name: textAt(value, "name") ?? "",
    isInit,
    restarts: typeof restarts === "number" ? restarts : 0,
    state: readState(fieldsAt(value, "state")),
    previous: previous.kind === "terminated" ? previous : undefined,
  };
}

function readState(state: unknown): ContainerState {
  const fields = fieldsOf(state);
  if ("running" in fields) return { kind: "running", startedAtEpochMs: stampEpochMs(textAt(fields["running"], "startedAt")) };
  if ("terminated" in fields) {
    const ended = fields["terminated"];
    const exitCode = fieldsOf(ended)["exitCode"];
    return {
      kind: "terminated",
      exitCode: typeof exitCode === "number" ? exitCode : -1,
      reason: line(ended, "reason"),
      startedAtEpochMs: stampEpochMs(textAt(ended, "startedAt")),
      finishedAtEpochMs: stampEpochMs(textAt(ended, "finishedAt")),
    };
  }
  return { kind: "waiting", reason: line(fields["waiting"], "reason"), message: line(fields["waiting"], "message") };
}

function line(value: unknown, key: string): string {
  return foreignLine(textAt(value, key) ?? "");
}
