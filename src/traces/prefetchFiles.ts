import type { CatalogEntry, FileCatalog } from "../facts/fileCatalog.ts";
import type { Moment, StartupEstimate } from "../startup/startupSet.ts";
import { weightsFormat } from "../startup/weights.ts";
import { mergedRanges } from "./openedPaths.ts";
import type { ResolvedFile } from "./resolveTrace.ts";
import type { ByteRange } from "./tracedSet.ts";

/** A file that is worth fetching before it is asked for. */
export interface PrefetchFile {
  /** Where its content is: for a hard link the file that it shares, because tables of contents keep the content there. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly layerIndex: number;
  /** How much of it the start reads, as far as that is known; else its size. */
  readonly readBytes: number;
  /** The parts that are read; absent: all of it, or not known which. */
  readonly ranges?: readonly ByteRange[] | undefined;
}

/** Files of which no less than this is read are fetched whole. */
const wholeShare = 0.9;
/** Lazy loaders fetch no smaller part (Nydus' default chunk; `--chunk-size` of nydus-image). */
const leastPartBytes = 1_048_576;
/** The unit of `ElfFact.load.linkRuns`. */
const linkBlockBytes = 65_536;

/** The predicted files in the order in which the start opens them. Empty files are left out: there is nothing to fetch. */
export function predictedPrefetch(catalog: FileCatalog, estimate: StartupEstimate, moment: Moment): readonly PrefetchFile[] {
  const files = [...estimate.files, ...(moment === "firstRequest" ? estimate.requestFiles : [])];
  const last = (each: (typeof files)[number]): number => (each.moment === "ready" ? 0 : 1);
  files.sort((a, b) => last(a) - last(b) || a.order - b.order);
  return once(
    files.flatMap((file) => {
      const entry = catalog.get(file.path);
      if (!entry) return [];
      const readBytes = moment === "ready" ? file.pageBytes : file.requestPageBytes;
      return [prefetchFile(catalog, entry, readBytes, predictedRanges(catalog, entry, readBytes))];
    }),
  );
}

/**
 * The recorded files, in the recording's order. A recording that has none takes the estimate's; what that lacks comes last.
 */
export function tracedPrefetch(
  catalog: FileCatalog,
  recorded: readonly ResolvedFile[],
  isInOrder: boolean,
  estimate: StartupEstimate,
  moment: Moment,
): readonly PrefetchFile[] {
  const files = [...recorded];
  if (!isInOrder) {
    const order = new Map([...estimate.files, ...estimate.requestFiles].map((file) => [file.path, file.order]));
    const rank = ({ entry }: ResolvedFile): number => order.get(entry.path) ?? Infinity;
    files.sort((a, b) => rank(a) - rank(b) || (a.entry.path < b.entry.path ? -1 : 1));
  }
  return once(
    files.map(({ entry, pagesRead, requestPagesRead, ranges }) => {
      const pages = moment === "firstRequest" ? (requestPagesRead ?? pagesRead) : pagesRead;
      const merged = ranges && mergedRanges(ranges.filter((range) => range.sizeBytes > 0 && range.offset < entry.sizeBytes));
      const readBytes = merged
        ? merged.reduce((sum, range) => sum + range.sizeBytes, 0)
        : pages === undefined
          ? entry.sizeBytes
          : pages * 4096;
      return prefetchFile(catalog, entry, readBytes, merged);
    }),
  );
}

/**
 * As many files as their bytes allow: those of which the largest share is read go first, so that a library of a gigabyte of which
 * startup reads two percent does not displace a thousand small files. Keeps the order of `files`.
 */
export function withinBudget(
  files: readonly PrefetchFile[],
  budgetBytes: number,
  bytesOf: (file: PrefetchFile) => number = (file) => file.sizeBytes,
): readonly PrefetchFile[] {
  const order = new Map(files.map((file, index) => [file, index]));
  const share = (file: PrefetchFile): number => file.readBytes / Math.max(1, bytesOf(file));
  const chosen = new Set<PrefetchFile>();
  let left = budgetBytes;
  for (const file of [...files].sort((a, b) => share(b) - share(a) || (order.get(a) ?? 0) - (order.get(b) ?? 0))) {
    if (bytesOf(file) > left) continue;
    left -= bytesOf(file);
    chosen.add(file);
  }
  return files.filter((file) => chosen.has(file));
}

function prefetchFile(
  catalog: FileCatalog,
  entry: CatalogEntry,
  readBytes: number,
  ranges: readonly ByteRange[] | undefined,
): PrefetchFile {
  const content = contentOf(catalog, entry);
  return {
    path: content.path,
    sizeBytes: entry.sizeBytes,
    layerIndex: content.layerIndex,
    readBytes: Math.min(entry.sizeBytes, readBytes),
    ranges,
  };
}

/** A hard link's content is stored with the file that it names, if that was not replaced since. */
function contentOf(catalog: FileCatalog, entry: CatalogEntry): CatalogEntry {
  const target = entry.type === "hardlink" && entry.linkTarget !== undefined ? catalog.get(entry.linkTarget) : undefined;
  return target?.type === "file" && target.layerIndex === entry.layerIndex ? target : entry;
}

function once(files: readonly PrefetchFile[]): readonly PrefetchFile[] {
  const paths = new Set<string>();
  return files.filter(({ path, sizeBytes }) => sizeBytes > 0 && !paths.has(path) && paths.add(path));
}

/**
 * Which parts a start reads of a file that it does not read whole, as far as that can be told: a mapped file's header, and what
 * the dynamic linker reads and writes of a library. Which parts of its code run cannot be told.
 */
function predictedRanges(catalog: FileCatalog, entry: CatalogEntry, readBytes: number): readonly ByteRange[] | undefined {
  if (entry.sizeBytes <= leastPartBytes || readBytes >= entry.sizeBytes * wholeShare) return undefined;
  if (weightsFormat(entry.path)) return [{ offset: 0, sizeBytes: readBytes }];
  const fact = catalog.fact(entry);
  if (fact?.kind !== "elf" || fact.interpreter !== undefined) return undefined;
  const { linkRuns } = fact.load;
  const ranges: ByteRange[] = [];
  for (let i = 0; i + 1 < linkRuns.length; i += 2) {
    const offset = (linkRuns[i] as number) * linkBlockBytes;
    const sizeBytes = Math.min(entry.sizeBytes - offset, (linkRuns[i + 1] as number) * linkBlockBytes);
    if (sizeBytes > 0) ranges.push({ offset, sizeBytes });
  }
  return ranges.length > 0 ? mergedRanges(ranges) : undefined;
}
