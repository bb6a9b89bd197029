import { formatCount } from "../base/format.ts";
import type { ClusterContext } from "../cluster/contexts.ts";
import type { GpuPool, PoolNode } from "../cluster/gpuPools.ts";
import type { ClustersAnswer } from "./clustersCommand.ts";
import { printable, textTable } from "./table.ts";

/** So many nodes of a pool are listed; the pool's row counts all. */
const listedNodes = 12;

/** The answer in one sentence, then pools, nodes, RuntimeClasses and the contexts that could be asked instead. */
export function printClusters(answer: ClustersAnswer): string {
  const { pools, runtimeClasses, contexts, problems } = answer;
  const parts = [`${sentence(answer)}\n`];
  parts.push(...problems.map(({ message }) => `${printable(message)}\n`));
  if (pools.length > 0) parts.push("\nGPU node pools\n", poolTable(pools));
  for (const pool of pools) parts.push(`\nNodes of ${printable(pool.name)}\n`, nodeTable(pool));
  if (runtimeClasses.length > 0) {
    const rows = runtimeClasses.map(({ name, handler, guess }) => [
      printable(name),
      printable(handler),
      guess.snapshotter === undefined ? "unknown" : `${guess.snapshotter} (${guess.likelihood})`,
      printable(guess.evidence[0] ?? ""),
    ]);
    parts.push("\nRuntimeClasses\n", textTable(["name", "handler", "snapshotter", "because"], rows));
  }
  if (contexts.length > 1) parts.push("\n", printContexts(contexts));
  return parts.join("");
}

export function printContexts(contexts: readonly ClusterContext[]): string {
  const rows = contexts.map((context) => [
    context.isCurrent ? "*" : "",
    printable(context.name),
    printable(context.server ?? "no such cluster in the kubeconfig"),
    printable(context.user ?? ""),
    printable(context.namespace),
    context.usesCommands ? "by a program" : "",
  ]);
  return `Contexts\n${textTable(["", "name", "server", "user", "namespace", "signs in"], rows)}`;
}

function sentence({ context, server, pools }: ClustersAnswer): string {
  const where = printable(`${context} (${server})`);
  if (pools.length === 0) return `${where} has no node with a GPU.`;
  const resources = pools.flatMap((pool) => pool.resources);
  const total = resources.reduce((sum, { allocatable }) => sum + allocatable, 0);
  const isKnown = resources.every(({ free }) => free !== undefined);
  const free = resources.reduce((sum, resource) => sum + (resource.free ?? 0), 0);
  const counted = isKnown ? `${formatCount(free)} of ${formatCount(total)} GPUs free` : `${formatCount(total)} GPUs`;
  const nodeCount = pools.reduce((sum, pool) => sum + pool.nodes.length, 0);
  return `${where} has ${counted}, on ${plural(nodeCount, "node")} in ${plural(pools.length, "pool")}.`;
}

function poolTable(pools: readonly GpuPool[]): string {
  const rows = pools.map((pool) => [
    printable(pool.name),
    pool.provider === "none" ? "" : pool.provider,
    printable(pool.products.join(", ")),
    printable(pool.instanceTypes.join(", ")),
    `${pool.readyCount}/${pool.nodes.length}`,
    printable(pool.resources.map(({ name, allocatable, free }) => `${free ?? "?"}/${allocatable} ${name}`).join(", ") || "none yet"),
    printable(pool.taints.map(({ key, value, effect }) => `${key}${value === "" ? "" : `=${value}`}:${effect}`).join(", ")),
  ]);
  return textTable(["name", "by", "GPU", "instance type", ">ready", ">free/all", "taints"], rows);
}

function nodeTable({ nodes }: GpuPool): string {
  const rows = nodes
    .slice(0, listedNodes)
    .map((node) => [
      printable(node.name),
      stateOf(node),
      printable(gpuText(node)),
      printable(node.zone ?? ""),
      printable(node.kubeletVersion),
      printable(node.containerRuntimeVersion),
      printable(node.kernelVersion),
    ]);
  const more = nodes.length > listedNodes ? `  … and ${formatCount(nodes.length - listedNodes)} more\n` : "";
  return textTable(["node", "state", "GPUs", "zone", "kubelet", "runtime", "kernel"], rows) + more;
}

function stateOf({ isReady, isCordoned }: PoolNode): string {
  return `${isReady ? "ready" : "not ready"}${isCordoned ? ", cordoned" : ""}`;
}

function gpuText({ gpus, freeGpus }: PoolNode): string {
  if (!gpus) return "";
  const counts = gpus.resources.map(({ name, allocatable }) => `${freeGpus?.[name] ?? "?"}/${allocatable} free`);
  const memory = gpus.memoryBytes === undefined ? [] : [`${formatCount(gpus.memoryBytes / 2 ** 30)} GiB`];
  const split = gpus.mig === undefined ? [] : [`MIG ${gpus.mig}`];
  const shared = gpus.sharedBy > 1 ? [`shared by ${gpus.sharedBy}`] : [];
  const waiting = gpus.resources.length === 0 ? ["device plugin not ready"] : [];
  return [gpus.product ?? gpus.resources[0]?.name ?? "", ...memory, ...split, ...shared, ...counts, ...waiting].join(", ");
}

function plural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? "" : "s"}`;
}
