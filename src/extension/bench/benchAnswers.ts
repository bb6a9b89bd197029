import type { NodeTarget, Readiness } from "../../bench/plan.ts";
import type { WorkloadReference } from "../../bench/plan/planDraft.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { RuntimeClass, SnapshotterGuess } from "../../cluster/runtimeClasses.ts";
import type { ClusterNodes } from "../clusters/clusters.ts";

/** What the questions of "Benchmark Cold Start…" have been answered with so far. */
export interface BenchAnswers {
  readonly cluster?: Cluster;
  readonly nodes?: ClusterNodes;
  readonly runtimes?: readonly OfferedRuntime[];
  readonly target?: NodeTarget;
  readonly subject?: BenchSubject;
  readonly gpus?: GpuAnswer;
  readonly arms?: readonly ArmAnswer[];
  readonly readiness?: Readiness;
  readonly trialsPerArm?: number;
  readonly probe?: ProbeConsent;
}

/** What the pods run. */
export type BenchSubject =
  | { readonly kind: "image"; readonly image: string }
  | { readonly kind: "workload"; readonly reference: WorkloadReference; readonly image: string; readonly hasReadinessProbe: boolean };

export interface GpuAnswer {
  readonly count: number;
  readonly resource: string;
}

/** A way to run the image that the cluster has. */
export interface OfferedRuntime {
  /** Also the arm's name. */
  readonly name: string;
  /** Absent: pods without a RuntimeClass. */
  readonly runtimeClass?: RuntimeClass;
  readonly guess: SnapshotterGuess;
}

export interface ArmAnswer {
  readonly runtime: OfferedRuntime;
  /** Absent: the subject's. */
  readonly image?: string;
}

/** `always`: not asked again for this context. `no`: unprivileged, at coldness L0. */
export type ProbeConsent = "once" | "always" | "no";

/** What is known before the first question, from the place where the command was given. */
export interface BenchStart {
  readonly contextName?: string | undefined;
  readonly target?: NodeTarget | undefined;
  readonly subject?: BenchSubject | undefined;
  readonly workload?: WorkloadReference | undefined;
}
