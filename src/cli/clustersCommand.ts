import type { Call } from "../base/log.ts";
import type { Problem } from "../base/text.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { connectCluster } from "../cluster/connect.ts";
import { listContexts, type ClusterContext } from "../cluster/contexts.ts";
import { isApiFailure } from "../cluster/errors.ts";
import { listGpuPools, type GpuPool } from "../cluster/gpuPools.ts";
import { listRuntimeClasses, snapshotterOf, type RuntimeClass, type SnapshotterGuess } from "../cluster/runtimeClasses.ts";
import { clusterSourceOf, type ClusterArguments } from "./clusterSource.ts";
import { printClusters, printContexts } from "./printClusters.ts";

export interface ClustersArguments extends ClusterArguments {
  readonly json?: boolean;
}

/** What is printed, and what `--json` gives as it is. */
export interface ClustersAnswer {
  readonly context: string;
  readonly server: string;
  readonly pools: readonly GpuPool[];
  readonly runtimeClasses: readonly (RuntimeClass & { readonly guess: SnapshotterGuess })[];
  readonly contexts: readonly ClusterContext[];
  readonly problems: readonly Problem[];
}

export async function clustersCommand(given: ClustersArguments, call: Call): Promise<void> {
  const source = clusterSourceOf(given);
  const { value: contexts, problems } = await listContexts(source);
  let answer: ClustersAnswer;
  try {
    const cluster = await connectCluster(source, call);
    answer = await lookAt(cluster, contexts, problems, call);
  } catch (error) {
    // Which others there are helps to choose one.
    if (!given.json && contexts.length > 1) process.stdout.write(printContexts(contexts));
    throw error;
  }
  process.stdout.write(given.json ? `${JSON.stringify(answer)}\n` : printClusters(answer));
}

async function lookAt(
  cluster: Cluster,
  contexts: readonly ClusterContext[],
  problems: readonly Problem[],
  call: Call,
): Promise<ClustersAnswer> {
  const [pools, classes] = await Promise.all([listGpuPools(cluster, {}, call), runtimeClassesIfAllowed(cluster, call)]);
  const nodes = pools.value.flatMap((pool) => pool.nodes);
  return {
    context: cluster.context,
    server: cluster.server,
    pools: pools.value,
    runtimeClasses: classes.map((each) => ({ ...each, guess: snapshotterOf(each, nodes) })),
    contexts,
    problems: [...problems, ...pools.problems],
  };
}

async function runtimeClassesIfAllowed(cluster: Cluster, call: Call): Promise<readonly RuntimeClass[]> {
  try {
    return await listRuntimeClasses(cluster, call);
  } catch (error) {
    if (isApiFailure(error) && error.code === "cluster-forbidden") return [];
    throw error;
  }
}
