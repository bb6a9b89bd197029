import type { Problem } from "../base/text.ts";
import type { Observation } from "./observation.ts";
import type { BenchPlan } from "./plan.ts";
import type { Trial } from "./trial.ts";

/** One run of a plan, as it is stored: everything that the summary is derived from. */
export interface BenchRun {
  /** Also the value of the label `coldstart.dev/run` on all that the run created. */
  readonly id: string;
  readonly startedAtEpochMs: number;
  readonly endedAtEpochMs: number;
  readonly ending: RunEnding;
  readonly plan: BenchPlan;
  readonly environment: BenchEnvironment;
  /** In order of execution; the ones that failed, timed out or were cancelled are among them. */
  readonly trials: readonly Trial[];
  readonly problems: readonly Problem[];
}

/** How a run came to its end. `limit`: one of the plan's, and `message` says which. */
export type RunEnding =
  | { readonly kind: "complete" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "limit"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string };

/** What the trials ran on. What could not be learnt is absent. */
export interface BenchEnvironment {
  readonly kubernetesVersion?: string;
  readonly server: string;
  readonly nodes: readonly BenchNode[];
  /** The images that were compared, one for each arm, and how they are known to have the same content. */
  readonly images: readonly BenchImage[];
  readonly contentCheck: { readonly equal: boolean | undefined; readonly how: string };
  /** Rate of the link to the registry as measured or set, if known. */
  readonly linkBytesPerSecond?: number;
  /** How far the node's clock is ahead of this machine's, from a question to the probe. */
  readonly clockOffsets: readonly { readonly node: string; readonly offsetMs: number; readonly errorMs: number }[];
  /** Median time of a small request to the API server. */
  readonly apiRoundTripMs?: number;
  readonly clientVersion: string;
}

/** A node that trials ran on, as it was when the run began; what it does not tell is absent or empty. */
export interface BenchNode {
  readonly name: string;
  readonly instanceType?: string;
  readonly pool?: string;
  readonly gpuProduct?: string;
  readonly gpuCount: number;
  readonly kernelVersion: string;
  readonly osImage: string;
  readonly kubeletVersion: string;
  readonly containerRuntimeVersion: string;
  /** Versions and settings that the probe found, by name: `stargz`, `soci`, `nydus`, `disk`, `filesystem`. */
  readonly details: Readonly<Record<string, string>>;
}

/** The image of one arm, as its manifest tells. */
export interface BenchImage {
  readonly arm: string;
  readonly reference: string;
  readonly digest?: string;
  /** Media types of the layers without repetition: tells gzip from zstd, eStargz and Nydus. */
  readonly layerMediaTypes: readonly string[];
  readonly layerCount: number;
  readonly compressedSizeBytes: number;
}

/** What a running benchmark yields; the last one is always `ended`. A consumer folds them; each stands for itself. */
export type BenchEvent =
  | { readonly kind: "planned"; readonly runId: string; readonly plan: BenchPlan; readonly order: readonly PlannedTrial[] }
  | { readonly kind: "environment"; readonly environment: BenchEnvironment }
  | { readonly kind: "phase"; readonly trialId: string; readonly phase: TrialPhase; readonly atEpochMs: number }
  | { readonly kind: "observed"; readonly trialId: string; readonly observation: Observation }
  | { readonly kind: "trial-ended"; readonly trial: Trial }
  | { readonly kind: "problem"; readonly problem: Problem }
  | { readonly kind: "ended"; readonly run: BenchRun };

/** One place in the random order of a run, before its trial has begun. `block` and `order` count from 0. */
export interface PlannedTrial {
  readonly trialId: string;
  readonly arm: string;
  readonly block: number;
  readonly order: number;
}

/** `cooling`: making the node cold; `starting`: the pod exists; `proving`: laziness and bytes are looked up; `removing`: the pod goes. */
export type TrialPhase = "cooling" | "starting" | "proving" | "removing";
