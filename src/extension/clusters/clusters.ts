import type * as vscode from "vscode";
import type { Call } from "../../base/log.ts";
import type { Problem, WithProblems } from "../../base/text.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { ClusterContext } from "../../cluster/contexts.ts";
import type { GpuPool } from "../../cluster/gpuPools.ts";
import type { ClusterNode } from "../../cluster/nodes.ts";
import { requireTrust } from "../failure.ts";
import { readBenchSettings } from "../settings.ts";

/** The nodes of a cluster as people choose among them. */
export interface ClusterNodes {
  /** Those with GPUs. */
  readonly pools: readonly GpuPool[];
  readonly others: readonly ClusterNode[];
  readonly problems: readonly Problem[];
}

const refusal = "Coldstart reads no kubeconfig and contacts no cluster in Restricted Mode.";

/** The clusters of the user's kubeconfig. Contexts come from the file alone; a cluster is contacted when somebody asks for what is in it. */
export class Clusters implements vscode.Disposable {
  readonly #connected = new Map<string, Promise<Cluster>>();

  async contexts(): Promise<WithProblems<readonly ClusterContext[]>> {
    requireTrust(refusal);
    const { listContexts } = await import("./clusterEngine.ts");
    return listContexts(this.#source(undefined));
  }

  /** Signs in once for each context; a failure is forgotten, so that the next one to ask tries again. */
  connect(context: string, call: Call): Promise<Cluster> {
    requireTrust(refusal);
    const key = JSON.stringify([readBenchSettings().kubeconfigPath, context]);
    const known = this.#connected.get(key);
    if (known) return orAborted(known, call.signal);
    // Whoever asks first may give up; the others wait on.
    const connecting = import("./clusterEngine.ts").then(({ connectCluster }) =>
      connectCluster(this.#source(context), { ...(call.log && { log: call.log }) }),
    );
    this.#connected.set(key, connecting);
    connecting.catch(() => this.#connected.delete(key));
    return orAborted(connecting, call.signal);
  }

  /** Without the permission to list all pods, what is free is unknown and a problem says so. */
  async nodes(context: string, call: Call): Promise<ClusterNodes> {
    const cluster = await this.connect(context, call);
    const { gpuPoolsOf, isApiFailure, listNodes, readGpuUsage } = await import("./clusterEngine.ts");
    const problems: Problem[] = [];
    const usage = readGpuUsage(cluster, call).catch((error: unknown) => {
      if (!isApiFailure(error) || error.code !== "cluster-forbidden") throw error;
      problems.push({ severity: "warning", message: `How many GPUs are free is not known: ${error.message} ${error.hint}` });
      return undefined;
    });
    const [nodes, used] = await Promise.all([listNodes(cluster, {}, call), usage]);
    const pools = gpuPoolsOf(nodes, used);
    const others = nodes.filter(({ gpus }) => !gpus).sort((a, b) => (a.name < b.name ? -1 : 1));
    return { pools, others, problems };
  }

  /** Signs in anew at the next question. */
  forget(): void {
    this.#connected.clear();
  }

  dispose(): void {
    this.forget();
  }

  #source(context: string | undefined): { kubeconfigPath?: string; context?: string; allowCommands: boolean } {
    const { kubeconfigPath } = readBenchSettings();
    return {
      ...(kubeconfigPath !== undefined && { kubeconfigPath }),
      ...(context !== undefined && { context }),
      // Trust was required before.
      allowCommands: true,
    };
  }
}

/** The work goes on for others; who gave up does not wait for it. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
