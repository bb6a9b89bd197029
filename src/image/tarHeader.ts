import { layerUnreadable } from "./layerErrors.ts";

export const blockBytes = 512;

/** What a tar says of one member, with PAX and GNU extensions applied. */
export interface TarHeader {
  /** As written, but for U+FFFD in place of bytes that are not UTF-8; neither normalised nor trusted. */
  readonly name: string;
  readonly type: TarMemberType;
  /** Logical size: what the file has once unpacked. Differs from the stored size only when `isSparse`. */
  readonly sizeBytes: number;
  /** Target of a hard or symbolic link, as written; else empty. */
  readonly linkName: string;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  /** Seconds since 1970, may be negative and fractional. */
  readonly mtimeEpochS: number;
  /** The content is stored without its holes; the stored pieces follow without a map. */
  readonly isSparse: boolean;
}

export type TarMemberType = "file" | "directory" | "symlink" | "hardlink" | "other";

/** The fields of one 512-byte block, before extensions. */
export interface RawHeader {
  readonly typeFlag: number;
  readonly name: string;
  readonly linkName: string;
  readonly storedBytes: number;
  readonly mode: number;
  readonly mtimeEpochS: number;
  readonly isGnu: boolean;
}

/** POSIX.1-1988 ustar, GNU and V7. `at` is where the block begins. Undefined when the block is all zeros. */
export function parseHeaderBlock(block: Buffer, at: number): RawHeader | undefined {
  let sum = 0;
  for (let i = at; i < at + blockBytes; i++) sum += block[i] as number;
  if (sum === 0) return undefined;
  // The checksum counts its own field as eight spaces; old tars summed signed bytes.
  for (let i = at + 148; i < at + 156; i++) sum += 32 - (block[i] as number);
  const checksum = parseNumber(block, at + 148, 8);
  if (checksum !== sum && checksum !== sum - 256 * bytesBeyondAscii(block, at)) {
    throw layerUnreadable("its tar has a header with a wrong checksum");
  }

  const typeFlag = block[at + 156] as number;
  const storedBytes = parseNumber(block, at + 124, 12);
  if (!Number.isSafeInteger(storedBytes) || storedBytes < 0) throw layerUnreadable("its tar has a member of an impossible size");
  const isUstar = block.toString("latin1", at + 257, at + 263) === "ustar\0";
  const isGnu = block.toString("latin1", at + 257, at + 265) === "ustar  \0";
  const name = parseString(block, at, 100);
  // In `star` archives the last 12 bytes of the prefix hold times.
  const prefixBytes = block.toString("latin1", at + 508, at + 512) === "tar\0" ? 131 : 155;
  const prefix = isUstar && block[at + 345] !== 0 ? parseString(block, at + 345, prefixBytes) : "";
  return {
    typeFlag,
    name: prefix === "" ? name : `${prefix}/${name}`,
    linkName: block[at + 157] === 0 ? "" : parseString(block, at + 157, 100),
    storedBytes,
    mode: finiteOr(parseNumber(block, at + 100, 8), 0),
    mtimeEpochS: finiteOr(parseNumber(block, at + 136, 12), 0),
    isGnu,
  };
}

/** Outside of the checksum's own field. */
function bytesBeyondAscii(block: Buffer, at: number): number {
  let count = 0;
  for (let i = at; i < at + blockBytes; i++) if ((block[i] as number) > 127 && (i < at + 148 || i >= at + 156)) count++;
  return count;
}

function finiteOr(value: number, otherwise: number): number {
  return Number.isSafeInteger(value) ? value : otherwise;
}

/** Octal digits between spaces and NULs, or GNU base-256; NaN when it is neither, and inexact beyond 2^53. */
export function parseNumber(block: Uint8Array, at: number, length: number): number {
  const first = block[at] as number;
  if (first & 0x80) {
    // Two's complement, big-endian; the top bit only marks the form.
    let value = first & 0x40 ? first | ~0xff : first & 0x7f;
    for (let i = at + 1; i < at + length; i++) value = value * 256 + (block[i] as number);
    return value;
  }
  let i = at;
  const end = at + length;
  while (i < end && (block[i] === 32 || block[i] === 0)) i++;
  let value = 0;
  for (; i < end; i++) {
    const byte = block[i] as number;
    if (byte === 32 || byte === 0) break;
    if (byte < 48 || byte > 55) return NaN;
    value = value * 8 + (byte - 48);
  }
  return value;
}

function parseString(block: Buffer, at: number, length: number): string {
  let end = at;
  let isAscii = true;
  const limit = at + length;
  while (end < limit) {
    const byte = block[end] as number;
    if (byte === 0) break;
    if (byte > 127) isAscii = false;
    end++;
  }
  return isAscii ? block.toString("latin1", at, end) : block.toString("utf8", at, end);
}

/** The records of a PAX extended header (POSIX.1-2001, pax(1)): `length key=value\n`; an empty value unsets the key. */
export function parsePaxRecords(data: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  // GNU's sparse format 0.0 repeats these two keys; joined they read as format 0.1.
  const sparsePieces: string[] = [];
  let at = 0;
  while (at < data.length) {
    if (data[at] === 0) break;
    let length = 0;
    let i = at;
    while (i < data.length && (data[i] as number) >= 48 && (data[i] as number) <= 57 && length <= data.length) {
      length = length * 10 + (data[i++] as number) - 48;
    }
    const end = at + length;
    const equals = data.indexOf(61, i);
    if (i === at || data[i] !== 32 || end > data.length || end <= i || data[end - 1] !== 10 || equals < 0 || equals >= end) {
      throw layerUnreadable("its tar has an extended header that breaks the format");
    }
    const key = data.toString("utf8", i + 1, equals);
    const value = data.toString("utf8", equals + 1, end - 1);
    if (key === "GNU.sparse.offset" || key === "GNU.sparse.numbytes") sparsePieces.push(value);
    else records.set(key, value);
    at = end;
  }
  if (sparsePieces.length > 0) records.set("GNU.sparse.map", sparsePieces.join(","));
  return records;
}

/** `type` by the header's flag; a V7 tar marks directories by a slash only. */
export function memberType(typeFlag: number, name: string): TarMemberType {
  switch (typeFlag) {
    case 0:
    case 0x30: // 0
      return name.endsWith("/") ? "directory" : "file";
    case 0x37: // 7: contiguous file
    case 0x53: // S: GNU sparse
      return "file";
    case 0x31:
      return "hardlink";
    case 0x32:
      return "symlink";
    case 0x35:
    case 0x44: // D: GNU directory with its listing
      return "directory";
    default:
      return "other";
  }
}

/** Links, devices, directories and pipes have no content, whatever their size field says (as Go's archive/tar reads them). */
export function hasContent(typeFlag: number): boolean {
  return !(typeFlag >= 0x31 && typeFlag <= 0x36);
}
