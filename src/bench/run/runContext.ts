import type { Problem } from "../../base/text.ts";
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
  /** What admission really runs, by arm; an arm that is not there runs the plan's image as far as is known. Trials add to it. */
  readonly images: Map<string, string>;
  /** Where nobody removes them: images that are on a node, as `imageOnNode` names them. Trials add to it. */
  readonly present: Set<string>;
  readonly apiRoundTripMs: number;
  readonly owned: OwnerMarks;
  emit(event: BenchEvent): void;
  /** A problem of the run as a whole; the same one is told once. */
  tell(problem: Problem): void;
}
