import type { WithProblems } from "../../base/text.ts";
import { nearestName } from "./nearestName.ts";
import type { WorkloadReference } from "./planDraft.ts";

/** A kind of object that makes pods: where the API has it, and what people call it. */
export interface WorkloadKind {
  readonly kind: string;
  /** From the API server's root up to the namespaces. */
  readonly apiRoot: string;
  readonly plural: string;
  readonly names: readonly string[];
}

export const workloadKinds: readonly WorkloadKind[] = [
  { kind: "Deployment", apiRoot: "/apis/apps/v1", plural: "deployments", names: ["deployment", "deployments", "deploy"] },
  { kind: "StatefulSet", apiRoot: "/apis/apps/v1", plural: "statefulsets", names: ["statefulset", "statefulsets", "sts"] },
  { kind: "DaemonSet", apiRoot: "/apis/apps/v1", plural: "daemonsets", names: ["daemonset", "daemonsets", "ds"] },
  { kind: "ReplicaSet", apiRoot: "/apis/apps/v1", plural: "replicasets", names: ["replicaset", "replicasets", "rs"] },
  { kind: "Job", apiRoot: "/apis/batch/v1", plural: "jobs", names: ["job", "jobs"] },
  { kind: "CronJob", apiRoot: "/apis/batch/v1", plural: "cronjobs", names: ["cronjob", "cronjobs", "cj"] },
  { kind: "Pod", apiRoot: "/api/v1", plural: "pods", names: ["pod", "pods", "po"] },
];

/** Reads `deployment/app`, as kubectl has it; undefined, with a problem, when it is none. */
export function parseWorkload(text: string): WithProblems<WorkloadReference | undefined> {
  const [kindText = "", name, ...more] = text.trim().split("/");
  const wanted = kindText.toLowerCase();
  const known = workloadKinds.find(({ names }) => names.includes(wanted));
  if (!known) {
    const names = workloadKinds.map(({ names }) => names[0] ?? "");
    const near = nearestName(wanted, names);
    const advice = near === undefined ? `write KIND/NAME with one of ${names.join(", ")}` : `write ${near}/${name ?? "NAME"}`;
    return bad(`"${text}" is no workload: ${advice}.`);
  }
  if (name === undefined || more.length > 0 || !/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name)) {
    return bad(`"${text}" does not name one object: write ${known.names[0]}/NAME, for example ${known.names[0]}/app.`);
  }
  return { value: { kind: known.kind, name }, problems: [] };
}

function bad(message: string): WithProblems<undefined> {
  return { value: undefined, problems: [{ severity: "error", message }] };
}
