/**
 * Which files' contents are read, and by what: one row per kind of content. A row decides by the entry first (cheap,
 * and all that a table of contents offers), by the first bytes second; ordinary data files match none and cost nothing.
 * To remember something new of files: write its reader, add a row, raise `extractorsVersion`.
 */
import { freeBytes } from "../base/memory.ts";
import type { TarEntry } from "../image/image.ts";
import { elfReader, readElf } from "./elfFact.ts";
import { looksLikeElf } from "./elfHeader.ts";
import type { FactReader } from "./factReader.ts";
import type { FileFact } from "./fileFact.ts";
import { jarHeadBytes, readJarManifest } from "./jarManifest.ts";
import { scanJavaScript } from "./javascript/scan.ts";
import { pickleLimitBytes, readPickle } from "./pickleFact.ts";
import { importsOfCython } from "./python/cythonSource.ts";
import { readPyc } from "./python/pycFact.ts";
import { scanPython } from "./python/scan.ts";
import { readRpmDatabase, rpmDatabaseLimitBytes, rpmDatabasePath } from "./rpm/rpmDatabase.ts";
import { sourceScanner } from "./sources/sourceScanner.ts";
import { sourceLimitBytes as sourceFileLimitBytes } from "./sources/sourceLines.ts";
import { isScriptName, readScript, scriptLimitBytes } from "./scriptFact.ts";
import { readText, textRow } from "./textFact.ts";
import { isWeights, weightsReader } from "./weightsFact.ts";

/** Part of the cache key: facts made by another version are read again. */
export const extractorsVersion = 35;

interface Extractor {
  /** Whether the content may matter, by name, size and mode alone. */
  wants(entry: TarEntry, baseName: string): boolean;
  /** Whether content that starts so is of this kind; absent when the name decides. `start`: at least min(size, 512) bytes. */
  starts?(start: Uint8Array, entry: TarEntry): boolean;
  /** Files beyond `limitBytes` are left out, or cut off there when `cutsOff`. */
  readonly limitBytes: number;
  readonly cutsOff?: true;
  /** From the whole content, or its first `limitBytes`. */
  read(entry: TarEntry, content: Uint8Array): FileFact | undefined;
  /** For contents too large to be held in memory. */
  reader?(entry: TarEntry): FactReader;
  /** Only worth it while a whole layer passes by: never fetched by range. */
  readonly isOnlyStreamed?: true;
}

const mebibyte = 1024 * 1024;
const sourceLimitBytes = 16 * mebibyte;

/** The first row that wants the entry and accepts its first bytes reads it. */
const extractors: readonly Extractor[] = [
  {
    wants: (_entry, baseName) => baseName.endsWith(".py") || baseName.endsWith(".pyw"),
    limitBytes: sourceLimitBytes,
    read: (entry, content) => scanPython(content, entry.path),
  },
  {
    wants: (_entry, baseName) => baseName.endsWith(".pyx"),
    limitBytes: sourceLimitBytes,
    read: (entry, content) => scanPython(Buffer.from(importsOfCython(Buffer.from(content).toString("utf8"))), entry.path),
  },
  {
    wants: (_entry, baseName) => baseName.endsWith(".pyc"),
    limitBytes: 16,
    cutsOff: true,
    read: (_entry, content) => readPyc(content),
  },
  {
    wants: (_entry, baseName) => /\.[cm]?js$/.test(baseName),
    limitBytes: sourceLimitBytes,
    read: (entry, content) => scanJavaScript(content, entry.path),
  },
  {
    wants: (_entry, baseName) => sourceScanner(baseName) !== undefined,
    limitBytes: sourceFileLimitBytes,
    read: (entry, content) => sourceScanner(baseNameOf(entry.path))?.(content),
  },
  {
    wants: (entry, baseName) => isExecutable(entry) || /\.(so|node)(\.[\w.-]*)?$/.test(baseName) || baseName.includes(".so."),
    starts: looksLikeElf,
    limitBytes: Number.POSITIVE_INFINITY,
    read: (_entry, content) => readElf(content),
    reader: (entry) => elfReader(entry.sizeBytes),
  },
  {
    wants: (_entry, baseName) => /\.(pkl|pickle|joblib)$/.test(baseName),
    limitBytes: pickleLimitBytes,
    cutsOff: true,
    read: (_entry, content) => readPickle(content),
  },
  {
    wants: isWeights,
    limitBytes: Number.POSITIVE_INFINITY,
    read: (entry, content) => {
      const reader = weightsReader(entry);
      reader.push(content);
      return reader.finish();
    },
    reader: weightsReader,
    isOnlyStreamed: true,
  },
  {
    wants: (entry) => rpmDatabasePath.test(entry.path),
    limitBytes: rpmDatabaseLimitBytes,
    read: (_entry, content) => readRpmDatabase(content),
  },
  {
    wants: (_entry, baseName) => /\.(?:jar|war)$/.test(baseName),
    limitBytes: jarHeadBytes,
    cutsOff: true,
    read: (_entry, content) => readJarManifest(content),
  },
  {
    wants: (entry) => textRow(entry) !== undefined,
    limitBytes: Number.POSITIVE_INFINITY,
    read: readText,
  },
  {
    wants: (entry, baseName) => isExecutable(entry) || isScriptName(baseName) || isPlainName(entry, baseName),
    starts: (start, entry) => startsWithShebang(start) || isScriptName(baseNameOf(entry.path)),
    limitBytes: scriptLimitBytes,
    cutsOff: true,
    read: readScript,
  },
];

