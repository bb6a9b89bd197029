import type { ClusterSource } from "../cluster/contexts.ts";

/** Where a cluster is found, as all commands take it. */
export interface ClusterArguments {
  readonly context?: string;
  readonly kubeconfig?: string;
}

/** Whoever types a command trusts their kubeconfig. */
export function clusterSourceOf({ context, kubeconfig }: ClusterArguments): ClusterSource {
  return {
    allowCommands: true,
    ...(context !== undefined && { context }),
    ...(kubeconfig !== undefined && { kubeconfigPath: kubeconfig }),
  };
}
