import type { ElfFact } from "../facts/fileFact.ts";

/**
 * What the pages that startup reads of an ELF object are made of, in pages of 4 KiB or counts; a coefficient each. Fitted by
 * `test/bench/calibrate.ts`.
 */
export type ElfFeature =
  | "link"
  | "constructors"
  | "constructorData"
  | "extensionSmallText"
  | "extensionMiddleText"
  | "extensionLargeText"
  | "extensionRodata"
  | "libraryText"
  | "libraryRodata"
  | "runtime"
  | "largeRuntime"
  | "libc"
  | "smallProgram"
  | "largeProgram"
  | "static"
  | "largeStatic"
  | "loader";

export type ElfPageCoefficients = Readonly<Record<ElfFeature, number>>;

const pageSizeBytes = 4096;

/** Language runtimes, as programs and as libraries behind a small launcher: setting up builtins runs most of their code. */
const runtimes =
  /^(lib)?(node|nodejs|jvm|python[23]?|ruby|php|R|julia|coreclr|clrjit|mono|perl|beam|lua|luajit|guile|racket)(-?\d[\d.]*)?([.-]|$)/;
/** The C library of glibc is an executable by its header, and run by every program. */
const libc = /^libc[.-]/;
/** The C library of musl is the loader and the library in one. */
const loaders = /^ld(-linux|64\.so|\.so)/;
/** PEP 3149: how compiled Python modules are named. Importing one runs its set-up, which makes all its types and functions. */
const extensionModule = /\.(cpython-[^/]+|abi3|pypy[^/]+)\.so$/;

/** Up to this much code a program runs nearly all of it, beyond but a part until it serves. */
const smallProgramPages = 100;
const smallStaticPages = 1000;
const smallRuntimePages = 1500;
/** A constructor works with so many pages of its object's data at most. */
const dataPagesPerConstructor = 5;
/** Libraries larger than this are collections, of which one start needs no more. */
const mostLibraryPages = 7500;

/** Of larger tables the facts keep only the beginning, see `facts/elfFact.ts`. */
const keptSymbolBytes = 48 * 1024 * 1024;

/**
 * What the linker reads. Where its tables are too large to be kept, about as much as the symbol tables have: so many names are looked up
 * that few of their pages stay untouched.
 */
function linkPagesOf({ load: { linkPages, symbolBytes } }: ElfFact): number {
  return symbolBytes > keptSymbolBytes ? Math.max(linkPages, symbolBytes / pageSizeBytes) : linkPages;
}

/** The features of one object, absent where they are 0. `name`: the file's. */
export function elfFeatures(fact: ElfFact, name: string): ReadonlyMap<ElfFeature, number> {
  const { constructors, dataBytes } = fact.load;
  const linkPages = linkPagesOf(fact);
  const text = fact.load.textBytes / pageSizeBytes;
  const rodata = fact.load.rodataBytes / pageSizeBytes;
  const features = new Map<ElfFeature, number>();
  const add = (feature: ElfFeature, amount: number): void => {
    if (amount > 0) features.set(feature, amount);
  };
  if (loaders.test(name)) {
    add("loader", text + rodata);
    return features;
  }
  add("link", linkPages);
  add("constructors", constructors);
  add("constructorData", Math.min(dataBytes / pageSizeBytes, dataPagesPerConstructor * constructors));
  if (isStatic(fact, name)) {
    add("static", between(text + rodata, 0, smallStaticPages));
    add("largeStatic", between(text + rodata, smallStaticPages, Infinity));
  } else if (runtimes.test(name)) {
    add("runtime", between(text + rodata, 0, smallRuntimePages));
    add("largeRuntime", between(text + rodata, smallRuntimePages, Infinity));
  } else if (libc.test(name)) {
    add("libc", text + rodata);
  } else if (fact.interpreter !== undefined) {
    add("smallProgram", between(text + rodata, 0, smallProgramPages));
    add("largeProgram", between(text + rodata, smallProgramPages, Infinity));
  } else if (extensionModule.test(name)) {
    add("extensionSmallText", between(text, 0, 40));
    add("extensionMiddleText", between(text, 40, 200));
    add("extensionLargeText", between(text, 200, mostLibraryPages));
    add("extensionRodata", between(rodata, 0, 300));
  } else {
    add("libraryText", between(text, 0, mostLibraryPages));
    add("libraryRodata", between(rodata, 0, mostLibraryPages));
  }
  return features;
}

