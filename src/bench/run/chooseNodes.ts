import { formatCount } from "../../base/format.ts";
import type { WithProblems } from "../../base/text.ts";
import type { ClusterNode } from "../../cluster/nodes.ts";
import { gpuPoolsOf, type PoolNode } from "../../cluster/gpuPools.ts";
import type { GpuUsage } from "../../cluster/gpuUsage.ts";
import { keepsPodsAway, taintMeaning } from "../../cluster/taintMeaning.ts";
import { noNode, notContainerd } from "../errors.ts";
import type { BenchPlan, ColdnessLevel } from "../plan.ts";

/**
 * The nodes that a plan's trials may run on, by name: ready, not cordoned, with enough free GPUs as far as that is known, and of one architecture,
 * since an image has other layers on another. Those that run the cluster itself, are no machines, or will not take pods for a while are
 * taken only where there is no other; so are those that are kept for certain pods, where the plan names no pool and asks for no GPU. A named node is
 * taken as it is, so that what keeps pods from it shows in the trials. Throws `no-gpu-node` when there is none, `probe-failed` when none can be made cold.
 */
export function chooseNodes(
  plan: Pick<BenchPlan, "target" | "workload" | "coldness">,
  nodes: readonly ClusterNode[],
  usage: GpuUsage | undefined,
): WithProblems<readonly ClusterNode[]> {
  const { target, workload, coldness } = plan;
  if (target.kind === "node") {
    const named = nodes.filter(({ name }) => name === target.name);
    if (named.length === 0)
      throw noNode(
        `There is no node ${target.name}`,
        nodes.map(({ name }) => name),
      );
    return { value: coolable(named, coldness), problems: [] };
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
    const machines = coolable(rather(members, takesPods), coldness);
    return oneArchitecture(isPool ? machines : rather(machines, isOpen));
  }
  const withGpus = pools.flatMap((pool) => pool.nodes).filter((node) => members.some(({ name }) => name === node.name));
  const free = withGpus.filter((node) => hasFree(node, workload.gpuResource, workload.gpuCount));
  if (free.length === 0)
    throw noNode(
      `No ${isPool ? `node of pool ${target.name}` : "node"} has ${formatCount(workload.gpuCount)} free ${workload.gpuResource}`,
      withGpus.map(({ name }) => name),
    );
  return oneArchitecture(coolable(rather(free, takesPods), coldness));

  function inPool(node: ClusterNode, name: string): boolean {
    return pools.some((pool) => pool.name === name && pool.nodes.some((one) => one.name === node.name));
  }
}

/** Unknown counts as free: the scheduler decides, and the trial says so. */
function hasFree(node: PoolNode, resource: string, count: number): boolean {
  return node.freeGpus === undefined || (node.freeGpus[resource] ?? 0) >= count;
}

/** Those that fit; all where none does. */
function rather(nodes: readonly ClusterNode[], fits: (node: ClusterNode) => boolean): readonly ClusterNode[] {
  const fitting = nodes.filter(fits);
  return fitting.length > 0 ? fitting : nodes;
}

/** Virtual kubelets carry their name in their version, too (`v1.25.0-vk-azure-aci-1.6.1`). */
function takesPods({ taints, kubeletVersion }: ClusterNode): boolean {
  return !kubeletVersion.includes("-vk-") && !taints.some((taint) => keepsPodsAway(taint) && taintMeaning(taint) !== "reserved");
}

function isOpen({ taints }: ClusterNode): boolean {
  return !taints.some(keepsPodsAway);
}

/** Docker keeps images in a store of its own, CRI-O in another: what the probe would find in containerd's proves nothing there. */
function coolable(nodes: readonly ClusterNode[], coldness: ColdnessLevel): readonly ClusterNode[] {
  if (coldness === "L0") return nodes;
  const found = nodes.filter(({ containerRuntimeVersion: runtime }) => runtime === "" || runtime.startsWith("containerd:"));
  const [first] = nodes;
  if (found.length === 0 && first) throw notContainerd(first.name, first.containerRuntimeVersion);
  return found;
}

function oneArchitecture(nodes: readonly ClusterNode[]): WithProblems<readonly ClusterNode[]> {
  const sorted = [...nodes].sort(byName);
  const counts = new Map<string, number>();
  for (const { architecture } of sorted) counts.set(architecture, (counts.get(architecture) ?? 0) + 1);
  const [most, ...others] = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  if (others.length === 0) return { value: sorted, problems: [] };
  const message = `There are nodes of ${[most, ...others].join(" and ")}: only those of ${most} are used, since the image has other layers on the others.`;
  return { value: sorted.filter(({ architecture }) => architecture === most), problems: [{ severity: "info", message }] };
}

function byName(one: ClusterNode, other: ClusterNode): number {
  return one.name < other.name ? -1 : 1;
}
