/**
 * Reads ELF headers (System V gABI chapters 4 and 5; RELR per the 2018 generic-abi proposal; GNU extensions per the LSB). All
 * offsets and sizes come from hostile data: a range that is not held reads as undefined, and every loop is bounded.
 */
import { elfNames } from "./elfNames.ts";
import { HeldRanges } from "./heldRanges.ts";
import type { ElfFact } from "./fileFact.ts";
import type { FactReader } from "./extractors.ts";

export function looksLikeElf(start: Uint8Array): boolean {
  return start[0] === 0x7f && start[1] === 0x45 && start[2] === 0x4c && start[3] === 0x46;
}

const mebibyte = 1024 * 1024;
/** Up to this size a file is held whole, and its strings are searched for names. */
const wholeLimitBytes = 30 * mebibyte;
/** Of larger ones the first load segment, which holds symbols and relocations, up to this size. */
const prefixLimitBytes = 48 * mebibyte;
const stringsLimitBytes = 64 * mebibyte;
const sectionHeadersLimitBytes = 4 * mebibyte;
const pageBits = 12;

/** From the whole file. Undefined when the header is broken. */
export function readElf(content: Uint8Array): ElfFact | undefined {
  const held = new HeldRanges(content.length);
  held.add(0, content);
  return elfFact(held, content.length <= wholeLimitBytes);
}

/** For a file that comes in chunks; holds at most about 120 MiB, mostly far less, whatever its size. */
export function elfReader(sizeBytes: number): FactReader {
  const held = new HeldRanges(sizeBytes);
  const isWhole = sizeBytes <= wholeLimitBytes;
  let position = 0;
  // What to hold is known in steps: the header tells where the tables lie, the dynamic section where its strings do.
  let header: ElfHeader | undefined;
  let nextStep = isWhole ? Number.POSITIVE_INFINITY : headBytes;
  held.want(0, isWhole ? sizeBytes : headBytes);
  return {
    push(chunk) {
      held.offer(position, chunk);
      position += chunk.length;
      while (position >= nextStep) {
        if (header === undefined) {
          header = readHeader(held);
          nextStep = header === undefined ? Number.POSITIVE_INFINITY : planRanges(held, header);
        } else {
          planStrings(held, header);
          nextStep = Number.POSITIVE_INFINITY;
        }
        // What this chunk has of the new ranges was not wanted when it was offered.
        held.offer(position - chunk.length, chunk);
      }
    },
    finish() {
      const fact = elfFact(held, isWhole);
      held.free();
      return fact;
    },
  };
}

const headBytes = 64 * 1024;

/** patchelf moves the dynamic strings to the file's end, behind the section that names their place. */
function planStrings(held: HeldRanges, header: ElfHeader): void {
  const { values } = readDynamic(held, header);
  const start = fileOffset(header, values.get(tag.strings));
  if (start !== undefined) held.want(start, start + Math.min(finite(values.get(tag.stringsSize)), stringsLimitBytes));
}

/** Returns where the dynamic section ends. */
function planRanges(held: HeldRanges, header: ElfHeader): number {
  const loads = header.segments.filter((segment) => segment.type === segmentType.load);
  const first = loads[0];
  if (first !== undefined) held.want(0, Math.min(first.offset + first.fileBytes, prefixLimitBytes));
  for (const segment of header.segments)
    if (segment.type === segmentType.dynamic || segment.type === segmentType.interpreter)
      held.want(segment.offset, Math.min(segment.offset + segment.fileBytes, segment.offset + mebibyte));
  if (header.sectionsOffset > 0)
    held.want(header.sectionsOffset, header.sectionsOffset + Math.min(header.sectionsBytes, sectionHeadersLimitBytes));
  const dynamic = header.segments.find((segment) => segment.type === segmentType.dynamic);
  return dynamic === undefined ? Number.POSITIVE_INFINITY : Math.max(headBytes, dynamic.offset + Math.min(dynamic.fileBytes, mebibyte));
}

