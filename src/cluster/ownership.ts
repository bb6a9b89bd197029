import { createHash } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { fieldsAt, textAt, textsAt } from "./fields.ts";

/** Marks of what Coldstart creates, so that all of it can be found again and removed, also after a crash. */
export const managedByLabel = "app.kubernetes.io/managed-by";
export const runLabel = "coldstart.dev/run";
export const ownerLabel = "coldstart.dev/owner";
export const expiresAnnotation = "coldstart.dev/expires";
/** Number of the process that runs the run: when it has ended, what it left is nobody's. */
export const processAnnotation = "coldstart.dev/process";
const managedBy = "coldstart";
/** Karpenter and the cluster autoscaler leave a node alone while a pod with these is on it, so that none goes between two trials. */
const staysAnnotations = { "karpenter.sh/do-not-disrupt": "true", "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" } as const;

/** What stands in the metadata of everything that a run creates. */
export interface OwnerMarks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The marks of a run's objects. Every pod also needs `activeDeadlineSeconds`, which the kubelet keeps when nobody else does. */
export function ownerMarks(runId: string, expiresAtEpochMs: number): OwnerMarks {
  return {
    labels: { [managedByLabel]: managedBy, [runLabel]: runId, [ownerLabel]: ownerId() },
    annotations: {
      [expiresAnnotation]: new Date(expiresAtEpochMs).toISOString(),
      [processAnnotation]: String(process.pid),
      ...staysAnnotations,
    },
  };
}

/** Who on which machine, as a number that tells neither. Runs of others in the same namespace are told apart by it. */
export function ownerId(): string {
  return createHash("sha256").update(`${userName()}@${hostname()}`).digest("hex").slice(0, 16);
}

/** Selects everything that any run created; of one run when it is given. */
export function ownedSelector(runId: string | undefined): string {
  return `${managedByLabel}=${managedBy},${runId === undefined ? runLabel : `${runLabel}=${runId}`}`;
}

/** An object in the cluster that a run created. */
export interface OwnedObject {
  readonly kind: "Pod";
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly runId: string;
  /** `ownerId` of whoever ran it; undefined when it does not say. */
  readonly owner: string | undefined;
  /** On the owner's machine; undefined when it does not say. */
  readonly processId: number | undefined;
  /** Undefined: it was never bound to one. */
  readonly node: string | undefined;
  readonly createdAtEpochMs: number | undefined;
  /** When its run was to be over; undefined when it does not say. */
  readonly expiresAtEpochMs: number | undefined;
  readonly finalizers: readonly string[];
  readonly isTerminating: boolean;
}

/** Undefined when it does not carry the marks. */
export function ownedPodOf(pod: unknown): OwnedObject | undefined {
  const metadata = fieldsAt(pod, "metadata");
  const labels = textsAt(metadata, "labels");
  const annotations = textsAt(metadata, "annotations");
  const [name, namespace, uid, runId] = [
    textAt(metadata, "name"),
    textAt(metadata, "namespace"),
    textAt(metadata, "uid"),
    labels[runLabel],
  ];
  if (name === undefined || namespace === undefined || uid === undefined || runId === undefined || labels[managedByLabel] !== managedBy) {
    return undefined;
  }
  const finalizers = metadata["finalizers"];
  return {
    kind: "Pod",
    namespace,
    name,
    uid,
    runId,
    owner: labels[ownerLabel],
    processId: /^\d{1,9}$/.test(annotations[processAnnotation] ?? "") ? Number(annotations[processAnnotation]) : undefined,
    node: textAt(fieldsAt(pod, "spec"), "nodeName"),
    createdAtEpochMs: timeOf(textAt(metadata, "creationTimestamp")),
    expiresAtEpochMs: timeOf(annotations[expiresAnnotation]),
    finalizers: Array.isArray(finalizers) ? finalizers.filter((finalizer) => typeof finalizer === "string") : [],
    isTerminating: textAt(metadata, "deletionTimestamp") !== undefined,
  };
}

/** Whether nobody runs its run any more: its time is over, or it is of a process on this machine that has ended. */
export function isLeftover(object: OwnedObject, nowEpochMs: number): boolean {
  if (object.expiresAtEpochMs !== undefined && object.expiresAtEpochMs <= nowEpochMs) return true;
  return object.owner === ownerId() && object.processId !== undefined && !isRunning(object.processId);
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, and runs.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function timeOf(text: string | undefined): number | undefined {
  const atEpochMs = Date.parse(text ?? "");
  return Number.isFinite(atEpochMs) ? atEpochMs : undefined;
}

/** Fails for users without an entry, as in some containers. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "");
  }
}
