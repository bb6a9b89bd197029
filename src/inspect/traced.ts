import type { Call } from "../base/log.ts";
import type { Moment } from "../startup/startupSet.ts";
import { compareWithTrace, filesUntil, type TraceComparison } from "../traces/compareWithTrace.ts";
import { predictedPrefetch, tracedPrefetch, type PrefetchFile } from "../traces/prefetchFiles.ts";
import { readTrace } from "../traces/readTrace.ts";
import { resolveTrace, type ResolvedTrace } from "../traces/resolveTrace.ts";
import type { TracedSet } from "../traces/tracedSet.ts";
import type { Inspection } from "./inspection.ts";

/** A recording of an inspected image's start, and which of its files the image has. */
export interface TracedStart {
  readonly traced: TracedSet;
  readonly resolved: ResolvedTrace;
}

/** Reads a trace and finds its files in the image. Throws `UserError` for what is no trace. */
export async function readTracedStart(inspection: Inspection, path: string, call: Call): Promise<TracedStart> {
  return tracedStart(inspection, await readTrace(path, call));
}

/** Finds a recording's files in the image. Pure. */
export function tracedStart({ catalog, question }: Inspection, traced: TracedSet): TracedStart {
  return { traced, resolved: resolveTrace(catalog, traced, question.workingDir) };
}

/** The inspection's estimate beside what was recorded. Pure. */
export function compared({ estimate }: Inspection, { traced, resolved }: TracedStart, moment?: Moment): TraceComparison {
  return compareWithTrace(estimate, traced, resolved, moment);
}

/**
 * What a start opens, for a lazy loader's prefetch, in the order of first use: as recorded where a recording is given, else as estimated.
 * `asked` absent: until the recording's first moment, or until ready. Pure.
 */
export function prefetchOf({ catalog, estimate }: Inspection, start: TracedStart | undefined, asked?: Moment): readonly PrefetchFile[] {
  const moment = asked ?? start?.traced.moments[0] ?? "ready";
  if (!start) return predictedPrefetch(catalog, estimate, moment);
  return tracedPrefetch(catalog, filesUntil(start.resolved, moment), start.traced.isInOrder, estimate, moment);
}
