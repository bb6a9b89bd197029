import { freeBytes } from "../base/memory.ts";

interface Range {
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
  /** How far it is filled. */
  filled: number;
}

/** Parts of a file that passes by as a stream: what was wanted before it came is held. */
export class HeldRanges {
  readonly sizeBytes: number;
  private readonly ranges: Range[] = [];
  /** Bytes of others, see `add`. */
  private readonly lent = new Set<Buffer>();

  constructor(sizeBytes: number) {
    this.sizeBytes = sizeBytes;
  }

  /** Asks for a range, cut to the file. What has passed already does not come back. */
  want(start: number, end: number): void {
    const last = Math.min(end, this.sizeBytes);
    if (!(start >= 0 && start < last) || this.ranges.some((range) => range.start <= start && range.end >= last)) return;
    const bytes = Buffer.allocUnsafe(last - start);
    const range = { start, end: last, bytes, filled: 0 };
    for (const other of this.ranges) {
      if (other.start <= start && other.start + other.filled > start) {
        const held = other.bytes.subarray(start - other.start, Math.min(other.filled, last - other.start));
        bytes.set(held);
        range.filled = Math.max(range.filled, held.length);
      }
    }
    this.ranges.push(range);
  }

  /** Takes what is wanted of a chunk that stands at `position`; the same chunk may be offered again after `want`. */
  offer(position: number, chunk: Uint8Array): void {
    for (const range of this.ranges) {
      const from = range.start + range.filled;
      const to = Math.min(range.end, position + chunk.length);
      if (from >= to || from < position) continue;
      range.bytes.set(chunk.subarray(from - position, to - position), range.filled);
      range.filled = to - range.start;
    }
  }

  /** Holds bytes that lie in memory anyhow, without a copy. */
  add(start: number, bytes: Uint8Array): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.lent.add(buffer);
    this.ranges.push({ start, end: start + bytes.length, bytes: buffer, filled: bytes.length });
  }

  /** Frees what is held; to be called when nothing of it is read any more. */
  free(): void {
    for (const { bytes } of this.ranges) if (!this.lent.has(bytes)) freeBytes(bytes);
    this.ranges.length = 0;
  }

  /** All of the range, or undefined. */
  read(start: number, sizeBytes: number): Uint8Array | undefined {
    const bytes = this.readUpTo(start, sizeBytes);
    return bytes?.length === sizeBytes ? bytes : undefined;
  }

  /** As much of the range as is held from its start on; undefined when nothing is. */
  readUpTo(start: number, sizeBytes: number): Uint8Array | undefined {
    if (!Number.isSafeInteger(start) || !(sizeBytes > 0) || start < 0) return undefined;
    let best: Uint8Array | undefined;
    for (const range of this.ranges) {
      if (start < range.start || start >= range.start + range.filled) continue;
      const from = start - range.start;
      const bytes = range.bytes.subarray(from, Math.min(range.filled, from + sizeBytes));
      if (best === undefined || bytes.length > best.length) best = bytes;
    }
    return best;
  }
}
