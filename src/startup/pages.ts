import type { CatalogEntry, FileCatalog } from "../facts/fileCatalog.ts";
import { defaultCalibration, type Calibration } from "./calibration.ts";
import { elfFactOf } from "./elf.ts";
import { elfChunkBytes, elfPages } from "./elfPages.ts";
import { nameOf } from "./paths.ts";
import type { Reading } from "./startupSet.ts";
import { weightsFormat } from "./weights.ts";

export const pageSizeBytes = 4096;

/** How much of an opened file startup reads. */
export interface Touched {
  /** Bytes of the 4 KiB pages that are read; at most the file's size. */
  readonly pageBytes: number;
  /** Bytes that a loader fetches which asks for aligned chunks within the file; at most the file's size. */
  readonly chunkBytes: number;
}

/** The same at both moments; what is read until ready counts for both. */
export interface TouchedByMoment {
  readonly ready: Touched;
  readonly request: Touched;
}

/** A kind of file that is not read whole. */
export interface ReadShare {
  readonly ending: RegExp;
  /** Of the file's bytes, read before the container is ready; `test/bench/calibrate.ts` prints what was recorded. */
  readonly share: number;
  /** Pages that are read in one go; absent when all that is read lies at the start. */
  readonly runPages?: number;
}

const shares: readonly ReadShare[] = [
  { ending: /\/lib\/modules$/, share: 0.046, runPages: 72 },
  { ending: /\.jsa$/, share: 0.99, runPages: 24 },
  { ending: /\.(jar|war|zip|whl|egg)$/, share: 0.7, runPages: 24 },
  // Of an object whose tables are not known: about what all known ones read together.
  { ending: /\.so(\.\d+)*$/, share: 0.2, runPages: 24 },
  { ending: /\/LC_CTYPE$/, share: 0.05 },
  { ending: /\/locale-archive$/, share: 0.02, runPages: 24 },
  { ending: /\.(db|sqlite|sqlite3|mdb)$/, share: 0.1, runPages: 24 },
];

/** One of many archives on a class path gives up a few classes; the only one holds the whole program, often with its libraries inside. */
const libraryArchive: ReadShare = { ending: /\.jar$/, share: 0.19, runPages: 8 };

/** Undefined for files that are read whole. */
export function shareOf(path: string, catalog: FileCatalog): ReadShare | undefined {
  if (path.endsWith(".jar") && hasSiblingArchives(path, catalog)) return libraryArchive;
  return shares.find(({ ending }) => ending.test(path));
}

function hasSiblingArchives(path: string, catalog: FileCatalog): boolean {
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1);
  return catalog.list(path.slice(0, slash) || "/").some((other) => other.endsWith(".jar") && other !== name);
}

/** Names of files that are no ELF objects for certain, so that their facts need not be decoded. */
const plainNames = /\.(py|pyc|pyi|js|cjs|mjs|json|txt|pem|crt|cnf|conf|yaml|yml|toml|ini|sh|html|css|map|pth|jar|safetensors)$/;

/** Of a mapped file of weights only the header is parsed until the first request, at least a few pages. */
const headerShare = 0.0005;
const leastHeaderBytes = 16 * 1024;

/** Depends on the file and on how it is read alone, not on what else is opened. */
export function touchedOf(
  entry: CatalogEntry,
  catalog: FileCatalog,
  chunkSizeBytes: number,
  reading?: Reading,
  calibration: Calibration = defaultCalibration,
): TouchedByMoment {
  const size = entry.sizeBytes;
  const whole: Touched = { pageBytes: size, chunkBytes: size };
  const format = weightsFormat(entry.path);
  const how = reading ?? format?.reading;
  if (how === "read") return { ready: whole, request: whole };
  if (how === "mapped") {
    const pageBytes = roundUp(Math.max(size * (format?.readyShare ?? headerShare), leastHeaderBytes), size);
    return { ready: { pageBytes, chunkBytes: bounded(chunks(pageBytes, size, chunkSizeBytes), pageBytes, size) }, request: whole };
  }
  const touched = touchedByKind(entry, catalog, chunkSizeBytes, calibration);
  return { ready: touched, request: touched };
}

function touchedByKind(entry: CatalogEntry, catalog: FileCatalog, chunkSizeBytes: number, calibration: Calibration): Touched {
  const size = entry.sizeBytes;
  if (size === 0) return { pageBytes: 0, chunkBytes: 0 };
  const fact = size > 20_000 && !plainNames.test(entry.path) ? elfFactOf(catalog, entry.path) : undefined;
  if (fact) {
    const pages = elfPages(fact, nameOf(entry.path), calibration.elfPages);
    const pageBytes = roundUp(pages * pageSizeBytes, size);
    return { pageBytes, chunkBytes: bounded(elfChunkBytes(fact, size, pageBytes, chunkSizeBytes), pageBytes, size) };
  }
  const row = shareOf(entry.path, catalog);
  if (!row) return { pageBytes: size, chunkBytes: size };
  const pageBytes = roundUp(size * row.share, size);
  const chunkBytes =
    row.runPages === undefined ? chunks(pageBytes, size, chunkSizeBytes) : scatteredChunks(size, pageBytes, row.runPages, chunkSizeBytes);
  return { pageBytes, chunkBytes: bounded(chunkBytes, pageBytes, size) };
}

function chunks(bytes: number, size: number, chunkSizeBytes: number): number {
  return Math.min(size, Math.max(1, Math.ceil(bytes / chunkSizeBytes)) * chunkSizeBytes);
}

/** Expected bytes of the chunks that hold reads spread at random in runs of so many pages. */
function scatteredChunks(size: number, pageBytes: number, runPages: number, chunkSizeBytes: number): number {
  if (size <= chunkSizeBytes) return size;
  const runs = Math.max(1, pageBytes / (runPages * pageSizeBytes));
  return Math.min(size, Math.max(chunkSizeBytes, size * (1 - (1 - chunkSizeBytes / size) ** runs)));
}

/** A chunk holds whole pages, hence never less than them. */
function bounded(chunkBytes: number, pageBytes: number, size: number): number {
  return Math.min(size, Math.max(pageBytes, Math.round(chunkBytes)));
}

function roundUp(bytes: number, size: number): number {
  return Math.min(size, Math.ceil(bytes / pageSizeBytes) * pageSizeBytes);
}
