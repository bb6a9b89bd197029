import type { Cluster } from "../../cluster/cluster.ts";
import type { OwnerMarks } from "../../cluster/ownership.ts";
import type { BenchEvent } from "../benchRun.ts";
import type { BenchPlan } from "../plan.ts";
import type { ImageLayers } from "../probe/imageLayers.ts";

/** What all trials of a run share. */
export interface RunContext {
  readonly runId: string;
  readonly plan: BenchPlan;
  readonly cluster: Cluster;
  /** Layers of the arms' images by arm, as far as they are known by now; trials add to it. */
  readonly layers: Map<string, ImageLayers>;
  readonly apiRoundTripMs: number;
  readonly owned: OwnerMarks;
  emit(event: BenchEvent): void;
}
