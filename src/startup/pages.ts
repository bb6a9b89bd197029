import type { CatalogEntry } from "../facts/fileCatalog.ts";
import type { ElfFact, FileFact } from "../facts/fileFact.ts";
import { nameOf } from "./paths.ts";

export const pageSizeBytes = 4096;

/** How much of an opened file startup reads. */
export interface Touched {
  /** Bytes of the 4 KiB pages that are read; at most the file's size. */
  readonly pageBytes: number;
  /** Bytes that a loader fetches which asks for aligned chunks within the file; at most the file's size. */
  readonly chunkBytes: number;
}

/** Share of a file's bytes that is read before the container is ready, for kinds of files that are not read whole. */
const shares: readonly { readonly ending: RegExp; readonly share: number; readonly scattered: boolean }[] = [
  // Mapped; only the header is parsed until the first request.
  { ending: /\.(safetensors|gguf)$/, share: 0.002, scattered: false },
  { ending: /\/lib\/modules$/, share: 0.046, scattered: true },
  { ending: /\.jsa$/, share: 0.99, scattered: true },
  { ending: /\.(jar|war|zip|whl|egg)$/, share: 0.7, scattered: true },
  { ending: /\/LC_CTYPE$/, share: 0.05, scattered: false },
  { ending: /\/locale-archive$/, share: 0.02, scattered: true },
  { ending: /\.(db|sqlite|sqlite3|mdb)$/, share: 0.1, scattered: true },
];

/** Pure: depends on the file alone, not on what else is opened. */
export function touchedOf(entry: CatalogEntry, fact: FileFact | undefined, chunkSizeBytes: number): Touched {
  const size = entry.sizeBytes;
  if (size === 0) return { pageBytes: 0, chunkBytes: 0 };
  if (fact?.kind === "elf" && size > 20_000) {
    const pageBytes = roundUp(elfPageBytes(fact, isExecutable(entry)), size);
    return { pageBytes, chunkBytes: elfChunkBytes(fact, size, pageBytes, chunkSizeBytes) };
  }
  const row = shares.find(({ ending }) => ending.test(entry.path));
  if (!row) return { pageBytes: size, chunkBytes: size };
  const pageBytes = roundUp(size * row.share, size);
  return {
    pageBytes,
    chunkBytes: row.scattered ? scatteredChunks(size, pageBytes, chunkSizeBytes) : chunks(pageBytes, size, chunkSizeBytes),
  };
}

/**
 * Pages that loading and starting an ELF object reads: the relocation table and the pages it writes to, the symbol tables
 * that are searched, and some code. The coefficients are a non-negative least-squares fit on traced starts.
 */
function elfPageBytes(fact: ElfFact, executable: boolean): number {
  const { relocationBytes, relocatedPages, symbolBytes, textBytes, rodataBytes } = fact.load;
  const base = 6 * pageSizeBytes + relocationBytes + relocatedPages * pageSizeBytes;
  if (executable) return base + symbolBytes * 0.5 + (textBytes + rodataBytes) * 0.15;
  return base + symbolBytes * 0.3 + Math.min(textBytes, 200_000) * 0.25 + Math.min(textBytes + rodataBytes, 30_000_000) * 0.04;
}

/** Executables run their own code, libraries lend a little of theirs. */
function isExecutable(entry: CatalogEntry): boolean {
  return !/\.so(\.|$)/.test(nameOf(entry.path)) && (entry.mode & 0o111) !== 0;
}

/** Tables and relocated data lie together; the code that runs is scattered over the text. */
function elfChunkBytes(fact: ElfFact, size: number, pageBytes: number, chunkSizeBytes: number): number {
  const together = fact.load.relocationBytes + fact.load.symbolBytes + fact.load.relocatedPages * pageSizeBytes;
  const scattered = Math.max(0, pageBytes - together);
  return Math.min(
    size,
    chunks(Math.min(together, size), size, chunkSizeBytes) + scatteredChunks(Math.max(0, size - together), scattered, chunkSizeBytes),
  );
}

function chunks(bytes: number, size: number, chunkSizeBytes: number): number {
  return Math.min(size, Math.max(1, Math.ceil(bytes / chunkSizeBytes)) * chunkSizeBytes);
}

/** Expected bytes of the chunks that hold reads spread at random in runs of about 16 pages. */
function scatteredChunks(size: number, pageBytes: number, chunkSizeBytes: number): number {
  if (size <= chunkSizeBytes) return size;
  const chunkCount = size / chunkSizeBytes;
  const runs = Math.max(1, pageBytes / (16 * pageSizeBytes));
  return Math.min(size, Math.max(chunkSizeBytes, size * (1 - (1 - 1 / chunkCount) ** runs)));
}

function roundUp(bytes: number, size: number): number {
  return Math.min(size, Math.ceil(bytes / pageSizeBytes) * pageSizeBytes);
}
