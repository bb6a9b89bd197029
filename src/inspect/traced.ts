import type { Call } from "../base/log.ts";
import type { Moment } from "../startup/startupSet.ts";
import { compareWithTrace, filesUntil, type TraceComparison } from "../traces/compareWithTrace.ts";
import { readTrace } from "../traces/readTrace.ts";
import { resolveTrace, type ResolvedFile, type ResolvedTrace } from "../traces/resolveTrace.ts";
import type { TracedSet } from "../traces/tracedSet.ts";
import type { Inspection } from "./inspection.ts";

/** A recording of an inspected image's start, and which of its files the image has. */
export interface TracedStart {
  readonly traced: TracedSet;
  readonly resolved: ResolvedTrace;
}

/** Reads a trace and finds its files in the image. Throws `UserError` for what is no trace. */
export async function readTracedStart(inspection: Inspection, path: string, call: Call): Promise<TracedStart> {
  const traced = await readTrace(path, call);
  return { traced, resolved: resolveTrace(inspection.catalog, traced, inspection.question.workingDir) };
}

/** The inspection's estimate beside what was recorded. Pure. */
export function compared({ estimate }: Inspection, { traced, resolved }: TracedStart, moment?: Moment): TraceComparison {
  return compareWithTrace(estimate, traced, resolved, moment);
}

/** The recorded files of a moment, in the trace's order. */
export function tracedFiles({ traced, resolved }: TracedStart, moment: Moment | undefined): readonly ResolvedFile[] {
  return filesUntil(resolved, moment ?? traced.moments[0] ?? "ready");
}