const segmentType = { load: 1, dynamic: 2, interpreter: 3 } as const;

interface ElfHeader {
  readonly is64: boolean;
  readonly littleEndian: boolean;
  readonly machine: number;
  readonly segments: readonly Segment[];
  readonly sectionsOffset: number;
  readonly sectionsBytes: number;
  readonly sectionEntryBytes: number;
}

interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
}

/** Numbers of one file, by its class and byte order. 64-bit values beyond 2^53 come back as infinity, which no range holds. */
class Fields {
  private readonly view: DataView;
  private readonly littleEndian: boolean;
  private readonly is64: boolean;

  constructor(bytes: Uint8Array, littleEndian: boolean, is64: boolean) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.littleEndian = littleEndian;
    this.is64 = is64;
  }

  half(at: number): number {
    return this.view.getUint16(at, this.littleEndian);
  }

  word(at: number): number {
    return this.view.getUint32(at, this.littleEndian);
  }

  /** An address, offset or size: 4 or 8 bytes. */
  native(at: number): number {
    if (!this.is64) return this.word(at);
    const [low, high] = this.littleEndian ? [this.word(at), this.word(at + 4)] : [this.word(at + 4), this.word(at)];
    return high >= 0x20_0000 ? Number.POSITIVE_INFINITY : high * 0x1_0000_0000 + low;
  }
}

function readHeader(held: HeldRanges): ElfHeader | undefined {
  const ident = held.read(0, 52);
  if (ident === undefined || !looksLikeElf(ident)) return undefined;
  const is64 = ident[4] === 2;
  const littleEndian = ident[5] !== 2;
  const bytes = held.read(0, is64 ? 64 : 52);
  if (bytes === undefined) return undefined;
  const fields = new Fields(bytes, littleEndian, is64);
  const programOffset = fields.native(is64 ? 32 : 28);
  const sectionsOffset = fields.native(is64 ? 40 : 32);
  const tail = is64 ? 54 : 42;
  const programEntryBytes = fields.half(tail);
  const programCount = fields.half(tail + 2);
  const sectionEntryBytes = fields.half(tail + 4);
  const sectionCount = fields.half(tail + 6);
  return {
    is64,
    littleEndian,
    machine: fields.half(18),
    segments: readSegments(held, is64, littleEndian, programOffset, programEntryBytes, programCount),
    sectionsOffset: Number.isFinite(sectionsOffset) ? sectionsOffset : 0,
    sectionsBytes: sectionEntryBytes * sectionCount,
    sectionEntryBytes,
  };
}

function readSegments(
  held: HeldRanges,
  is64: boolean,
  littleEndian: boolean,
  offset: number,
  entryBytes: number,
  count: number,
): Segment[] {
  const table = entryBytes < (is64 ? 56 : 32) ? undefined : held.read(offset, entryBytes * count);
  if (table === undefined) return [];
  const fields = new Fields(table, littleEndian, is64);
  return Array.from({ length: count }, (_, index) => {
    const at = index * entryBytes;
    return is64
      ? {
          type: fields.word(at),
          flags: fields.word(at + 4),
          offset: fields.native(at + 8),
          address: fields.native(at + 16),
          fileBytes: fields.native(at + 32),
        }
      : {
          type: fields.word(at),
          offset: fields.native(at + 4),
          address: fields.native(at + 8),
          fileBytes: fields.native(at + 16),
          flags: fields.word(at + 24),
        };
  });
}

/** Tags of the dynamic section. */
const tag = {
  needed: 1,
  pltRelSize: 2,
  strings: 5,
  symbols: 6,
  rela: 7,
  relaSize: 8,
  stringsSize: 10,
  soname: 14,
  rpath: 15,
  rel: 17,
  relSize: 18,
  pltRel: 20,
  jmpRel: 23,
  runpath: 29,
  relrSize: 35,
  relr: 36,
} as const;

