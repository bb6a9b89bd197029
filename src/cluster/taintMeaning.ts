import type { Taint } from "./nodes.ts";

/**
 * What a taint says of its node. `reserved`: a person or a cloud keeps it for certain pods, such as those with GPUs. `passing`: the node is
 * cordoned, ill, not set up yet or going away, and a pod that went there all the same would not start. `control-plane`, `virtual`: it runs the
 * cluster itself, or is no machine but a service that takes the place of one, and runs none but its own pods (Fargate, virtual kubelets).
 */
export type TaintMeaning = "reserved" | "passing" | "control-plane" | "virtual";

/**
 * Keys from the documentation of Kubernetes ("Well-Known Labels, Annotations and Taints"), its autoscaler, Karpenter, AKS, EKS and virtual-kubelet.
 * Drivers of networks and disks take theirs away once they run: `node.cilium.io/agent-not-ready`, `ebs.csi.aws.com/agent-not-ready`.
 */
const meanings: readonly (readonly [RegExp, TaintMeaning])[] = [
  [/^(?:node\.kubernetes\.io\/|node\.cloudprovider\.kubernetes\.io\/|ToBeDeleted|DeletionCandidate)/, "passing"],
  [/^karpenter\.sh\/|\/agent-not-ready$|^startup-taint\.cluster-autoscaler\.kubernetes\.io\//, "passing"],
  [/^node-role\.kubernetes\.io\/(?:control-plane|master|etcd|controlplane)$/, "control-plane"],
  [/^(?:virtual-kubelet\.io\/provider|eks\.amazonaws\.com\/compute-type)$/, "virtual"],
];

export function taintMeaning({ key }: Taint): TaintMeaning {
  return meanings.find(([pattern]) => pattern.test(key))?.[1] ?? "reserved";
}

/** Pods that do not tolerate it stay away; with `PreferNoSchedule` they may come. */
export function keepsPodsAway({ effect }: Taint): boolean {
  return effect === "NoSchedule" || effect === "NoExecute";
}
