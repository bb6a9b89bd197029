import type { TraceComparison } from "../traces/compareWithTrace.ts";
import type { Measure } from "../startup/startupSet.ts";
import type { ReportTraced } from "./report.ts";

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
