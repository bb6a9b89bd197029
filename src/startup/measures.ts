import type { Interval } from "../base/interval.ts";
import type { FileCatalog } from "../facts/fileCatalog.ts";
import { defaultCalibration, type Calibration } from "./calibration.ts";
import { confidenceOf, intervalOf, type IntervalBasis } from "./intervals.ts";
import { touchedOf, type TouchedByMoment } from "./pages.ts";
import { littleReached, reachOf } from "./reach.ts";
import {
  openedThreshold,
  type LayerEstimate,
  type Measure,
  type StartupEstimate,
  type StartupFile,
  type WeightsFile,
} from "./startupSet.ts";
import type { OpenedNote, WalkResult } from "./walkStartup.ts";
import { weightsFileOf } from "./weights.ts";

/** What every image has, whatever is started in it; remembered per image. */
interface CatalogTotals {
  readonly files: number;
  readonly bytes: number;
  readonly layers: readonly { readonly files: number; readonly bytes: number }[];
}

interface Sums {
  openedFiles: number;
  wholeBytes: number;
  pageBytes: number;
  chunkBytes: number;
}

const measures: readonly Measure[] = ["openedFiles", "wholeBytes", "pageBytes", "chunkBytes"];

/**
 * Turns what the walk noted into the four measures at both moments. Their values are the sums over the listed files, those with
 * a probability of at least `openedThreshold`, so that numbers and list never disagree; the unlisted ones widen the intervals.
 */
export function measureStartup(
  catalog: FileCatalog,
  layerCount: number,
  walked: WalkResult,
  chunkSizeBytes: number,
  calibration: Calibration = defaultCalibration,
): StartupEstimate {
  return measureWithBases(catalog, layerCount, walked, chunkSizeBytes, calibration).estimate;
}

/** An estimate and what its intervals until ready were made from; calibrating works with the latter. */
export interface MeasuredStartup {
  readonly estimate: StartupEstimate;
  readonly ready: Readonly<Record<Measure, IntervalBasis>>;
}

export function measureWithBases(
  catalog: FileCatalog,
  layerCount: number,
  walked: WalkResult,
  chunkSizeBytes: number,
  calibration: Calibration,
): MeasuredStartup {
  const totals = totalsOf(catalog, layerCount);
  const layers: Sums[] = Array.from({ length: layerCount }, noSums);
  const ready = tally();
  const request = tally();
  const deferred = noSums();
  const files: StartupFile[] = [];
  const requestFiles: StartupFile[] = [];
  const weights: WeightsFile[] = [];
  let order = 0;
  for (const note of walked.opened.values()) {
    order++;
    const touched = touchedOf(note.entry, catalog, chunkSizeBytes, note.reading, calibration);
    const size = note.entry.sizeBytes;
    const isListed = note.probability >= openedThreshold;
    count(request, note.probability, { openedFiles: 1, wholeBytes: size, ...touched.request });
    if (note.moment === "ready") {
      const each: Sums = { openedFiles: 1, wholeBytes: size, ...touched.ready };
      count(ready, note.probability, each);
      deferred.pageBytes += note.probability * (touched.request.pageBytes - touched.ready.pageBytes);
      deferred.chunkBytes += note.probability * (touched.request.chunkBytes - touched.ready.chunkBytes);
      const layer = layers[note.entry.layerIndex];
      if (isListed && layer) for (const measure of measures) layer[measure] += each[measure];
    }
    if (!isListed) continue;
    (note.moment === "ready" ? files : requestFiles).push(startupFile(note, touched, order - 1));
    const weightsFile = weightsFileOf(note, touched);
    if (weightsFile) weights.push(weightsFile);
  }
  const reach = reachOf(catalog, walked);
  const lost = littleReached(reach);
  const flags = lost ? [...walked.flags, lost] : walked.flags;
  const confidence = confidenceOf(flags);
  const basesOf = ({ listed, variance, unlisted }: Tally, deferred: Sums): Record<Measure, IntervalBasis> =>
    perMeasure((measure) => ({
      value: listed[measure],
      variance: variance[measure],
      unlisted: unlisted[measure],
      deferred: deferred[measure],
      total: measure === "openedFiles" ? totals.files : totals.bytes,
      confidence,
      reach,
    }));
  const intervals = (bases: Record<Measure, IntervalBasis>): Record<Measure, Interval> =>
    perMeasure((measure) => intervalOf(measure, bases[measure], calibration));
  const bases = basesOf(ready, deferred);
  const estimate: StartupEstimate = {
    totals: { files: totals.files, bytes: totals.bytes },
    measures: intervals(bases),
    afterRequest: intervals(basesOf(request, noSums())),
    chunkSizeBytes,
    confidence,
    flags,
    commands: walked.commands,
    layers: layers.map((sums, layerIndex): LayerEstimate => ({
      layerIndex,
      ...(totals.layers[layerIndex] ?? { files: 0, bytes: 0 }),
      ...sums,
    })),
    files: files.sort(byPath),
    requestFiles: requestFiles.sort(byPath),
    weights: weights.sort((a, b) => b.sizeBytes - a.sizeBytes),
  };
  return { estimate, ready: bases };
}

function perMeasure<T>(of: (measure: Measure) => T): Record<Measure, T> {
  return {
    openedFiles: of("openedFiles"),
    wholeBytes: of("wholeBytes"),
    pageBytes: of("pageBytes"),
    chunkBytes: of("chunkBytes"),
  };
}

/** Sums over the listed files, the variance of each sum, and what the unlisted files would add on average. */
interface Tally {
  readonly listed: Sums;
  readonly variance: Sums;
  readonly unlisted: Sums;
}

function tally(): Tally {
  return { listed: noSums(), variance: noSums(), unlisted: noSums() };
}

function count(into: Tally, probability: number, each: Sums): void {
  for (const measure of measures) {
    const amount = each[measure];
    into.variance[measure] += probability * (1 - probability) * amount * amount;
    if (probability >= openedThreshold) into.listed[measure] += amount;
    else into.unlisted[measure] += probability * amount;
  }
}

function byPath(a: StartupFile, b: StartupFile): number {
  return a.path < b.path ? -1 : 1;
}

function noSums(): Sums {
  return { openedFiles: 0, wholeBytes: 0, pageBytes: 0, chunkBytes: 0 };
}

function startupFile({ entry, probability, rule, evidence, moment }: OpenedNote, touched: TouchedByMoment, order: number): StartupFile {
  return {
    path: entry.path,
    sizeBytes: entry.sizeBytes,
    layerIndex: entry.layerIndex,
    probability,
    rule,
    evidence,
    moment,
    order,
    pageBytes: moment === "ready" ? touched.ready.pageBytes : touched.request.pageBytes,
    requestPageBytes: touched.request.pageBytes,
  };
}

const knownTotals = new WeakMap<FileCatalog, CatalogTotals>();

function totalsOf(catalog: FileCatalog, layerCount: number): CatalogTotals {
  const known = knownTotals.get(catalog);
  if (known && known.layers.length >= layerCount) return known;
  const layers = Array.from({ length: layerCount }, () => ({ files: 0, bytes: 0 }));
  for (const entry of catalog.files()) {
    const layer = layers[entry.layerIndex];
    if (!layer) continue;
    layer.files++;
    if (entry.type === "file") layer.bytes += entry.sizeBytes;
  }
  const totals = { files: catalog.fileCount, bytes: catalog.totalSizeBytes, layers };
  knownTotals.set(catalog, totals);
  return totals;
}