/** Pages that loading and starting an ELF object reads, not bounded by its size. */
export function elfPages(fact: ElfFact, name: string, coefficients: ElfPageCoefficients): number {
  let pages = 0;
  for (const [feature, amount] of elfFeatures(fact, name)) pages += coefficients[feature] * amount;
  // Less than the linker's own pages is never read; a loader is started by the kernel and links itself.
  return Math.max(pages, loaders.test(name) ? 0 : linkPagesOf(fact));
}

/** How many pages of code, and of a table, are read in one go on average. */
const codeRunPages = 24;
const tableRunPages = 6;
/** Unit of `linkRuns`. */
const runBlockBytes = 64 * 1024;

/**
 * Bytes of the aligned chunks that hold those pages: where the linker reads is known, the rest is scattered over code and read-only
 * data. Debug sections lie in chunks of their own.
 */
export function elfChunkBytes(fact: ElfFact, sizeBytes: number, pageBytes: number, chunkSizeBytes: number): number {
  const { linkRuns, textBytes, rodataBytes, dataBytes, constructors } = fact.load;
  const linkPages = linkPagesOf(fact);
  if (chunkSizeBytes <= pageSizeBytes || sizeBytes <= chunkSizeBytes) return Math.min(sizeBytes, Math.max(pageBytes, chunkSizeBytes));
  const all = Math.ceil(sizeBytes / chunkSizeBytes);
  // Runs are known to 64 KiB only.
  const known =
    chunkSizeBytes >= runBlockBytes
      ? coveredChunks(linkRuns, chunkSizeBytes, all)
      : Math.min(coveredChunks(linkRuns, runBlockBytes, all) * (runBlockBytes / chunkSizeBytes), linkPages);
  // Tables of which only a part was kept lie in one piece.
  const linked = linkPages > fact.load.linkPages ? Math.max(known, (linkPages * pageSizeBytes) / chunkSizeBytes) : known;
  const beyondLinking = Math.max(0, pageBytes - linkPages * pageSizeBytes);
  // A constructor reads its object's data in one piece.
  const dataRead = Math.min(dataBytes, dataPagesPerConstructor * constructors * pageSizeBytes, beyondLinking);
  // Nothing but data is a table that is looked into here and there (ICU). Far more data than code is something else that rides along:
  // code for other devices, resources.
  const isTable = textBytes < rodataBytes / 100;
  const looked = isTable || rodataBytes <= 2 * textBytes ? rodataBytes : textBytes;
  // Code begins somewhere within a chunk, and shares that one with what stands before it.
  const length = (textBytes + looked) / chunkSizeBytes;
  const area = Math.min(all, length + Math.min(1, length));
  const runs = (beyondLinking - dataRead) / ((isTable ? tableRunPages : codeRunPages) * pageSizeBytes);
  const code = area <= 1 ? area : Math.max(Math.min(1, runs), area * (1 - (1 - 1 / area) ** runs));
  const scattered = (runs === 0 ? 0 : code) + dataRead / chunkSizeBytes;
  return Math.min(sizeBytes, (linked + scattered * (1 - linked / all)) * chunkSizeBytes);
}

/** How many chunks hold any of the runs; `most` bounds what a hostile header claims. */
function coveredChunks(linkRuns: readonly number[], chunkSizeBytes: number, most: number): number {
  let count = 0;
  let next = 0;
  for (let index = 0; index + 1 < linkRuns.length; index += 2) {
    const start = (linkRuns[index] ?? 0) * runBlockBytes;
    const end = start + (linkRuns[index + 1] ?? 0) * runBlockBytes;
    const first = Math.max(next, Math.floor(start / chunkSizeBytes));
    next = Math.max(next, Math.ceil(end / chunkSizeBytes));
    count += Math.max(0, next - first);
  }
  return Math.min(most, count);
}

/** Neither linked nor a library: Go's and Rust's static programs. Some libraries need nothing else, but name themselves. */
function isStatic(fact: ElfFact, name: string): boolean {
  return fact.interpreter === undefined && fact.needed.length === 0 && fact.soname === undefined && !/\.(so|node)(\.|$)/.test(name);
}

function between(value: number, low: number, high: number): number {
  return Math.max(0, Math.min(value, high) - low);
}
