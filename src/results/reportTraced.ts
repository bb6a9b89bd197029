import type { TraceComparison } from "../traces/compareWithTrace.ts";
import type { Measure, Moment } from "../startup/startupSet.ts";

/** A recorded start beside the estimate. Measures that the recorder does not tell are absent. */
export interface ReportTraced {
  /** Who recorded it: `strace log`, `stargz record`, … */
  readonly format: string;
  /** Which of the estimate's moments it is held against. */
  readonly moment: Moment;
  readonly measures: Readonly<Partial<Record<Measure, ReportTracedMeasure>>>;
  /** Of the recorded files, the share that was predicted; of the predicted ones, the share that was recorded; the first by size. */
  readonly recall: number;
  readonly precision: number;
  readonly byteRecall: number;
  /** Recorded and not predicted, largest first. */
  readonly missed: readonly { readonly path: string; readonly sizeBytes: number; readonly layerIndex: number }[];
  /** Predicted and not recorded, largest first. */
  readonly surplus: readonly {
    readonly path: string;
    readonly sizeBytes: number;
    readonly layerIndex: number;
    readonly probability: number;
    readonly rule: string;
    readonly evidence: string;
  }[];
  /** Paths of the trace that are no files of the image: provided by the container runtime, folders, others. */
  readonly dropped: { readonly runtime: number; readonly folders: number; readonly missing: number };
}

export interface ReportTracedMeasure {
  readonly value: number;
  /** Estimated minus recorded, in points of all files or bytes of the image. */
  readonly errorPoints: number;
  /** Whether the 90 % interval of the estimate holds the recorded value. */
  readonly isCovered: boolean;
}

/** The saved and shown form of a comparison. Pure. */
export function reportTraced({ traced, errorPoints, isCovered, surplus, ...same }: TraceComparison): ReportTraced {
  const measures = Object.entries(traced) as [Measure, number][];
  return {
    format: same.format,
    moment: same.moment,
    measures: Object.fromEntries(
      measures.map(([measure, value]) => [
        measure,
        { value, errorPoints: errorPoints[measure] ?? 0, isCovered: isCovered[measure] ?? false },
      ]),
    ),
    recall: same.recall,
    precision: same.precision,
    byteRecall: same.byteRecall,
    missed: same.missed,
    surplus: surplus.map(({ path, sizeBytes, layerIndex, probability, rule, evidence }) => ({
      path,
      sizeBytes,
      layerIndex,
      probability,
      rule,
      evidence,
    })),
    dropped: same.dropped,
  };
}
