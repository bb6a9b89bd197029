import type { CatalogEntry, FileCatalog } from "../facts/fileCatalog.ts";
import type { ElfFact } from "../facts/fileFact.ts";
import { elfFactOf } from "./elf.ts";
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

/** How many pages of code are read in one go, on average. */
const codeRunPages = 24;

/** Share of a file's bytes that is read before the container is ready, for kinds of files that are not read whole. */
const shares: readonly {
  readonly ending: RegExp;
  readonly share: number;
  /** Pages that are read in one go; absent when all that is read lies at the start. */
  readonly runPages?: number;
}[] = [
  { ending: /\/lib\/modules$/, share: 0.046, runPages: 72 },
  { ending: /\.jsa$/, share: 0.99, runPages: 24 },
  { ending: /\.(jar|war|zip|whl|egg)$/, share: 0.7, runPages: 24 },
  { ending: /\/LC_CTYPE$/, share: 0.05 },
  { ending: /\/locale-archive$/, share: 0.02, runPages: 24 },
  { ending: /\.(db|sqlite|sqlite3|mdb)$/, share: 0.1, runPages: 24 },
];

/** Names of files that are no ELF objects for certain, so that their facts need not be decoded. */
const plainNames = /\.(py|pyc|pyi|js|cjs|mjs|json|txt|pem|crt|cnf|conf|yaml|yml|toml|ini|sh|html|css|map|pth|jar|safetensors)$/;

/** Of a mapped file of weights only the header is parsed until the first request. */
const headerShare = 0.001;

/** Depends on the file and on how it is read alone, not on what else is opened. */
export function touchedOf(entry: CatalogEntry, catalog: FileCatalog, chunkSizeBytes: number, reading?: Reading): TouchedByMoment {
  const size = entry.sizeBytes;
  const whole: Touched = { pageBytes: size, chunkBytes: size };
  const how = reading ?? weightsFormat(entry.path)?.reading;
  if (how === "read") return { ready: whole, request: whole };
  if (how === "mapped") {
    const pageBytes = roundUp(size * headerShare, size);
    return { ready: { pageBytes, chunkBytes: chunks(pageBytes, size, chunkSizeBytes) }, request: whole };
  }
  const touched = touchedByKind(entry, catalog, chunkSizeBytes);
  return { ready: touched, request: touched };
}

function touchedByKind(entry: CatalogEntry, catalog: FileCatalog, chunkSizeBytes: number): Touched {
  const size = entry.sizeBytes;
  if (size === 0) return { pageBytes: 0, chunkBytes: 0 };
  const fact = size > 20_000 && !plainNames.test(entry.path) ? elfFactOf(catalog, entry.path) : undefined;
  if (fact) {
    const pageBytes = roundUp(elfPageBytes(fact, nameOf(entry.path)), size);
    return { pageBytes, chunkBytes: bounded(elfChunkBytes(fact, size, pageBytes, chunkSizeBytes), pageBytes, size) };
  }
  const row = shares.find(({ ending }) => ending.test(entry.path));
  if (!row) return { pageBytes: size, chunkBytes: size };
  const pageBytes = roundUp(size * row.share, size);
  const chunkBytes =
    row.runPages === undefined ? chunks(pageBytes, size, chunkSizeBytes) : scatteredChunks(size, pageBytes, row.runPages, chunkSizeBytes);
  return { pageBytes, chunkBytes: bounded(chunkBytes, pageBytes, size) };
}

/** Libraries that are a whole language runtime behind a small launcher. */
const wholePrograms = /^lib(node|jvm|python3?\.|ruby|php|R\.|julia|coreclr|clrjit|mono|perl)/;

/**
 * Pages that loading and starting an ELF object reads: the relocation table and the pages it writes to, the symbol tables
 * that are searched, and some code. The coefficients are a non-negative least-squares fit over 650 objects of 13 traced
 * starts, each weighted by about the inverse of its size; one object is off by a factor of 1.5, an image's sum by 1.2.
 */
function elfPageBytes(fact: ElfFact, name: string): number {
  const { relocationBytes, relocatedPages, symbolBytes, textBytes, rodataBytes } = fact.load;
  if (/^ld(-linux|-musl|64\.so|\.so)/.test(name)) return 0.85 * (textBytes + rodataBytes);
  const linking =
    6000 +
    1.8 * relocationBytes +
    1.7 * relocatedPages * pageSizeBytes +
    0.6 * Math.min(symbolBytes, 1_000_000) +
    1.1 * Math.max(0, symbolBytes - 1_000_000) +
    0.17 * Math.min(textBytes, 200_000);
  // Executables run their own code, libraries lend a little of theirs; libc.so.6 has an interpreter and is run most.
  if (fact.interpreter !== undefined || wholePrograms.test(name)) return linking + 0.35 * (textBytes + rodataBytes);
  if (fact.needed.length === 0 && relocationBytes + symbolBytes === 0) return linking + 0.47 * (textBytes + rodataBytes);
  return linking + 0.0064 * Math.min(textBytes, 30_000_000) + 0.0023 * Math.min(rodataBytes, 30_000_000);
}

/** Tables and relocated data lie together; the code that runs is scattered over text and read-only data, debug data is not read. */
function elfChunkBytes(fact: ElfFact, size: number, pageBytes: number, chunkSizeBytes: number): number {
  const { relocationBytes, symbolBytes, relocatedPages, textBytes, rodataBytes } = fact.load;
  const together = Math.min(size, relocationBytes + symbolBytes + relocatedPages * pageSizeBytes);
  const scattered = scatteredChunks(
    Math.min(size, textBytes + rodataBytes),
    Math.max(0, pageBytes - together),
    codeRunPages,
    chunkSizeBytes,
  );
  return Math.min(size, chunks(together, size, chunkSizeBytes) + scattered);
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
