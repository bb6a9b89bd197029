import type { Problem } from "../../base/text.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { ClusterNode } from "../../cluster/nodes.ts";
import type { BenchEvent } from "../benchRun.ts";
import type { BenchPlan } from "../plan.ts";
import type { ImageLayers } from "../probe/imageLayers.ts";
import type { ProbePod } from "../probe/probePod.ts";
import type { ClockOffset } from "./nodeClock.ts";

/** What all trials of a run share. */
export interface RunContext {
  readonly runId: string;
  readonly plan: BenchPlan;
  readonly cluster: Cluster;
  readonly nodes: readonly RunNode[];
  /** Layers of the arms' images by arm, as far as they are known by now; trials add to it. */
  readonly layers: Map<string, ImageLayers>;
  readonly apiRoundTripMs: number;
  readonly owned: { readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>> };
  emit(event: BenchEvent): void;
  problem(problem: Problem): void;
}

export interface RunNode {
  readonly node: ClusterNode;
  /** Absent: the user has not agreed, or the plan needs none. */
  readonly probe?: ProbePod;
  readonly clockOffset?: ClockOffset;
}
