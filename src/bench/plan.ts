/** A benchmark, complete: all defaults filled in, nothing left to ask. `plan/completePlan.ts` makes it from what a person wrote. */
export interface BenchPlan {
  readonly name: string;
  /** Context of the kubeconfig. */
  readonly context: string;
  readonly namespace: string;
  readonly target: NodeTarget;
  readonly arms: readonly Arm[];
  /** What every arm's pod has beside its image. */
  readonly workload: Workload;
  readonly readiness: Readiness;
  /** A real request, sent once the pod is ready; its answer is the mark `first-answer`. */
  readonly firstRequest?: HttpQuestion;
  readonly trialsPerArm: number;
  /** Order of the arms within each block is drawn from it. */
  readonly seed: number;
  readonly trialTimeoutMs: number;
  /** How cold every trial must be before it starts. */
  readonly coldness: ColdnessLevel;
  /** How many pods of the run may be on one node at a time; 1 unless asked. */
  readonly podsAtOnce: number;
  readonly limits: RunLimits;
  /** Price of one node's hour in `currency`; absent: cost is not told. */
  readonly pricePerNodeHour?: number;
  readonly currency: string;
  /** Image of the privileged probe pod; must have `sh` and `nsenter`. */
  readonly probeImage: string;
}

/** Where the pods go. */
export type NodeTarget =
  { readonly kind: "any" } | { readonly kind: "node"; readonly name: string } | { readonly kind: "pool"; readonly name: string };

/** One thing that is compared with the others. */
export interface Arm {
  readonly name: string;
  readonly image: string;
  /** Absent: the cluster's default. */
  readonly runtimeClassName?: string;
  /** The handler of that RuntimeClass on the nodes; absent when it is not known. */
  readonly runtimeHandler?: string;
  /** What the arm is meant to run on: `overlayfs`, `stargz`, `soci`, `nydus`, `soci-parallel`, or any other name. */
  readonly snapshotter: string;
  /** Whether the image must be mounted lazily; a trial that was not is marked `fell-back`. */
  readonly isLazy: boolean;
  readonly pullPolicy: "Always" | "IfNotPresent";
  /** JSON merge patch (RFC 7386) on the pod, applied last. */
  readonly podPatch?: Readonly<Record<string, unknown>>;
}

/**
 * From an existing pod, Deployment, StatefulSet, Job or manifest, or put together from options. `pod` is a PodSpec with one main
 * container, whose name is `container`; image, RuntimeClass and node are set per arm.
 */
export interface Workload {
  readonly container: string;
  readonly pod: Readonly<Record<string, unknown>>;
  /** Annotations of the pod that its start may depend on. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Where its Secrets, volumes and service account are; absent: it was put together from options. */
  readonly namespace?: string;
  /** Where it came from, for people: `deployment/app in team-a`. */
  readonly origin: string;
  readonly gpuCount: number;
  /** The resource that stands for a GPU: `nvidia.com/gpu`. */
  readonly gpuResource: string;
}

/** One request to the application. Header values and body are the user's own and may hold secrets. */
export interface HttpQuestion {
  readonly scheme: "http" | "https";
  readonly port: number;
  readonly path: string;
  readonly method: "GET" | "POST" | "PUT";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Statuses that count; absent: 200 to 399. */
  readonly statuses?: readonly number[];
  /** The answer's body must match this regular expression. */
  readonly bodyPattern?: string;
}

/** When the users would call the pod ready. */
export type Readiness =
  | { readonly kind: "http"; readonly question: HttpQuestion }
  | { readonly kind: "tcp"; readonly port: number }
  /** `grpc.health.v1.Health/Check` answers SERVING; an empty service asks for the whole server. */
  | { readonly kind: "grpc"; readonly port: number; readonly service: string }
  /** A line of the container's output matches this regular expression. */
  | { readonly kind: "log"; readonly pattern: string }
  | { readonly kind: "exit"; readonly code: number }
  /** The pod's own condition `Ready`. */
  | { readonly kind: "pod" };

/** What a trial began from. Each level holds those below it. */
export const coldnessLevels = ["L0", "L1", "L2", "L3", "L4"] as const;
/** L0 nothing is known, L1 image removed, L2 content and snapshots gone, L3 also page cache dropped, L4 fresh node. */
export type ColdnessLevel = (typeof coldnessLevels)[number];

/** Hard: when one is reached, no trial starts any more and the running one is ended. */
export interface RunLimits {
  readonly maxDurationMs: number;
  /** In the plan's currency; needs `pricePerNodeHour`. */
  readonly maxCost?: number;
}
