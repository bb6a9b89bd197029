/** The parts of an ELF file that say where everything else lies: header, program headers, dynamic section (System V gABI chapters 4 and 5). */
import type { HeldRanges } from "./heldRanges.ts";

export function looksLikeElf(start: Uint8Array): boolean {
  return start[0] === 0x7f && start[1] === 0x45 && start[2] === 0x4c && start[3] === 0x46;
}

export const segmentType = {
  load: 1,
  dynamic: 2,
  interpreter: 3,
  threadStorage: 7,
  unwindIndex: 0x6474e550,
  relocatedReadOnly: 0x6474e552,
} as const;

export interface ElfHeader {
  readonly is64: boolean;
  readonly littleEndian: boolean;
  readonly machine: number;
  readonly segments: readonly Segment[];
  readonly sectionsOffset: number;
  readonly sectionsBytes: number;
  readonly sectionEntryBytes: number;
}

export interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
}

/** Numbers of one file, by its class and byte order. 64-bit values beyond 2^53 come back as infinity, which no range holds. */
export class Fields {
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
    const low = this.word(this.littleEndian ? at : at + 4);
    const high = this.word(this.littleEndian ? at + 4 : at);
    return high >= 0x20_0000 ? Number.POSITIVE_INFINITY : high * 0x1_0000_0000 + low;
  }
}

/** Undefined when the header is broken or not held. */
export function readHeader(held: HeldRanges): ElfHeader | undefined {
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
export const tag = {
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
  initArray: 25,
  initArraySize: 27,
  runpath: 29,
  relrSize: 35,
  relr: 36,
  gnuHash: 0x6ffffef5,
  versions: 0x6ffffff0,
} as const;

const dynamicLimitBytes = 1024 * 1024;

export interface Dynamic {
  /** Where the section lies. */
  readonly offset: number;
  readonly sizeBytes: number;
  /** Offsets of the names into the dynamic strings. */
  readonly needed: readonly number[];
  readonly values: ReadonlyMap<number, number>;
}

/** Empty when there is none. */
export function readDynamic(held: HeldRanges, header: ElfHeader): Dynamic {
  const needed: number[] = [];
  const values = new Map<number, number>();
  const segment = header.segments.find((one) => one.type === segmentType.dynamic);
  const bytes = segment && held.read(segment.offset, Math.min(segment.fileBytes, dynamicLimitBytes));
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
  return { offset: segment?.offset ?? 0, sizeBytes: bytes?.length ?? 0, needed, values };
}

/** Where an address of the loaded image lies in the file. */
export function fileOffset(header: ElfHeader, address: number | undefined): number | undefined {
  if (address === undefined) return undefined;
  const segment = header.segments.find(
    (one) => one.type === segmentType.load && address >= one.address && address < one.address + one.fileBytes,
  );
  return segment && segment.offset + (address - segment.address);
}

export function finite(value: number | undefined): number {
  return value === undefined || !Number.isFinite(value) ? 0 : value;
}
