import { formatCount } from "../../base/format.ts";
import type { ClusterNode } from "../../cluster/nodes.ts";
import { gpuPoolsOf, type PoolNode } from "../../cluster/gpuPools.ts";
import type { GpuUsage } from "../../cluster/gpuUsage.ts";
import { noNode } from "../errors.ts";
import type { BenchPlan } from "../plan.ts";

/**
 * The nodes that a plan's trials may run on, by name: ready, not cordoned, and with enough free GPUs as far as that is known. A named node is
 * taken as it is, so that what keeps pods from it shows in the trials. Throws `no-gpu-node` when there is none.
 */
export function chooseNodes(
  plan: Pick<BenchPlan, "target" | "workload">,
  nodes: readonly ClusterNode[],
  usage: GpuUsage | undefined,
): readonly ClusterNode[] {
  const { target, workload } = plan;
  if (target.kind === "node") {
    const named = nodes.filter(({ name }) => name === target.name);
    if (named.length === 0)
      throw noNode(
        `There is no node ${target.name}`,
        nodes.map(({ name }) => name),
      );
    return named;
  }
  const usable = nodes.filter((node) => node.isReady && !node.isCordoned && node.operatingSystem !== "windows");
  const pools = gpuPoolsOf(usable, usage);
  const isPool = target.kind === "pool";
  if (isPool && !pools.some(({ name }) => name === target.name) && !nodes.some(({ pool }) => pool?.name === target.name))
    throw noNode(
      `There is no node pool ${target.name}`,
      pools.map(({ name }) => name),
    );
  const members = isPool ? usable.filter((node) => node.pool?.name === target.name || inPool(node, target.name)) : usable;
  if (workload.gpuCount === 0) {
    if (members.length === 0) throw noNode("No node is ready to take pods", []);
    return [...members].sort(byName);
  }
  const withGpus = pools.flatMap((pool) => pool.nodes).filter((node) => members.some(({ name }) => name === node.name));
  const free = withGpus.filter((node) => hasFree(node, workload.gpuResource, workload.gpuCount));
  if (free.length === 0)
    throw noNode(
      `No ${isPool ? `node of pool ${target.name}` : "node"} has ${formatCount(workload.gpuCount)} free ${workload.gpuResource}`,
      withGpus.map(({ name }) => name),
    );
  return free.sort(byName);

  function inPool(node: ClusterNode, name: string): boolean {
    return pools.some((pool) => pool.name === name && pool.nodes.some((one) => one.name === node.name));
  }
}

/** Unknown counts as free: the scheduler decides, and the trial says so. */
function hasFree(node: PoolNode, resource: string, count: number): boolean {
  return node.freeGpus === undefined || (node.freeGpus[resource] ?? 0) >= count;
}

function byName(one: ClusterNode, other: ClusterNode): number {
  return one.name < other.name ? -1 : 1;
}
