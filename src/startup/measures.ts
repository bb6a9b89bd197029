import type { Interval } from "../base/interval.ts";
import type { FileCatalog } from "../facts/fileCatalog.ts";
import { touchedOf } from "./pages.ts";
import { openedThreshold, type Flag, type LayerEstimate, type Measure, type StartupEstimate, type StartupFile } from "./startupSet.ts";
import type { OpenedNote, WalkResult } from "./walkStartup.ts";

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
 * Turns what the walk noted into the four measures. Their values are the sums over the listed files, those with a
 * probability of at least `openedThreshold`, so that numbers and list never disagree; the unlisted ones widen the intervals.
 */
export function measureStartup(catalog: FileCatalog, layerCount: number, walked: WalkResult, chunkSizeBytes: number): StartupEstimate {
  const totals = totalsOf(catalog, layerCount);
  const layers: Sums[] = Array.from({ length: layerCount }, noSums);
  const listed = noSums();
  const spread = noSums();
  const unlisted = noSums();
  const files: StartupFile[] = [];
  for (const note of walked.opened.values()) {
    const touched = touchedOf(note.entry, catalog, chunkSizeBytes);
    const each: Sums = { openedFiles: 1, wholeBytes: note.entry.sizeBytes, ...touched };
    const isListed = note.probability >= openedThreshold;
    const layer = layers[note.entry.layerIndex];
    for (const measure of measures) {
      const amount = each[measure];
      spread[measure] += note.probability * (1 - note.probability) * amount * amount;
      if (!isListed) {
        unlisted[measure] += note.probability * amount;
        continue;
      }
      listed[measure] += amount;
      if (layer) layer[measure] += amount;
    }
    if (isListed) files.push(startupFile(note, touched.pageBytes));
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const confidence = confidenceOf(walked.flags);
  const interval = (measure: Measure): Interval =>
    intervalOf(measure, listed[measure], spread[measure], unlisted[measure], confidence, totals);
  return {
    totals: { files: totals.files, bytes: totals.bytes },
    measures: {
      openedFiles: interval("openedFiles"),
      wholeBytes: interval("wholeBytes"),
      pageBytes: interval("pageBytes"),
      chunkBytes: interval("chunkBytes"),
    },
    chunkSizeBytes,
    confidence,
    flags: walked.flags,
    commands: walked.commands,
    layers: layers.map((sums, layerIndex): LayerEstimate => ({
      layerIndex,
      ...(totals.layers[layerIndex] ?? { files: 0, bytes: 0 }),
      ...sums,
    })),
    files,
  };
}

function noSums(): Sums {
  return { openedFiles: 0, wholeBytes: 0, pageBytes: 0, chunkBytes: 0 };
}

function startupFile({ entry, probability, rule, evidence }: OpenedNote, pageBytes: number): StartupFile {
  return { path: entry.path, sizeBytes: entry.sizeBytes, layerIndex: entry.layerIndex, probability, rule, evidence, pageBytes };
}

/** Flags that say that a good part of what happens was not seen at all. */
const severe = new Set([
  "unsupported-runtime",
  "unknown-entrypoint",
  "unknown-command",
  "script-not-read",
  "table-of-contents-only",
  "too-many-commands",
]);
/** Flags that say that something further may be opened. */
const mild = new Set([
  "dynamic-import",
  "spawned-process",
  "opaque-program",
  "missing-command",
  "script-too-complex",
  "settings-assumed",
  "class-folder",
]);

function confidenceOf(flags: readonly Flag[]): "high" | "medium" | "low" {
  if (flags.some(({ code }) => severe.has(code))) return "low";
  return flags.some(({ code }) => mild.has(code)) ? "medium" : "high";
}

/**
 * Relative errors that remain where every probability is right: files that are not opened after all (downwards), and rules
 * that are missing (upwards, the larger part: on images that no rule was made for, recall was 0.80 of files and 0.94 of
 * bytes with a followed runtime, 0.64 with others; pages are off by a third either way).
 */
const residuals: Readonly<Record<"high" | "medium" | "low", Readonly<Record<Measure, readonly [down: number, up: number]>>>> = {
  high: { openedFiles: [0.12, 0.35], wholeBytes: [0.1, 0.25], pageBytes: [0.35, 0.6], chunkBytes: [0.3, 0.4] },
  medium: { openedFiles: [0.2, 0.5], wholeBytes: [0.15, 0.4], pageBytes: [0.45, 0.8], chunkBytes: [0.35, 0.6] },
  low: { openedFiles: [0.4, 4], wholeBytes: [0.35, 3], pageBytes: [0.6, 4], chunkBytes: [0.5, 3] },
};

/** 90 % of a normal distribution lie within this many standard deviations. */
const ninetyPercent = 1.645;

function intervalOf(
  measure: Measure,
  value: number,
  variance: number,
  unlisted: number,
  confidence: "high" | "medium" | "low",
  totals: CatalogTotals,
): Interval {
  const deviation = ninetyPercent * Math.sqrt(variance);
  const [down, up] = residuals[confidence][measure];
  const most = measure === "openedFiles" ? totals.files : totals.bytes;
  const low = value - Math.hypot(deviation, value * down);
  const high = value + unlisted + Math.hypot(deviation, Math.max(value * up, smallest[measure]));
  return { value, low: Math.min(value, Math.max(0, Math.ceil(low))), high: Math.max(value, Math.min(most, Math.ceil(high))) };
}

/** However little is opened, a few files more always may be. */
const smallest: Readonly<Record<Measure, number>> = { openedFiles: 3, wholeBytes: 500_000, pageBytes: 250_000, chunkBytes: 500_000 };

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
