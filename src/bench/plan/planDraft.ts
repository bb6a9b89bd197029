import type { Arm, ColdnessLevel, HttpQuestion, NodeTarget, Readiness } from "../plan.ts";

/** What a person asked for, as far as they said it, by file or by options. `completePlan` fills in what is absent. */
export interface PlanDraft {
  readonly name?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  readonly target?: NodeTarget | undefined;
  /** For arms that name none. */
  readonly image?: string | undefined;
  readonly arms?: readonly ArmDraft[] | undefined;
  readonly workload?: WorkloadDraft | undefined;
  readonly readiness?: Readiness | undefined;
  readonly firstRequest?: HttpQuestion | undefined;
  readonly trialsPerArm?: number | undefined;
  readonly seed?: number | undefined;
  readonly trialTimeoutMs?: number | undefined;
  readonly coldness?: ColdnessLevel | undefined;
  readonly podsAtOnce?: number | undefined;
  readonly gpuCount?: number | undefined;
  readonly gpuResource?: string | undefined;
  readonly limits?: { readonly maxDurationMs?: number | undefined; readonly maxCost?: number | undefined } | undefined;
  readonly pricePerNodeHour?: number | undefined;
  readonly currency?: string | undefined;
  readonly probeImage?: string | undefined;
}

export interface ArmDraft {
  readonly name: string;
  readonly image?: string | undefined;
  readonly runtimeClassName?: string | undefined;
  readonly snapshotter?: string | undefined;
  readonly isLazy?: boolean | undefined;
  readonly pullPolicy?: Arm["pullPolicy"] | undefined;
  readonly podPatch?: Readonly<Record<string, unknown>> | undefined;
}

/** Where the pod comes from; the caller fetches it and hands it to `workloadOf`. */
export type WorkloadDraft =
  | { readonly kind: "object"; readonly reference: WorkloadReference; readonly container?: string | undefined }
  /** `path` as written: relative to the plan's folder. */
  | {
      readonly kind: "file";
      readonly path: string;
      readonly reference?: WorkloadReference | undefined;
      readonly container?: string | undefined;
    }
  | ({ readonly kind: "options" } & PlainContainer);

/** An object of the cluster or of a manifest. */
export interface WorkloadReference {
  /** As Kubernetes writes it, for example `Deployment`. */
  readonly kind: string;
  readonly name: string;
  /** Absent: the run's namespace. */
  readonly namespace?: string | undefined;
}

/** A container that is put together from options. What is absent is the image's own. */
export interface PlainContainer {
  readonly command?: readonly string[] | undefined;
  readonly args?: readonly string[] | undefined;
  readonly env?: readonly EnvironmentVariable[] | undefined;
  /** Told to Kubernetes only; nothing depends on it. */
  readonly port?: number | undefined;
}

export type EnvironmentVariable =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly secret: { readonly name: string; readonly key: string } };
