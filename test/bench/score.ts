import type { FileCatalog } from "../../src/facts/fileCatalog.ts";
import type { Interval } from "../../src/base/interval.ts";
import type { Measure, Moment, RuleName, StartupEstimate, StartupFile } from "../../src/startup/startupSet.ts";
import type { TrueMeasures, Truth } from "./truth.ts";

export const measures: readonly Measure[] = ["openedFiles", "wholeBytes", "pageBytes", "chunkBytes"];

/** An estimate against a recorded start, until one moment. */
export interface Score {
  /** Of the recorded files that the image has, the share that was predicted. */
  readonly recall: number;
  /** Of the predicted files, the share that was opened. */
  readonly precision: number;
  /** Recall weighed by whole size. */
  readonly byteRecall: number;
  /** Of the image: true and predicted share, in percent. */
  readonly trueShares: Readonly<Record<Measure, number>>;
  readonly shares: Readonly<Record<Measure, number>>;
  /** Predicted minus true share, in points. */
  readonly errors: Readonly<Record<Measure, number>>;
  /** Whether the 90 % interval holds the true value. */
  readonly covered: Readonly<Record<Measure, boolean>>;
  /** Width of the interval in points. */
  readonly widths: Readonly<Record<Measure, number>>;
  /** How many of the recorded files the image that was built here still has: newer packages may lack some. */
  readonly present: number;
  readonly missed: readonly { readonly path: string; readonly sizeBytes: number }[];
  readonly surplus: readonly StartupFile[];
}

/**
 * Undefined for the first request when none was recorded.
 *
 * @param takes rules that count; all when absent
 */
export function scoreOf(
  truth: Truth,
  catalog: FileCatalog,
  estimate: StartupEstimate,
  moment: Moment = "ready",
  takes: (rule: RuleName) => boolean = () => true,
): Score | undefined {
  const recorded = moment === "ready" ? truth : truth.request;
  if (!recorded) return undefined;
  const intervals = moment === "ready" ? estimate.measures : estimate.afterRequest;
  const listed = moment === "ready" ? estimate.files : [...estimate.files, ...estimate.requestFiles];
  // What a newer package no longer has cannot be predicted, and is not asked for.
  const opened = new Map([...recorded.opened].filter(([path]) => catalog.get(path) !== undefined));
  const predicted = new Map(listed.filter((file) => takes(file.rule)).map((file) => [file.path, file]));
  const hits = [...predicted.keys()].filter((path) => opened.has(path));
  const bytesOf = (paths: Iterable<string>): number => [...paths].reduce((sum, path) => sum + (opened.get(path)?.sizeBytes ?? 0), 0);
  const trueValues = valuesOf(recorded);
  // Shares of the image as it was when its start was recorded: one that was built later may be a little larger.
  const share = (measure: Measure, value: number): number =>
    (100 * value) / (measure === "openedFiles" ? truth.totalFiles : truth.totalBytes);
  const within = ({ low, high }: Interval, value: number): boolean => low <= value && value <= high;
  return {
    recall: hits.length / opened.size,
    precision: hits.length / Math.max(1, predicted.size),
    byteRecall: bytesOf(hits) / Math.max(1, bytesOf(opened.keys())),
    trueShares: perMeasure((measure) => share(measure, trueValues[measure])),
    shares: perMeasure((measure) => share(measure, intervals[measure].value)),
    errors: perMeasure((measure) => share(measure, intervals[measure].value - trueValues[measure])),
    covered: perMeasure((measure) => within(intervals[measure], trueValues[measure])),
    widths: perMeasure((measure) => share(measure, intervals[measure].high - intervals[measure].low)),
    present: opened.size / Math.max(1, recorded.opened.size),
    missed: [...opened]
      .filter(([path]) => !predicted.has(path))
      .map(([path, { sizeBytes }]) => ({ path, sizeBytes }))
      .sort((a, b) => b.sizeBytes - a.sizeBytes),
    surplus: [...predicted.values()].filter((file) => !opened.has(file.path)).sort((a, b) => b.sizeBytes - a.sizeBytes),
  };
}

/** The recorded numbers under the names of our measures; chunks are of 4 MiB. */
export function valuesOf(recorded: TrueMeasures): Record<Measure, number> {
  return {
    openedFiles: recorded.openedFiles,
    wholeBytes: recorded.openedWholeBytes,
    pageBytes: recorded.pageBytesRead,
    chunkBytes: recorded.chunkBytes4MiB,
  };
}

export function perMeasure<T>(of: (measure: Measure) => T): Record<Measure, T> {
  return Object.fromEntries(measures.map((measure) => [measure, of(measure)])) as Record<Measure, T>;
}
