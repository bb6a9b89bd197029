/**
 * Which pages of an ELF file the dynamic linker must read before the first instruction of it runs: what glibc's elf/do-rel.h
 * and elf/dl-lookup.c walk. Every traced object had all of these pages read, so they are the floor of any estimate.
 */
import { Fields, fileOffset, finite, segmentType, tag, type Dynamic, type ElfHeader, type Segment } from "./elfHeader.ts";
import type { HeldRanges } from "./heldRanges.ts";

const pageBits = 12;
/** Of the runs: 16 pages. */
const blockPages = 16;
/** Files beyond 64 GiB have the pages behind that left out. */
const mostPages = 2 ** 24;
/** Beyond this the runs with the smallest gaps are joined. */
const mostRuns = 64;

export interface Linking {
  readonly linkPages: number;
  readonly linkRuns: readonly number[];
  readonly constructors: number;
}

export function readLinking(held: HeldRanges, header: ElfHeader, dynamic: Dynamic): Linking {
  const pages = new FilePages(held.sizeBytes);
  const width = header.is64 ? 8 : 4;
  const value = (key: number): number => finite(dynamic.values.get(key));
  const offset = (key: number): number | undefined => fileOffset(header, dynamic.values.get(key));
  const symbols = symbolPages(held, header, dynamic, pages);
  const target = targetPages(header, pages);
  const constructors = { start: value(tag.initArray), end: value(tag.initArray) + value(tag.initArraySize) };

  pages.addRange(0, 1);
  pages.addRange(dynamic.offset, dynamic.sizeBytes);
  for (const segment of header.segments) if (segment.type === segmentType.threadStorage) pages.addRange(segment.offset, segment.fileBytes);
  const strings = offset(tag.strings);
  if (strings !== undefined) for (const name of dynamic.needed) pages.addRange(strings + name, 1);
  addBloomFilter(held, header, offset(tag.gnuHash), pages);

  const pltEntryBytes = value(tag.pltRel) === tag.rel ? 2 * width : 3 * width;
  for (const table of [
    { start: offset(tag.rela), sizeBytes: value(tag.relaSize), entryBytes: 3 * width },
    { start: offset(tag.rel), sizeBytes: value(tag.relSize), entryBytes: 2 * width },
    { start: offset(tag.jmpRel), sizeBytes: value(tag.pltRelSize), entryBytes: pltEntryBytes },
  ]) {
    const bytes = table.start === undefined ? undefined : held.readUpTo(table.start, table.sizeBytes);
    if (table.start === undefined || bytes === undefined) continue;
    pages.addRange(table.start, table.sizeBytes);
    addRelocations(bytes, header, table.entryBytes, constructors, target, symbols);
  }
  const relr = offset(tag.relr);
  const relrBytes = relr === undefined ? undefined : held.readUpTo(relr, value(tag.relrSize));
  if (relr !== undefined && relrBytes !== undefined) {
    pages.addRange(relr, relrBytes.length);
    addRelr(relrBytes, header, target);
  }
  return {
    linkPages: pages.count,
    linkRuns: pages.runs(),
    constructors: Math.floor(Math.min(value(tag.initArraySize), held.sizeBytes) / width),
  };
}

/** A set of pages of one file. */
class FilePages {
  count = 0;
  readonly #marks: Uint8Array;

  constructor(sizeBytes: number) {
    this.#marks = new Uint8Array(Math.min(Math.ceil(sizeBytes / 2 ** pageBits), mostPages));
  }