interface Dynamic {
  readonly needed: readonly number[];
  readonly values: ReadonlyMap<number, number>;
}

function elfFact(held: HeldRanges, searchNames: boolean): ElfFact | undefined {
  const header = readHeader(held);
  if (header === undefined) return undefined;
  const dynamic = readDynamic(held, header);
  const text = (offset: number | undefined): string | undefined => dynamicString(held, header, dynamic, offset);
  const interpreterSegment = header.segments.find((segment) => segment.type === segmentType.interpreter);
  const interpreter = interpreterSegment && stringAt(held, interpreterSegment.offset, interpreterSegment.fileBytes);
  const rpath = text(dynamic.values.get(tag.rpath));
  const runpath = text(dynamic.values.get(tag.runpath));
  const soname = text(dynamic.values.get(tag.soname));
  const sizes = sectionSizes(held, header, dynamic);
  const relocations = readRelocations(held, header, dynamic);
  return {
    kind: "elf",
    machine: header.machine,
    ...(interpreter !== undefined && { interpreter }),
    needed: dynamic.needed.map(text).filter((name) => name !== undefined),
    ...(rpath !== undefined && { rpath }),
    ...(runpath !== undefined && { runpath }),
    ...(soname !== undefined && { soname }),
    load: { ...relocations, symbolBytes: sizes.symbolBytes, textBytes: sizes.textBytes, rodataBytes: sizes.rodataBytes },
    ...(searchNames && elfNames(sizes.rodata, exportsPythonModule(held, header, dynamic))),
  };
}

function readDynamic(held: HeldRanges, header: ElfHeader): Dynamic {
  const needed: number[] = [];
  const values = new Map<number, number>();
  const segment = header.segments.find((one) => one.type === segmentType.dynamic);
  const bytes = segment && held.read(segment.offset, Math.min(segment.fileBytes, mebibyte));
  if (bytes !== undefined) {
    const fields = new Fields(bytes, header.littleEndian, header.is64);
    const width = header.is64 ? 8 : 4;
    for (let at = 0; at + 2 * width <= bytes.length; at += 2 * width) {
      const key = fields.native(at);
      if (key === 0) break;
      const value = fields.native(at + width);
      if (key === tag.needed && needed.length < 4096) needed.push(value);
      else if (!values.has(key)) values.set(key, value);
    }
  }
  return { needed, values };
}

function fileOffset(header: ElfHeader, address: number | undefined): number | undefined {
  if (address === undefined) return undefined;
  const segment = header.segments.find(
    (one) => one.type === segmentType.load && address >= one.address && address < one.address + one.fileBytes,
  );
  return segment && segment.offset + (address - segment.address);
}

function dynamicString(held: HeldRanges, header: ElfHeader, dynamic: Dynamic, offset: number | undefined): string | undefined {
  const table = fileOffset(header, dynamic.values.get(tag.strings));
  return table === undefined || offset === undefined ? undefined : stringAt(held, table + offset, 4096);
}

function stringAt(held: HeldRanges, start: number, limitBytes: number): string | undefined {
  const bytes = held.readUpTo(start, Math.min(limitBytes, 4096));
  if (bytes === undefined) return undefined;
  const end = bytes.indexOf(0);
  return end <= 0 ? undefined : Buffer.from(bytes.buffer, bytes.byteOffset, end).toString("utf8");
}

/** Extension modules export `PyInit_<name>` (PEP 489). */
function exportsPythonModule(held: HeldRanges, header: ElfHeader, dynamic: Dynamic): boolean {
  const table = fileOffset(header, dynamic.values.get(tag.strings));
  const bytes = table === undefined ? undefined : held.readUpTo(table, Math.min(dynamic.values.get(tag.stringsSize) ?? 0, 64 * mebibyte));
  return bytes !== undefined && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes("PyInit_");
}

