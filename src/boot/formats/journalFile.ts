import { isTellingMessage, journalFields, JournalBoots } from "./journalBoots.ts";

/** The first eight bytes of a journal as journald stores it. */
export const journalFileMagic = "LPKSHHRH";

const headerBytes = 208;
const objectHeaderBytes = 16;
const compactFlag = 16;
const dataObject = 1;
const entryObject = 3;
/** Values that matter are short; journald compresses from 512 bytes on. */
const maxDataBytes = 4096;
const maxEntryBytes = 1 << 20;
/** Names of units and the like are few, each stored once. */
const maxHeldValues = 500_000;

/**
 * A journal file (systemd.io/JOURNAL_FILE_FORMAT), read from start to end: values come before the entries that point at them, so a stream is
 * enough, such as the one of kubelet's log endpoint. Compressed and long values are skipped; none of them matters here.
 */
export async function readJournalFile(chunks: AsyncIterable<Uint8Array>): Promise<JournalBoots> {
  const reader = new JournalFileReader();
  for await (const bytes of chunks) reader.add(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return reader.boots;
}

class JournalFileReader {
  readonly boots = new JournalBoots();
  /** By the place of the object in the file. */
  private readonly values = new Map<number, readonly [name: string, value: string]>();
  private held: Buffer = Buffer.alloc(0);
  /** Where `held` begins in the file. */
  private offset = 0;
  private skipBytes = 0;
  private isCompact = false;
  private isInObjects = false;
  private isAtEnd = false;

  add(chunk: Buffer): void {
    const skipped = Math.min(this.skipBytes, chunk.length);
    this.skipBytes -= skipped;
    this.offset += skipped;
    this.held = this.held.length === 0 ? chunk.subarray(skipped) : Buffer.concat([this.held, chunk.subarray(skipped)]);
    let at = 0;
    while (!this.isAtEnd) {
      const next = this.isInObjects ? this.object(at) : this.header();
      if (next === undefined) break;
      at = next;
    }
    this.advance(this.isAtEnd ? this.held.length : at);
  }

  /** The end of what was read, or undefined for more bytes. */
  private header(): number | undefined {
    if (this.held.length < headerBytes) return undefined;
    this.isCompact = (this.held.readUInt32LE(12) & compactFlag) !== 0;
    this.isInObjects = true;
    return Math.max(headerBytes, longAt(this.held, 88));
  }

  private object(at: number): number | undefined {
    const { held } = this;
    if (held.length < at + objectHeaderBytes) return undefined;
    const type = held[at];
    const size = longAt(held, at + 8);
    // What follows is room for later.
    if (type === 0 || size < objectHeaderBytes) {
      this.isAtEnd = true;
      return undefined;
    }
    const isWanted = (type === dataObject && held[at + 1] === 0 && size <= maxDataBytes) || (type === entryObject && size <= maxEntryBytes);
    if (isWanted && held.length < at + size) return undefined;
    if (isWanted && type === dataObject) this.value(at, size);
    else if (isWanted) this.entry(at, size);
    // Objects begin at multiples of eight bytes.
    return at + Math.ceil(size / 8) * 8;
  }

  /** The next object may lie beyond what is held, behind one that was not wanted. */
  private advance(at: number): void {
    this.skipBytes += Math.max(0, at - this.held.length);
    this.offset += Math.min(at, this.held.length);
    this.held = this.held.subarray(at);
  }

  private value(at: number, size: number): void {
    const start = at + (this.isCompact ? 72 : 64);
    const equals = this.held.indexOf(61, start);
    if (equals < 0 || equals >= at + size || this.values.size >= maxHeldValues) return;
    const name = this.held.toString("latin1", start, equals);
    if (!journalFields.has(name)) return;
    const value = this.held.toString("utf8", equals + 1, at + size);
    // Every message and every process has a value of its own, and nearly none matters.
    if (name === "MESSAGE" && !isTellingMessage(value)) return;
    if (name === "_PID" && value !== "1") return;
    this.values.set(this.offset + at, [name, value]);
  }

  private entry(at: number, size: number): void {
    const { held } = this;
    if (size < 64) return;
    const fields: Record<string, string> = {
      __REALTIME_TIMESTAMP: String(longAt(held, at + 24)),
      __MONOTONIC_TIMESTAMP: String(longAt(held, at + 32)),
      _BOOT_ID: held.toString("hex", at + 40, at + 56),
    };
    const itemBytes = this.isCompact ? 4 : 16;
    for (let item = at + 64; item + itemBytes <= at + size; item += itemBytes) {
      const value = this.values.get(this.isCompact ? held.readUInt32LE(item) : longAt(held, item));
      if (value && !value[0].startsWith("__") && value[0] !== "_BOOT_ID") fields[value[0]] = value[1];
    }
    this.boots.entry(fields);
  }
}

/** 64 bits as a number; sizes and places in files are exact in it. */
function longAt(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at) + buffer.readUInt32LE(at + 4) * 2 ** 32;
}