  add(page: number): void {
    if (this.#marks[page] !== 0) return;
    this.#marks[page] = 1;
    this.count++;
  }

  addRange(offset: number, sizeBytes: number): void {
    if (!(sizeBytes > 0) || !(offset >= 0)) return;
    const last = Math.min(Math.floor((offset + sizeBytes - 1) / 2 ** pageBits), this.#marks.length - 1);
    for (let page = Math.floor(offset / 2 ** pageBits); page <= last; page++) this.add(page);
  }

  /** Start and length in turn, in blocks of 64 KiB that hold any of the pages. */
  runs(): number[] {
    const starts: number[] = [];
    const ends: number[] = [];
    for (let page = this.#marks.indexOf(1); page >= 0; page = this.#marks.indexOf(1, page)) {
      const block = Math.floor(page / blockPages);
      if (ends.at(-1) === block) ends[ends.length - 1] = block + 1;
      else {
        starts.push(block);
        ends.push(block + 1);
      }
      page = (block + 1) * blockPages;
    }
    const gaps = starts.slice(1).map((start, index) => start - (ends[index] ?? 0));
    const smallest = gaps.length < mostRuns ? 0 : ([...gaps].sort((a, b) => b - a)[mostRuns - 1] ?? 0);
    const runs: number[] = [];
    starts.forEach((start, index) => {
      const end = ends[index] ?? start;
      const gap = gaps[index - 1];
      if (gap !== undefined && gap <= smallest) runs[runs.length - 1] = end - (runs[runs.length - 2] ?? 0);
      else runs.push(start, end - start);
    });
    return runs;
  }
}

/** Takes addresses of the loaded image; those without bytes in the file (.bss) are passed over. */
function targetPages(header: ElfHeader, pages: FilePages): (address: number) => void {
  const loads = header.segments.filter((one) => one.type === segmentType.load);
  let last: Segment | undefined;
  let lastPage = -1;
  return (address) => {
    const page = Math.floor(address / 2 ** pageBits);
    if (page === lastPage) return;
    lastPage = page;
    const inside = (one: Segment): boolean => address >= one.address && address < one.address + one.fileBytes;
    if (last === undefined || !inside(last)) last = loads.find(inside);
    if (last !== undefined) pages.add(Math.floor((last.offset + address - last.address) / 2 ** pageBits));
  };
}

/**
 * Takes numbers of symbols that are looked up: their entry, version and name are read. Lazily bound ones count too: nearly
 * all are bound in the end, and whatever Python loads is bound at once (RTLD_NOW).
 */
function symbolPages(held: HeldRanges, header: ElfHeader, dynamic: Dynamic, pages: FilePages): (symbol: number) => void {
  const table = fileOffset(header, dynamic.values.get(tag.symbols));
  const strings = fileOffset(header, dynamic.values.get(tag.strings));
  const versions = fileOffset(header, dynamic.values.get(tag.versions));
  const entryBytes = header.is64 ? 24 : 16;
  const bytes = table === undefined ? undefined : held.readUpTo(table, held.sizeBytes - table);
  const fields = bytes && new Fields(bytes, header.littleEndian, header.is64);
  return (symbol) => {
    if (table === undefined || bytes === undefined || fields === undefined) return;
    const at = symbol * entryBytes;
    if (at + entryBytes > bytes.length) return;
    pages.add((table + at) >>> pageBits);
    if (versions !== undefined) pages.add((versions + 2 * symbol) >>> pageBits);
    if (strings !== undefined) pages.add(Math.floor((strings + fields.word(at)) / 2 ** pageBits));
  };
}

/** Asked for every symbol that any object looks up; the buckets behind it only for symbols that may be here. */
function addBloomFilter(held: HeldRanges, header: ElfHeader, hash: number | undefined, pages: FilePages): void {
  const start = hash === undefined ? undefined : held.read(hash, 16);
  if (hash === undefined || start === undefined) return;
  const words = new Fields(start, header.littleEndian, header.is64).word(8);
  pages.addRange(hash, Math.min(16 + words * (header.is64 ? 8 : 4), held.sizeBytes));
}

function addRelocations(
  bytes: Uint8Array,
  header: ElfHeader,
  entryBytes: number,
  constructors: { readonly start: number; readonly end: number },
  target: (address: number) => void,
  symbols: (symbol: number) => void,
): void {
  const fields = new Fields(bytes, header.littleEndian, header.is64);
  const width = header.is64 ? 8 : 4;
  const hasAddend = entryBytes === 3 * width;
  let lastSymbol = 0;
  for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes) {
    const address = fields.native(at);
    target(address);
    const symbol = header.is64 ? fields.word(header.littleEndian ? at + 12 : at + 8) : fields.word(at + 4) >>> 8;
    if (symbol !== 0 && symbol !== lastSymbol) symbols(symbol);
    lastSymbol = symbol;
    // Where a constructor's code starts.
    if (hasAddend && address >= constructors.start && address < constructors.end) target(fields.native(at + 2 * width));
  }
}

/** RELR: an even word is an address to relocate, an odd one a bitmap of the words that follow it. */
function addRelr(bytes: Uint8Array, header: ElfHeader, target: (address: number) => void): void {
  const fields = new Fields(bytes, header.littleEndian, header.is64);
  const width = header.is64 ? 8 : 4;
  let next = 0;
  for (let at = 0; at + width <= bytes.length; at += width) {
    const low = fields.word(header.is64 && !header.littleEndian ? at + 4 : at);
    if ((low & 1) === 0) {
      const address = fields.native(at);
      if (!Number.isFinite(address)) continue;
      target(address);
      next = address + width;
    } else {
      const high = header.is64 ? fields.word(header.littleEndian ? at + 4 : at) : 0;
      for (let bit = 1; bit < width * 8; bit++) {
        const word = bit < 32 ? low : high;
        if (((word >>> (bit & 31)) & 1) === 1) target(next + (bit - 1) * width);
      }
      next += (width * 8 - 1) * width;
    }
  }
}
