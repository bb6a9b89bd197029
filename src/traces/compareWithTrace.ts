import { pageSizeBytes } from "../startup/pages.ts";
import type { Measure, Moment, StartupEstimate, StartupFile } from "../startup/startupSet.ts";
import { mergedRanges } from "./openedPaths.ts";
import type { ResolvedFile, ResolvedTrace } from "./resolveTrace.ts";
import type { TracedSet, TraceFormat } from "./tracedSet.ts";

/** What was recorded, beside what was predicted for the same moment. */
export interface TraceComparison {
  readonly format: TraceFormat;
  readonly moment: Moment;
  /** The recorded measures; pages and chunks only where the recorder tells which parts of the files were read. */
  readonly traced: Readonly<Partial<Record<Measure, number>>> & { readonly openedFiles: number; readonly wholeBytes: number };
  /** Of the recorded files, the share that was predicted. 1 when none was recorded. */
  readonly recall: number;
  /** Of the predicted files, the share that was recorded. */
  readonly precision: number;
  /** Recall weighted by size. */
  readonly byteRecall: number;
  /** Predicted minus recorded, in points of all files or bytes of the image. */
  readonly errorPoints: Readonly<Partial<Record<Measure, number>>>;
  /** Whether the 90 % interval holds the recorded value. */
  readonly isCovered: Readonly<Partial<Record<Measure, boolean>>>;
  /** Recorded, not predicted; largest first. */
  readonly missed: readonly MissedFile[];
  /** Predicted, not recorded; largest first. */
  readonly surplus: readonly StartupFile[];
  readonly dropped: ResolvedTrace["dropped"];
}

export interface MissedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly layerIndex: number;
}

const measures: readonly Measure[] = ["openedFiles", "wholeBytes", "pageBytes", "chunkBytes"];

/**
 * Holds an estimate against a recording of the same image. Pure. `moment`: which of the estimate's moments the recording shows;
 * what the recording itself says goes first.
 */
export function compareWithTrace(
  estimate: StartupEstimate,
  traced: TracedSet,
  resolved: ResolvedTrace,
  moment: Moment = traced.moments[0] ?? "ready",
): TraceComparison {
  const recorded = filesUntil(resolved, moment);
  const predicted = moment === "ready" ? estimate.files : [...estimate.files, ...estimate.requestFiles];
  const predictedPaths = new Set(predicted.map((file) => file.path));
  const missed = recorded.filter(({ entry }) => !predictedPaths.has(entry.path));
  const recordedPaths = new Set(recorded.map(({ entry }) => entry.path));
  const surplus = predicted.filter(({ path }) => !recordedPaths.has(path));
  const sums = tracedMeasures(traced, recorded, moment, estimate.chunkSizeBytes);
  const intervals = moment === "ready" ? estimate.measures : estimate.afterRequest;
  const known = measures.filter((measure) => sums[measure] !== undefined);
  const wholeBytes = sums.wholeBytes;
  const missedBytes = missed.reduce((sum, { entry }) => sum + entry.sizeBytes, 0);
  return {
    format: traced.format,
    moment,
    traced: sums,
    recall: share(recorded.length - missed.length, recorded.length),
    precision: share(predicted.length - surplus.length, predicted.length),
    byteRecall: share(wholeBytes - missedBytes, wholeBytes),
    errorPoints: Object.fromEntries(
      known.map((measure) => {
        const whole = measure === "openedFiles" ? estimate.totals.files : estimate.totals.bytes;
        return [measure, whole > 0 ? (100 * (intervals[measure].value - (sums[measure] as number))) / whole : 0];
      }),
    ),
    isCovered: Object.fromEntries(
      known.map((measure) => {
        const { low, high } = intervals[measure];
        return [measure, low <= (sums[measure] as number) && (sums[measure] as number) <= high];
      }),
    ),
    missed: missed
      .map(({ entry: { path, sizeBytes, layerIndex } }) => ({ path, sizeBytes, layerIndex }))
      .sort((a, b) => b.sizeBytes - a.sizeBytes),
    surplus: surplus.sort((a, b) => b.sizeBytes - a.sizeBytes),
    dropped: resolved.dropped,
  };
}

/** The recorded files of one moment, in the trace's order. */
export function filesUntil(resolved: ResolvedTrace, moment: Moment): readonly ResolvedFile[] {
  const files = [...resolved.files.values()];
  return moment === "ready" ? files.filter((file) => file.moment === undefined) : files;
}

function tracedMeasures(
  traced: TracedSet,
  recorded: readonly ResolvedFile[],
  moment: Moment,
  chunkSizeBytes: number,
): TraceComparison["traced"] {
  const openedFiles = recorded.length;
  const wholeBytes = recorded.reduce((sum, { entry }) => sum + entry.sizeBytes, 0);
  const pages = recorded.map((file) => pageBytesOf(file, moment));
  const pageBytes = pages.every((bytes) => bytes !== undefined) ? pages.reduce((sum, bytes) => sum + bytes, 0) : undefined;
  const chunkBytes =
    traced.chunkBytes?.find((sum) => sum.moment === moment && sum.chunkSizeBytes === chunkSizeBytes)?.bytes ??
    (recorded.length > 0 && recorded.every((file) => file.ranges)
      ? recorded.reduce((sum, { entry, ranges }) => sum + alignedBytes(ranges ?? [], chunkSizeBytes, entry.sizeBytes), 0)
      : undefined);
  return {
    openedFiles,
    wholeBytes,
    ...(recorded.length > 0 && pageBytes !== undefined && { pageBytes }),
    ...(chunkBytes !== undefined && { chunkBytes }),
  };
}

function pageBytesOf({ entry, pagesRead, requestPagesRead, ranges }: ResolvedFile, moment: Moment): number | undefined {
  if (ranges) return alignedBytes(ranges, pageSizeBytes, entry.sizeBytes);
  const pages = moment === "ready" ? pagesRead : (requestPagesRead ?? pagesRead);
  return pages === undefined ? undefined : Math.min(entry.sizeBytes, pages * pageSizeBytes);
}

/** Bytes of the aligned blocks that the ranges touch, at most the file's size. */
function alignedBytes(ranges: ByteRanges, blockBytes: number, sizeBytes: number): number {
  const blocks = ranges
    .filter((range) => range.sizeBytes > 0 && range.offset < sizeBytes)
    .map(({ offset, sizeBytes: length }) => {
      const start = Math.floor(offset / blockBytes) * blockBytes;
      return { offset: start, sizeBytes: Math.min(sizeBytes, Math.ceil((offset + length) / blockBytes) * blockBytes) - start };
    });
  return mergedRanges(blocks).reduce((sum, block) => sum + block.sizeBytes, 0);
}

type ByteRanges = NonNullable<ResolvedFile["ranges"]>;

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 1;
}