/** Bytes of the relocation tables, and how many distinct pages they write to. */
function readRelocations(held: HeldRanges, header: ElfHeader, dynamic: Dynamic): { relocationBytes: number; relocatedPages: number } {
  const width = header.is64 ? 8 : 4;
  const value = (key: number): number => finite(dynamic.values.get(key));
  const pltEntryBytes = value(tag.pltRel) === tag.rel ? 2 * width : 3 * width;
  const tables = [
    { start: dynamic.values.get(tag.rela), sizeBytes: value(tag.relaSize), entryBytes: 3 * width },
    { start: dynamic.values.get(tag.rel), sizeBytes: value(tag.relSize), entryBytes: 2 * width },
    { start: dynamic.values.get(tag.jmpRel), sizeBytes: value(tag.pltRelSize), entryBytes: pltEntryBytes },
  ];
  const relrBytes = value(tag.relrSize);
  const pages = new Set<number>();
  let missedPages = 0;
  for (const table of tables) {
    const offset = fileOffset(header, table.start);
    const bytes = offset === undefined ? undefined : held.readUpTo(offset, table.sizeBytes);
    if (bytes === undefined) continue;
    const before = pages.size;
    addRelocatedPages(pages, bytes, header, table.entryBytes);
    // Of a table that is not held to its end the rest is assumed to write as densely.
    if (bytes.length > 0 && bytes.length < table.sizeBytes) missedPages += (pages.size - before) * (table.sizeBytes / bytes.length - 1);
  }
  const relrOffset = fileOffset(header, dynamic.values.get(tag.relr));
  const relr = relrOffset === undefined ? undefined : held.readUpTo(relrOffset, relrBytes);
  if (relr !== undefined) addRelrPages(pages, relr, header);
  const writableBytes = header.segments.reduce(
    (sum, one) => sum + (one.type === segmentType.load && (one.flags & 2) !== 0 ? finite(one.fileBytes) : 0),
    0,
  );
  // A segment's ends share their pages with its neighbours.
  const mostPages = Math.ceil(Math.min(writableBytes, held.sizeBytes) / 4096) + Math.min(header.segments.length, 16);
  return {
    relocationBytes: Math.min(held.sizeBytes, tables.reduce((sum, table) => sum + table.sizeBytes, 0) + relrBytes),
    relocatedPages: Math.min(Math.round(pages.size + missedPages), mostPages),
  };
}

function addRelocatedPages(pages: Set<number>, bytes: Uint8Array, header: ElfHeader, entryBytes: number): void {
  const fields = new Fields(bytes, header.littleEndian, header.is64);
  let last = -1;
  for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes) {
    const page = Math.floor(fields.native(at) / 2 ** pageBits);
    if (page === last || !Number.isFinite(page)) continue;
    last = page;
    pages.add(page);
  }
}

/** RELR: an even word is an address to relocate, an odd one a bitmap of the words that follow it. */
function addRelrPages(pages: Set<number>, bytes: Uint8Array, header: ElfHeader): void {
  const fields = new Fields(bytes, header.littleEndian, header.is64);
  const width = header.is64 ? 8 : 4;
  let next = 0;
  for (let at = 0; at + width <= bytes.length; at += width) {
    const low = fields.word(header.is64 && !header.littleEndian ? at + 4 : at);
    if ((low & 1) === 0) {
      const address = fields.native(at);
      if (!Number.isFinite(address)) continue;
      pages.add(Math.floor(address / 2 ** pageBits));
      next = address + width;
    } else {
      const high = header.is64 ? fields.word(header.littleEndian ? at + 4 : at) : 0;
      for (let bit = 1; bit < width * 8; bit++) {
        const word = bit < 32 ? low : high;
        if (((word >>> (bit & 31)) & 1) === 1) pages.add(Math.floor((next + (bit - 1) * width) / 2 ** pageBits));
      }
      next += (width * 8 - 1) * width;
    }
  }
}

