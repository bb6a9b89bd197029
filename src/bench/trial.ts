import type { Problem } from "../base/text.ts";
import type { ColdnessLevel } from "./plan.ts";
import type { Observation, PullReport } from "./observation.ts";

/** One pod's start from creation to readiness, as it was observed. */
export interface Trial {
  /** Unique within the run; also part of the pod's name. */
  readonly id: string;
  readonly arm: string;
  /** Trials of one block ran one after another, each arm once, in random order; blocks count from 0. */
  readonly block: number;
  /** Place in the order of execution, from 0. */
  readonly order: number;
  /** Absent: the pod was never bound to a node. */
  readonly node?: string;
  readonly podName: string;
  readonly outcome: Outcome;
  /** In order of arrival. */
  readonly observations: readonly Observation[];
  readonly pull?: PullReport;
  readonly coldness: ColdnessProof;
  readonly laziness?: LazinessProof;
  /** How often the application was asked, how far apart, and how long an answer took: the readiness mark's own error. */
  readonly poll?: PollReport;
  /** Why the trial's times may not be mixed with the others'; empty for a clean one. */
  readonly taints: readonly Taint[];
  readonly problems: readonly Problem[];
}

/** How a trial ended. `timed-out`: it was not ready within the plan's time; no time is made up for it. */
export type Outcome =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly reason: FailureReason; readonly message: string }
  | { readonly kind: "timed-out"; readonly message: string }
  | { readonly kind: "cancelled" };

/** What the cluster or the pod did, as a word that programs can compare. */
export type FailureReason =
  | "image-pull"
  | "container-crashed"
  | "container-create"
  | "sandbox"
  | "unschedulable"
  | "evicted"
  | "node-lost"
  | "pod-deleted"
  | "quota"
  | "admission"
  | "forbidden"
  | "not-cold"
  | "cluster-lost"
  | "other";

/** `warm`: the image was there; `partly-warm`: some of its layers were; `fell-back`: meant to be lazy and was not. */
export type Taint = "warm" | "partly-warm" | "fell-back" | "restarted" | "cluster-reconnected" | "less-cold";

/** The taints to tell people of: a trial that found the image, or a part of it, began less cold for that reason, which is said once. */
export function toldTaints({ taints }: Pick<Trial, "taints">): readonly Taint[] {
  const isWarm = taints.includes("warm") || taints.includes("partly-warm");
  return isWarm ? taints.filter((taint) => taint !== "less-cold") : taints;
}

/** How cold the start was, and what shows it. */
export interface ColdnessProof {
  readonly wanted: ColdnessLevel;
  /** What was reached and verified right before the pod was created. */
  readonly reached: ColdnessLevel;
  /** Each check with what it found, in the order in which they were made. */
  readonly checks: readonly { readonly what: string; readonly passed: boolean; readonly found: string }[];
  /** How long making it cold took; not part of the start. */
  readonly durationMs: number;
}

/** Whether the container ran from a lazily loaded root, looked up when it was ready. */
export interface LazinessProof {
  /** The snapshotter that really holds the container's root; undefined when it could not be told. */
  readonly snapshotter?: string;
  /** File system types of the root's lower layers, `fuse.rawBridge`, `overlay`, with their count. */
  readonly mounts: readonly { readonly type: string; readonly count: number }[];
  readonly isLazy: boolean;
  /** Bytes fetched when the container was ready, and who counted them: the smallest scope that could be read. */
  readonly fetched?: { readonly bytes: number; readonly source: string };
  /** What was looked at, in words. */
  readonly evidence: readonly string[];
}

/** How closely the application was asked whether it is ready, in ms. */
export interface PollReport {
  readonly attempts: number;
  /** Mean distance between the starts of two attempts. */
  readonly intervalMs: number;
  /** Median time of an answer. */
  readonly roundTripMs: number;
  /** The readiness mark is late by at most this. */
  readonly errorMs: number;
}
