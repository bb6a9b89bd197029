/**
 * What Coldstart may be allowed to do in a cluster. The rules here are both what is asked of the cluster (`permissions.ts`) and what the
 * printed roles grant (`rbac.ts`).
 */
export const tiers = ["list", "bench", "probe", "boot", "boot-pod"] as const;
export type Tier = (typeof tiers)[number];

/** A tier with those that it rests on. */
export const tierParts: Readonly<Record<Tier, readonly Tier[]>> = {
  list: ["list"],
  bench: ["list", "bench"],
  probe: ["list", "bench", "probe"],
  boot: ["list", "boot"],
  "boot-pod": ["list", "boot-pod"],
};

/** One line of a role, with the reason for it. */
export interface TierRule {
  readonly tier: Tier;
  /** `namespace`: a Role is enough; `cluster`: needs a ClusterRole. */
  readonly scope: "namespace" | "cluster";
  readonly apiGroup: string;
  /** With its subresource: `pods/exec`. */
  readonly resource: string;
  readonly verbs: readonly string[];
  /** What it is needed for, as the end of "needed to …". */
  readonly purpose: string;
  /** Without it the tier works, but tells less. */
  readonly isOptional: boolean;
}

/** What a tier lets Coldstart do, as the end of a sentence. */
export const tierTexts: Readonly<Record<Tier, string>> = {
  list: "see node pools, free GPUs and RuntimeClasses",
  bench: "run benchmarks without a privileged pod (coldness L0)",
  probe: "run a privileged probe pod that makes nodes cold and proves it (L1 to L3)",
  boot: "read the node's own account of its boot through the kubelet",
  "boot-pod": "ask a node about its boot from a pod, with or without privileges",
};

const tierRules: readonly TierRule[] = [
  rule("list", "cluster", "", "nodes", ["get", "list", "watch"], "see nodes and their pools"),
  rule("list", "cluster", "", "pods", ["list"], "count the GPUs that are free", true),
  rule("list", "cluster", "node.k8s.io", "runtimeclasses", ["get", "list"], "see RuntimeClasses", true),
  rule("bench", "namespace", "", "pods", ["create", "get", "list", "watch", "delete"], "run the pods that are measured"),
  rule("bench", "namespace", "", "pods/log", ["get"], "see the first output and readiness by a log line"),
  rule("bench", "namespace", "", "pods/proxy", ["get", "create"], "ask the pod over HTTP whether it is ready"),
  rule("bench", "namespace", "", "pods/portforward", ["get", "create"], "ask the pod over TCP or gRPC whether it is ready"),
  rule("bench", "namespace", "", "pods/attach", ["get", "create"], "know to the ms when a container ended", true),
  rule("bench", "namespace", "", "events", ["list", "watch"], "see when pulls begin and how long they take"),
  rule("bench", "namespace", "apps", "deployments", ["get"], "benchmark an existing Deployment", true),
  rule("bench", "namespace", "apps", "statefulsets", ["get"], "benchmark an existing StatefulSet", true),
  rule("bench", "namespace", "batch", "jobs", ["get"], "benchmark an existing Job", true),
  rule("probe", "namespace", "", "pods/exec", ["get", "create"], "run the probe's commands on the node"),
  rule("boot", "cluster", "", "nodes/proxy", ["get"], "read logs and metrics of the kubelet"),
  rule("boot-pod", "namespace", "", "pods", ["create", "get", "list", "delete"], "make and remove the pod"),
  rule("boot-pod", "namespace", "", "pods/exec", ["get", "create"], "run its commands"),
  rule("boot-pod", "namespace", "", "events", ["list"], "see at once that a node has no D-Bus", true),
];

export function rulesOf(tier: Tier): readonly TierRule[] {
  return tierRules.filter((candidate) => tierParts[tier].includes(candidate.tier));
}

/** Without those of the tiers that it rests on. */
export function ownRulesOf(tier: Tier): readonly TierRule[] {
  return tierRules.filter((candidate) => candidate.tier === tier);
}

function rule(
  tier: Tier,
  scope: TierRule["scope"],
  apiGroup: string,
  resource: string,
  verbs: readonly string[],
  purpose: string,
  isOptional = false,
): TierRule {
  return { tier, scope, apiGroup, resource, verbs, purpose, isOptional };
}
