import type { Call } from "../base/log.ts";
import type { Problem, WithProblems } from "../base/text.ts";
import type { Cluster } from "./cluster.ts";
import { isApiFailure } from "./errors.ts";
import { readGpuUsage, type GpuUsage } from "./gpuUsage.ts";
import { listNodes, type ClusterNode, type NodeQuery, type Taint } from "./nodes.ts";
import type { PoolProvider } from "./nodePool.ts";

/** Nodes with GPUs that one pool makes. */
export interface GpuPool {
  /** Of the pool; where no label names one, the instance type, else the GPU, else `other`. */
  readonly name: string;
  readonly provider: PoolProvider | "none";
  /** Label that names the pool: select its nodes by it. Undefined when the nodes carry none. */
  readonly label: string | undefined;
  /** By name. */
  readonly nodes: readonly PoolNode[];
  readonly readyCount: number;
  /** Different ones in one pool are possible with Karpenter; the most frequent first. */
  readonly products: readonly string[];
  readonly instanceTypes: readonly string[];
  /** Sums over the nodes by resource. */
  readonly resources: readonly PoolResource[];
  /** Taints that every node carries. */
  readonly taints: readonly Taint[];
}

/** A node of a pool with what of its GPUs no pod has asked for. */
export interface PoolNode extends ClusterNode {
  /** By resource; undefined when the pods could not be listed. */
  readonly freeGpus: Readonly<Record<string, number>> | undefined;
}

/** One kind of GPU in a pool, counted in devices. */
export interface PoolResource {
  readonly name: string;
  readonly allocatable: number;
  /** On nodes that are ready and not cordoned; undefined when the pods could not be listed. */
  readonly free: number | undefined;
}

/** Lists nodes and pods and groups the nodes with GPUs. Without the permission to list all pods, what is free is unknown and a problem says so. */
export async function listGpuPools(cluster: Cluster, query: NodeQuery, call: Call): Promise<WithProblems<readonly GpuPool[]>> {
  const problems: Problem[] = [];
  const usage = readGpuUsage(cluster, call).catch((error: unknown) => {
    if (!isApiFailure(error) || error.code !== "cluster-forbidden") throw error;
    problems.push({ severity: "warning", message: `How many GPUs are free is not known: ${error.message} ${error.hint}` });
    return undefined;
  });
  const [nodes, used] = await Promise.all([listNodes(cluster, query, call), usage]);
  return { value: gpuPoolsOf(nodes, used), problems };
}

/** Pools by the number of their GPUs, the largest first. `usage` undefined: not known. */
export function gpuPoolsOf(nodes: readonly ClusterNode[], usage: GpuUsage | undefined): readonly GpuPool[] {
  const groups = new Map<string, PoolNode[]>();
  for (const node of nodes) {
    if (!node.gpus) continue;
    const key = JSON.stringify([node.pool?.label ?? "", nameOf(node)]);
    const group = groups.get(key) ?? [];
    group.push({ ...node, freeGpus: freeGpusOf(node, usage) });
    groups.set(key, group);
  }
  const pools = [...groups.values()].map((group) => poolOfNodes(group.sort((a, b) => compare(a.name, b.name))));
  return pools.sort((a, b) => gpuCount(b) - gpuCount(a) || compare(a.name, b.name));
}

/** GPUs of a node that no pod holds; never below 0, even when a device failed that is in use. */
function freeGpusOf(node: ClusterNode, usage: GpuUsage | undefined): Readonly<Record<string, number>> | undefined {
  if (!usage) return undefined;
  const used = usage.get(node.name);
  const resources = node.gpus?.resources ?? [];
  return Object.fromEntries(resources.map(({ name, allocatable }) => [name, Math.max(0, allocatable - (used?.get(name) ?? 0))]));
}

function poolOfNodes(nodes: readonly PoolNode[]): GpuPool {
  const [first] = nodes as readonly [PoolNode, ...PoolNode[]];
  const resourceNames = [...new Set(nodes.flatMap(({ gpus }) => gpus?.resources.map(({ name }) => name) ?? []))].sort();
  return {
    name: nameOf(first),
    provider: first.pool?.provider ?? "none",
    label: first.pool?.label,
    nodes,
    readyCount: nodes.filter(({ isReady }) => isReady).length,
    products: byFrequency(nodes.map(({ gpus }) => gpus?.product)),
    instanceTypes: byFrequency(nodes.map(({ instanceType }) => instanceType)),
    resources: resourceNames.map((name) => resourceOf(nodes, name)),
    taints: first.taints.filter((taint) => nodes.every((node) => node.taints.some((other) => isSameTaint(other, taint)))),
  };
}

function resourceOf(nodes: readonly PoolNode[], name: string): PoolResource {
  const allocatable = sum(nodes.map(({ gpus }) => gpus?.resources.find((resource) => resource.name === name)?.allocatable ?? 0));
  const usable = nodes.filter(({ isReady, isCordoned }) => isReady && !isCordoned);
  const isKnown = nodes.every(({ freeGpus }) => freeGpus !== undefined);
  return { name, allocatable, free: isKnown ? sum(usable.map(({ freeGpus }) => freeGpus?.[name] ?? 0)) : undefined };
}

function nameOf(node: ClusterNode): string {
  return node.pool?.name ?? node.instanceType ?? node.gpus?.product ?? "other";
}

function gpuCount(pool: GpuPool): number {
  return sum(pool.resources.map(({ allocatable }) => allocatable));
}

function byFrequency(values: readonly (string | undefined)[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || compare(a[0], b[0])).map(([value]) => value);
}

function isSameTaint(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.value === b.value && a.effect === b.effect;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** By code units: names of nodes sort alike everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
