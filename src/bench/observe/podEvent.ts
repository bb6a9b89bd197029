import { foreignLine } from "../../base/foreignText.ts";
import { fieldsAt, fieldsOf, textAt } from "../../cluster/fields.ts";
import { stampEpochMs } from "./stamp.ts";

/** One Kubernetes event (core/v1) about a pod. */
export interface PodEvent {
  /** Of the pod, not of the event. */
  readonly podUid: string;
  /** `Scheduled`, `Pulling`, `FailedScheduling`. */
  readonly reason: string;
  readonly message: string;
  readonly isWarning: boolean;
  /** The container that it is about; absent: the pod as a whole. */
  readonly container: { readonly name: string; readonly isInit: boolean } | undefined;
  /** When it happened for the first time, and how fine that stamp is; absent when it has none. */
  readonly stamp: { readonly atEpochMs: number; readonly resolutionMs: number } | undefined;
  /** How often it has happened so far: a repeated event is the same object with a higher count. */
  readonly count: number;
}

/** The kubelet stamps whole seconds; components on the newer recorder (the scheduler) stamp µs in `eventTime`. Undefined without a pod's uid. */
export function readPodEvent(value: unknown): PodEvent | undefined {
  const involved = fieldsAt(value, "involvedObject");
  const podUid = textAt(involved, "uid");
  if (podUid === undefined || textAt(involved, "kind") !== "Pod") return undefined;
  const count = fieldsOf(value)["count"];
  const seriesCount = fieldsAt(value, "series")["count"];
  return {
    podUid,
    reason: foreignLine(textAt(value, "reason") ?? "", 100),
    message: foreignLine(textAt(value, "message") ?? "", 1000),
    isWarning: textAt(value, "type") === "Warning",
    container: containerOf(textAt(involved, "fieldPath")),
    stamp: stampOf(value),
    count: Math.max(1, ...[count, seriesCount].filter((one) => typeof one === "number")),
  };
}

function stampOf(value: unknown): PodEvent["stamp"] {
  const fine = stampEpochMs(textAt(value, "eventTime"));
  if (fine !== undefined) return { atEpochMs: fine, resolutionMs: 0.001 };
  const whole = stampEpochMs(textAt(value, "firstTimestamp"));
  return whole === undefined ? undefined : { atEpochMs: whole, resolutionMs: 1000 };
}

/** From `spec.containers{app}` or `spec.initContainers{setup}` (kubelet `container/ref.go`); a container without a name in it is told by index. */
function containerOf(fieldPath: string | undefined): PodEvent["container"] {
  const match = /^spec\.(containers|initContainers)\{([a-z0-9-]{1,63})\}$/.exec(fieldPath ?? "");
  return match ? { name: match[2] ?? "", isInit: match[1] === "initContainers" } : undefined;
}
