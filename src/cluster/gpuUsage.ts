import type { Call } from "../base/log.ts";
import type { Cluster } from "./cluster.ts";
import { fieldsAt, listAt, textAt } from "./fields.ts";
import { isGpuResource } from "./gpuDescription.ts";
import { collectObjects } from "./lists.ts";
import { parseQuantity } from "./quantity.ts";

/** How many GPUs the pods of each node hold: node → resource → count. */
export type GpuUsage = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Of all pods that hold a node's resources only node and GPUs are kept. Needs `list pods` in all namespaces. */
export async function readGpuUsage(cluster: Cluster, call: Call): Promise<GpuUsage> {
  const query = { fieldSelector: "spec.nodeName!=,status.phase!=Succeeded,status.phase!=Failed" };
  const { items } = await collectObjects(cluster, "/api/v1/pods", query, heldGpus, call);
  const usage = new Map<string, Map<string, number>>();
  for (const { node, gpus } of items) {
    const ofNode = usage.get(node) ?? new Map<string, number>();
    for (const [name, count] of gpus) ofNode.set(name, (ofNode.get(name) ?? 0) + count);
    usage.set(node, ofNode);
  }
  return usage;
}

interface HeldGpus {
  readonly node: string;
  readonly gpus: ReadonlyMap<string, number>;
}

/** Undefined: the pod holds none. */
function heldGpus(pod: unknown): HeldGpus | undefined {
  const spec = fieldsAt(pod, "spec");
  const node = textAt(spec, "nodeName");
  if (node === undefined) return undefined;
  const gpus = gpuRequests(spec);
  return gpus.size === 0 ? undefined : { node, gpus };
}

/**
 * The GPUs that the scheduler counts for a pod: the sum over its containers, or what an init container needs while it runs, if that is more.
 * Init containers that stay (`restartPolicy: Always`) count with the containers and beside the later init containers.
 */
export function gpuRequests(spec: unknown): ReadonlyMap<string, number> {
  const sidecars = new Map<string, number>();
  const most = new Map<string, number>();
  for (const container of listAt(spec, "initContainers")) {
    const isSidecar = textAt(container, "restartPolicy") === "Always";
    for (const [name, count] of requestsOf(container)) {
      if (isSidecar) sidecars.set(name, (sidecars.get(name) ?? 0) + count);
      most.set(name, Math.max(most.get(name) ?? 0, (sidecars.get(name) ?? 0) + (isSidecar ? 0 : count)));
    }
  }
  const together = new Map(sidecars);
  for (const container of listAt(spec, "containers")) {
    for (const [name, count] of requestsOf(container)) together.set(name, (together.get(name) ?? 0) + count);
  }
  for (const [name, count] of together) most.set(name, Math.max(most.get(name) ?? 0, count));
  return most;
}

/** Of GPUs a limit is also the request. */
function requestsOf(container: unknown): readonly (readonly [string, number])[] {
  const amounts = { ...fieldsAt(container, "resources", "limits"), ...fieldsAt(container, "resources", "requests") };
  return Object.entries(amounts)
    .filter(([name]) => isGpuResource(name))
    .map(([name, amount]) => [name, Math.max(0, Math.ceil(parseQuantity(amount) ?? 0))] as const)
    .filter(([, count]) => count > 0);
}