/** `sh_type` of what the linker reads to find symbols: hashes, symbols, versions. */
const symbolSectionTypes = new Set([5, 11, 0x6ffffff6, 0x6ffffffd, 0x6ffffffe, 0x6fffffff]);
const stringTableType = 3;
const relocationTypes = new Set([4, 9, 19]);
const noBitsType = 8;

interface SectionSizes {
  readonly symbolBytes: number;
  readonly textBytes: number;
  readonly rodataBytes: number;
  /** Read-only data that is held. */
  readonly rodata: readonly Uint8Array[];
}

/** By section headers; they are not needed to run and may be stripped, then by segments. */
function sectionSizes(held: HeldRanges, header: ElfHeader, dynamic: Dynamic): SectionSizes {
  const entryBytes = header.sectionEntryBytes;
  const table =
    entryBytes < (header.is64 ? 64 : 40) || header.sectionsOffset === 0
      ? undefined
      : held.read(header.sectionsOffset, Math.min(header.sectionsBytes, sectionHeadersLimitBytes));
  if (table === undefined || table.length === 0) return segmentSizes(held, header, dynamic);
  const fields = new Fields(table, header.littleEndian, header.is64);
  let symbolBytes = 0;
  let textBytes = 0;
  let rodataBytes = 0;
  const rodata: Uint8Array[] = [];
  for (let at = 0; at + entryBytes <= table.length; at += entryBytes) {
    const type = fields.word(at + 4);
    const flags = header.is64 ? fields.word(header.littleEndian ? at + 8 : at + 12) : fields.word(at + 8);
    const offset = fields.native(at + (header.is64 ? 24 : 16));
    const sizeBytes = fields.native(at + (header.is64 ? 32 : 20));
    const isLoaded = (flags & 2) !== 0;
    if (!isLoaded || type === noBitsType || type === 0 || offset + sizeBytes > held.sizeBytes) continue;
    if (symbolSectionTypes.has(type) || type === stringTableType) symbolBytes += sizeBytes;
    else if (relocationTypes.has(type)) continue;
    else if ((flags & 4) !== 0) textBytes += sizeBytes;
    else if ((flags & 1) === 0) {
      rodataBytes += sizeBytes;
      const bytes = held.read(offset, sizeBytes);
      if (bytes !== undefined && rodata.length < 64) rodata.push(bytes);
    }
  }
  const limit = held.sizeBytes;
  return {
    symbolBytes: Math.min(symbolBytes, limit),
    textBytes: Math.min(textBytes, limit),
    rodataBytes: Math.min(rodataBytes, limit),
    rodata,
  };
}

function segmentSizes(held: HeldRanges, header: ElfHeader, dynamic: Dynamic): SectionSizes {
  const loads = header.segments.filter((one) => one.type === segmentType.load && one.offset + one.fileBytes <= held.sizeBytes);
  const sum = (chosen: readonly Segment[]): number =>
    Math.min(
      held.sizeBytes,
      chosen.reduce((total, one) => total + one.fileBytes, 0),
    );
  const readOnly = loads.filter((one) => (one.flags & 3) === 0);
  const strings = finite(dynamic.values.get(tag.stringsSize));
  const symbols = finite(dynamic.values.get(tag.strings)) - finite(dynamic.values.get(tag.symbols));
  const symbolBytes = Math.min(held.sizeBytes, strings + Math.max(0, symbols));
  return {
    symbolBytes,
    textBytes: sum(loads.filter((one) => (one.flags & 1) !== 0)),
    rodataBytes: Math.max(0, sum(readOnly) - symbolBytes),
    rodata: readOnly.slice(0, 64).flatMap((one) => held.read(one.offset, one.fileBytes) ?? []),
  };
}

function finite(value: number | undefined): number {
  return value === undefined || !Number.isFinite(value) ? 0 : value;
}
