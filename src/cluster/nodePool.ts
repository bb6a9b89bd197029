/** What made a node, and by which label that is known. */
export interface NodePoolName {
  readonly name: string;
  readonly provider: PoolProvider;
  readonly label: string;
}

export type PoolProvider = "Karpenter" | "GKE" | "EKS" | "AKS" | "other";

/** The label of the autoscaler goes before that of the cloud: Karpenter's nodes on EKS and AKS carry both. */
const poolLabels: readonly (readonly [string, PoolProvider])[] = [
  ["karpenter.sh/nodepool", "Karpenter"],
  ["karpenter.sh/provisioner-name", "Karpenter"],
  ["cloud.google.com/gke-nodepool", "GKE"],
  ["eks.amazonaws.com/nodegroup", "EKS"],
  ["alpha.eksctl.io/nodegroup-name", "EKS"],
  ["kubernetes.azure.com/agentpool", "AKS"],
  ["agentpool", "AKS"],
  ["doks.digitalocean.com/node-pool", "other"],
  ["compute.coreweave.com/node-pool", "other"],
  ["k8s.scaleway.com/pool-name", "other"],
  ["lke.linode.com/pool-id", "other"],
  ["vke.vultr.com/node-pool", "other"],
  ["nodepool", "other"],
  ["node.kubernetes.io/pool", "other"],
  ["kops.k8s.io/instancegroup", "other"],
  ["cluster.x-k8s.io/deployment-name", "other"],
];

/** Undefined: no label that is known tells of a pool. */
export function poolOf(labels: Readonly<Record<string, string>>): NodePoolName | undefined {
  for (const [label, provider] of poolLabels) {
    const name = labels[label];
    if (name !== undefined && name !== "") return { name, provider, label };
  }
  return undefined;
}