/**
 * Called with the first chunk of each non-empty regular file; that chunk is pushed to the reader again.
 * Undefined: nothing of this file is worth remembering.
 */
export function factReader(entry: TarEntry, firstBytes: Uint8Array): FactReader | undefined {
  const extractor = extractorFor(entry, firstBytes);
  if (extractor === undefined) return undefined;
  return extractor.reader?.(entry) ?? new HoldingReader(extractor, entry);
}

/** The same for a content that lies in memory as a whole. */
export function readFact(entry: TarEntry, content: Uint8Array): FileFact | undefined {
  const extractor = extractorFor(entry, content);
  if (extractor === undefined) return undefined;
  return extractor.read(entry, content.length > extractor.limitBytes ? content.subarray(0, extractor.limitBytes) : content);
}

/** Whether the content of this entry may matter, so far as name, size and mode tell: for tables of contents. */
export function wantsContent(entry: TarEntry): boolean {
  if (entry.type !== "file" || entry.sizeBytes === 0) return false;
  const baseName = baseNameOf(entry.path);
  return extractors.some((extractor) => !extractor.isOnlyStreamed && fits(extractor, entry) && extractor.wants(entry, baseName));
}

function extractorFor(entry: TarEntry, start: Uint8Array): Extractor | undefined {
  if (entry.type !== "file" || start.length === 0) return undefined;
  const baseName = baseNameOf(entry.path);
  return extractors.find(
    (extractor) => fits(extractor, entry) && extractor.wants(entry, baseName) && (extractor.starts?.(start, entry) ?? true),
  );
}

function fits(extractor: Extractor, entry: TarEntry): boolean {
  return extractor.cutsOff === true || entry.sizeBytes <= extractor.limitBytes;
}

/** Collects the content up to the limit, then reads it at once. */
class HoldingReader implements FactReader {
  private readonly extractor: Extractor;
  private readonly entry: TarEntry;
  private readonly held: Uint8Array;
  private heldBytes = 0;

  constructor(extractor: Extractor, entry: TarEntry) {
    this.extractor = extractor;
    this.entry = entry;
    this.held = Buffer.allocUnsafe(Math.min(entry.sizeBytes, extractor.limitBytes));
  }

  push(chunk: Uint8Array): void {
    const room = this.held.length - this.heldBytes;
    if (room === 0) return;
    const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
    this.held.set(part, this.heldBytes);
    this.heldBytes += part.length;
  }

  finish(): FileFact | undefined {
    const fact = this.extractor.read(this.entry, this.held.subarray(0, this.heldBytes));
    freeBytes(this.held);
    return fact;
  }
}

function startsWithShebang(start: Uint8Array): boolean {
  return start[0] === 0x23 && start[1] === 0x21;
}

/** A script may be given to its interpreter without being executable: `ruby bin/rails`, `php artisan`. */
function isPlainName(entry: TarEntry, baseName: string): boolean {
  return (
    !baseName.includes(".") && entry.sizeBytes <= scriptLimitBytes && !/^\/(?:usr|lib|lib64|etc|var|proc|sys|dev|boot)\//.test(entry.path)
  );
}

function isExecutable(entry: TarEntry): boolean {
  return (entry.mode & 0o111) !== 0;
}

function baseNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
