/**
 * Reads ELF headers (System V gABI chapters 4 and 5; RELR per the 2018 generic-abi proposal; GNU extensions per the LSB). All
 * offsets and sizes come from hostile data: a range that is not held reads as undefined, and every loop is bounded.
 */
import {
  Fields,
  fileOffset,
  finite,
  readDynamic,
  readHeader,
  segmentType,
  tag,
  type Dynamic,
  type ElfHeader,
  type Segment,
} from "./elfHeader.ts";
import { readLinking } from "./elfLinking.ts";
import { elfNames, filePaths, libraryCalls } from "./elfNames.ts";
import { HeldRanges } from "./heldRanges.ts";
import type { ElfFact } from "./fileFact.ts";
import type { FactReader } from "./factReader.ts";

const mebibyte = 1024 * 1024;
/** Up to this size a file is held whole, and its strings are searched for names. */
const wholeLimitBytes = 30 * mebibyte;
/** Of larger ones the first load segment, which holds symbols and relocations, up to this size. */
const prefixLimitBytes = 48 * mebibyte;
const stringsLimitBytes = 64 * mebibyte;
const sectionHeadersLimitBytes = 4 * mebibyte;

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
    else if (segment.type === segmentType.unwindIndex) held.want(segment.offset, segment.offset + 8);
  if (header.sectionsOffset > 0)
    held.want(header.sectionsOffset, header.sectionsOffset + Math.min(header.sectionsBytes, sectionHeadersLimitBytes));
  const dynamic = header.segments.find((segment) => segment.type === segmentType.dynamic);
  return dynamic === undefined ? Number.POSITIVE_INFINITY : Math.max(headBytes, dynamic.offset + Math.min(dynamic.fileBytes, mebibyte));
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
  return {
    kind: "elf",
    machine: header.machine,
    ...(interpreter !== undefined && { interpreter }),
    needed: dynamic.needed.map(text).filter((name) => name !== undefined),
    ...(rpath !== undefined && { rpath }),
    ...(runpath !== undefined && { runpath }),
    ...(soname !== undefined && { soname }),
    load: {
      ...readLinking(held, header, dynamic),
      symbolBytes: sizes.symbolBytes,
      textBytes: sizes.textBytes,
      rodataBytes: sizes.rodataBytes,
      dataBytes: sizes.dataBytes,
    },
    ...(searchNames && elfNames(sizes.rodata, exportsPythonModule(held, header, dynamic))),
    // A position-independent program without an interpreter is a library.
    ...(searchNames && interpreter !== undefined && { ...libraryCalls(dynamicStrings(held, header, dynamic)), ...filePaths(sizes.rodata) }),
  };
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

function dynamicStrings(held: HeldRanges, header: ElfHeader, dynamic: Dynamic): Uint8Array | undefined {
  const table = fileOffset(header, dynamic.values.get(tag.strings));
  return table === undefined ? undefined : held.readUpTo(table, Math.min(dynamic.values.get(tag.stringsSize) ?? 0, 64 * mebibyte));
}

/** Extension modules export `PyInit_<name>` (PEP 489). */
function exportsPythonModule(held: HeldRanges, header: ElfHeader, dynamic: Dynamic): boolean {
  const bytes = dynamicStrings(held, header, dynamic);
  return bytes !== undefined && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes("PyInit_");
}

/** `sh_type` of what the linker reads to find symbols: hashes, symbols, versions. */
const symbolSectionTypes = new Set([5, 11, 0x6ffffff6, 0x6ffffffd, 0x6ffffffe, 0x6fffffff]);
const stringTableType = 3;
const relocationTypes = new Set([4, 9, 19]);
const noBitsType = 8;
const programBitsType = 1;
/** Named so in the x86-64 ABI; GNU's linkers write `.eh_frame` as ordinary data. */
const unwindType = 0x70000001;
const threadStorageFlag = 0x400;

interface SectionSizes {
  readonly symbolBytes: number;
  readonly textBytes: number;
  /** Without the tables that unwind the stack, which are read only after an exception. */
  readonly rodataBytes: number;
  /** Written to while it runs, and not by the linker. */
  readonly dataBytes: number;
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
  let dataBytes = 0;
  const rodata: Uint8Array[] = [];
  const unwindAddress = unwindTables(held, header);
  const relro = header.segments.find((one) => one.type === segmentType.relocatedReadOnly);
  for (let at = 0; at + entryBytes <= table.length; at += entryBytes) {
    const type = fields.word(at + 4);
    const flags = header.is64 ? fields.word(header.littleEndian ? at + 8 : at + 12) : fields.word(at + 8);
    const address = fields.native(at + (header.is64 ? 16 : 12));
    const offset = fields.native(at + (header.is64 ? 24 : 16));
    const sizeBytes = fields.native(at + (header.is64 ? 32 : 20));
    const isLoaded = (flags & 2) !== 0;
    if (!isLoaded || type === noBitsType || type === 0 || offset + sizeBytes > held.sizeBytes) continue;
    if (symbolSectionTypes.has(type) || type === stringTableType) symbolBytes += sizeBytes;
    else if (relocationTypes.has(type)) continue;
    else if ((flags & 4) !== 0) textBytes += sizeBytes;
    else if ((flags & 1) !== 0) {
      const isRelocated = relro !== undefined && address >= relro.address && address < relro.address + relro.fileBytes;
      if (type === programBitsType && (flags & threadStorageFlag) === 0 && !isRelocated) dataBytes += sizeBytes;
    } else if (type !== unwindType && address !== unwindAddress) {
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
    dataBytes: Math.min(dataBytes, limit),
    rodata,
  };
}

/** The address of `.eh_frame`, as `.eh_frame_hdr` tells it (LSB Core, 10.6.2), where it is told as linkers do: relative, in 4 bytes. */
function unwindTables(held: HeldRanges, header: ElfHeader): number | undefined {
  const segment = header.segments.find((one) => one.type === segmentType.unwindIndex);
  const start = segment && held.read(segment.offset, 8);
  if (segment === undefined || start?.[1] !== 0x1b) return undefined;
  return segment.address + 4 + (new Fields(start, header.littleEndian, header.is64).word(4) | 0);
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
    dataBytes: Math.max(
      0,
      sum(loads.filter((one) => (one.flags & 2) !== 0)) - sum(header.segments.filter((one) => one.type === segmentType.relocatedReadOnly)),
    ),
    rodata: readOnly.slice(0, 64).flatMap((one) => held.read(one.offset, one.fileBytes) ?? []),
  };
}
