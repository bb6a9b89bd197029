import type { Call } from "../../base/log.ts";
import { imageOf, mainOf, workloadOf } from "../../bench/plan/workload.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { isApiFailure } from "../../cluster/errors.ts";
import { fieldsAt, textAt } from "../../cluster/fields.ts";
import { collectObjects } from "../../cluster/lists.ts";
import type { WorkloadReference } from "../../bench/plan/planDraft.ts";
import type { BenchSubject } from "./benchAnswers.ts";

type WorkloadSubject = Extract<BenchSubject, { kind: "workload" }>;

/** The cluster's own machinery is no one's service. */
const systemNamespaces = /^(?:kube-|gke-|amazon-|gpu-operator$|calico-|tigera-)/;

/** Deployments with the image of their main container, by name; of the context's namespace where not all may be listed, none where none may. */
export async function deploymentOffers(cluster: Cluster, call: Call): Promise<readonly WorkloadSubject[]> {
  const list = async (path: string): Promise<readonly WorkloadSubject[]> =>
    (await collectObjects(cluster, path, {}, (object) => subjectOf({ kind: "Deployment", ...(object as object) }), call)).items;
  const paths = ["/apis/apps/v1/deployments", `/apis/apps/v1/namespaces/${encodeURIComponent(cluster.namespace)}/deployments`];
  for (const path of paths) {
    try {
      const offers = (await list(path)).filter(({ reference }) => !systemNamespaces.test(reference.namespace ?? ""));
      return [...offers].sort((a, b) => (nameOf(a.reference) < nameOf(b.reference) ? -1 : 1));
    } catch (error) {
      if (!isApiFailure(error) || error.code !== "cluster-forbidden") throw error;
    }
  }
  return [];
}

/** What a Deployment or pod runs; undefined when it has no image that could be compared. */
export function subjectOf(object: unknown): WorkloadSubject | undefined {
  const { value: workload } = workloadOf(object, undefined);
  const image = workload && imageOf(workload);
  const metadata = fieldsAt(object, "metadata");
  const name = textAt(metadata, "name");
  if (!workload || image === undefined || name === undefined) return undefined;
  const reference = { kind: textAt(object, "kind") ?? "Deployment", name, namespace: textAt(metadata, "namespace") };
  return { kind: "workload", reference, image, hasReadinessProbe: "readinessProbe" in mainOf(workload) };
}

/** `team-a/app`. */
export function nameOf({ namespace, name }: WorkloadReference): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
