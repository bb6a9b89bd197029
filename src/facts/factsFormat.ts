import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import type { Problem } from "../base/text.ts";
import type { Digest, TarEntry, TarEntryType } from "../image/image.ts";
import type { FileFact } from "./fileFact.ts";
import type { LayerFacts } from "./layerFacts.ts";
import { VarintReader, VarintWriter } from "./varints.ts";

/**
 * The compact binary form of `LayerFacts`, for disk and for the way home from a worker thread:
 *
 *     magic, version      8 bytes
 *     length of the head  4 bytes, little-endian
 *     head                JSON, `Head` below
 *     sections            deflated: entry numbers, entry texts, fact index, then the fact blocks
 *     checksum            4 bytes, CRC-32 of all before
 *
 * Paths are front-coded against the entry before. Facts are JSON texts, one after the other in blocks; a block is unpacked
 * when one of its facts is asked for.
 */
export const factsFormatVersion = 2;

const magic = `CLDSTRT${factsFormatVersion}`;
/** In UTF-16 units, as all lengths of texts within: they are cut out of strings. */
const blockLength = 256 * 1024;
/** Fast, since writing is part of the first inspection. */
const deflateOptions = { level: 1 };

const entryTypes: readonly TarEntryType[] = ["file", "directory", "symlink", "hardlink", "whiteout", "opaque", "other"];

interface Section {
  readonly storedBytes: number;
  readonly plainBytes: number;
  /** Fact blocks: in UTF-16 units. */
  readonly plainLength: number;
}

interface Head {
  readonly diffId: Digest;
  readonly tarSizeBytes: number;
  readonly basis: LayerFacts["basis"];
  readonly problems: readonly Problem[];
  readonly entryCount: number;
  readonly factCount: number;
  readonly sections: readonly Section[];
}

/** What is known of a layer apart from its entries and facts. */
export type FactsSummary = Pick<LayerFacts, "diffId" | "tarSizeBytes" | "basis" | "problems">;

/** Takes entries and facts one by one, so that a layer in reading costs little memory. */
export class FactsEncoder {
  readonly #numbers = new VarintWriter();
  readonly #texts: string[] = [];
  readonly #index = new VarintWriter();
  readonly #blocks: { readonly stored: Buffer; readonly plainBytes: number; readonly plainLength: number }[] = [];
  #block: string[] = [];
  #blockLength = 0;
  #entryCount = 0;
  #factCount = 0;
  #lastFactEntry = 0;
  #lastPath = "";
  #lastMtime = 0;

  get entryCount(): number {
    return this.#entryCount;
  }

  /** Returns the entry's index. `isPending`: its content may matter and was not read. */
  add(entry: TarEntry, isPending = false): number {
    const { path, linkTarget = "" } = entry;
    const shared = sharedLength(this.#lastPath, path);
    const numbers = this.#numbers;
    numbers.write(shared);
    numbers.write(path.length - shared);
    numbers.write(linkTarget.length * 2 + (entry.linkTarget === undefined ? 0 : 1));
    numbers.write((entry.mode * 2 + (isPending ? 1 : 0)) * 8 + entryTypes.indexOf(entry.type));
    numbers.write(entry.sizeBytes);
    numbers.writeSigned(entry.mtimeEpochS - this.#lastMtime);
    this.#texts.push(path.slice(shared), linkTarget);
    this.#lastPath = path;
    this.#lastMtime = entry.mtimeEpochS;
    return this.#entryCount++;
  }

  /** Entry indices must rise from call to call. */
  addFact(entryIndex: number, fact: FileFact): void {
    const json = JSON.stringify(fact);
    if (this.#blockLength > 0 && this.#blockLength + json.length > blockLength) this.#closeBlock();
    this.#index.write(entryIndex - this.#lastFactEntry);
    this.#index.write(json.length);
    this.#lastFactEntry = entryIndex;
    this.#factCount++;
    this.#block.push(json);
    this.#blockLength += json.length;
  }

  finish(summary: FactsSummary): Buffer<ArrayBuffer> {
    if (this.#blockLength > 0) this.#closeBlock();
    const texts = Buffer.from(this.#texts.join(""));
    const plain = [this.#numbers.bytes, texts, this.#index.bytes];
    const sections = [
      ...plain.map((bytes) => ({ stored: deflateRawSync(bytes, deflateOptions), plainBytes: bytes.length, plainLength: 0 })),
      ...this.#blocks,
    ];
    const head: Head = {
      diffId: summary.diffId,
      tarSizeBytes: summary.tarSizeBytes,
      basis: summary.basis,
      problems: summary.problems,
      entryCount: this.#entryCount,
      factCount: this.#factCount,
      sections: sections.map(({ stored, plainBytes, plainLength }) => ({ storedBytes: stored.length, plainBytes, plainLength })),
    };
    const headJson = Buffer.from(JSON.stringify(head));
    const bodyBytes = sections.reduce((sum, { stored }) => sum + stored.length, 0);
    const all = Buffer.from(new ArrayBuffer(12 + headJson.length + bodyBytes + 4));
    all.write(magic, "latin1");
    all.writeUInt32LE(headJson.length, 8);
    headJson.copy(all, 12);
    let at = 12 + headJson.length;
    for (const { stored } of sections) at += stored.copy(all, at);
    all.writeUInt32LE(crc32(all.subarray(0, at)), at);
    return all;
  }

  #closeBlock(): void {
    const bytes = Buffer.from(this.#block.join(""));
    this.#blocks.push({ stored: deflateRawSync(bytes, deflateOptions), plainBytes: bytes.length, plainLength: this.#blockLength });
    this.#block = [];
    this.#blockLength = 0;
  }
}

/** Undefined when the bytes are torn, damaged or of another version. */
export function decodeFacts(data: Uint8Array): LayerFacts | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length < 16 || bytes.toString("latin1", 0, 8) !== magic) return undefined;
  if (crc32(bytes.subarray(0, -4)) !== bytes.readUInt32LE(bytes.length - 4)) return undefined;
  try {
    return new DecodedFacts(bytes);
  } catch {
    // The checksum agrees, so another program or a later version wrote it.
    return undefined;
  }
}

/** Facts kept parsed; more than any one estimate asks for. */
const maxParsedFacts = 20_000;
/** Unpacked blocks kept for each layer. */
const maxOpenBlocks = 32;

class DecodedFacts implements LayerFacts {
  readonly diffId: Digest;
  readonly tarSizeBytes: number;
  readonly basis: LayerFacts["basis"];
  readonly problems: readonly Problem[];
  readonly entries: readonly TarEntry[];
  readonly #bytes: Buffer;
  readonly #pending = new Set<number>();
  /** By entry index: one more than the number of its fact, 0 where there is none. */
  readonly #factNumbers: Uint32Array;
  readonly #factBlock: Uint32Array;
  readonly #factOffset: Uint32Array;
  readonly #factLength: Uint32Array;
  readonly #blocks: { readonly at: number; readonly section: Section }[] = [];
  readonly #openBlocks = new Map<number, string>();
  readonly #parsed = new Map<number, FileFact>();

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    const headBytes = bytes.readUInt32LE(8);
    const head = JSON.parse(bytes.toString("utf8", 12, 12 + headBytes)) as Head;
    this.diffId = head.diffId;
    this.tarSizeBytes = head.tarSizeBytes;
    this.basis = head.basis;
    this.problems = head.problems;
    const placed: { at: number; section: Section }[] = [];
    let at = 12 + headBytes;
    for (const section of head.sections) {
      placed.push({ at, section });
      at += section.storedBytes;
    }
    const [numbers, texts, index, ...blocks] = placed;
    if (!numbers || !texts || !index || at !== bytes.length - 4) throw new RangeError("sections do not fill the file");
    this.entries = decodeEntries(this.#inflate(numbers), this.#inflate(texts).toString(), head.entryCount, this.#pending);

    this.#blocks = blocks;
    this.#factNumbers = new Uint32Array(head.entryCount);
    this.#factBlock = new Uint32Array(head.factCount);
    this.#factOffset = new Uint32Array(head.factCount);
    this.#factLength = new Uint32Array(head.factCount);
    const reader = new VarintReader(this.#inflate(index));
    let entryIndex = 0;
    let block = 0;
    let offset = 0;
    for (let fact = 0; fact < head.factCount; fact++) {
      entryIndex += reader.read();
      const length = reader.read();
      if (offset >= (blocks[block]?.section.plainLength ?? 0)) {
        block++;
        offset = 0;
      }
      this.#factNumbers[entryIndex] = fact + 1;
      this.#factBlock[fact] = block;
      this.#factOffset[fact] = offset;
      this.#factLength[fact] = length;
      offset += length;
    }
  }

  fact(entryIndex: number): FileFact | undefined {
    const number = (this.#factNumbers[entryIndex] ?? 0) - 1;
    if (number < 0) return undefined;
    const known = this.#parsed.get(number);
    if (known) return known;
    const offset = this.#factOffset[number] ?? 0;
    const block = this.#openBlock(this.#factBlock[number] ?? 0);
    const fact = JSON.parse(block.slice(offset, offset + (this.#factLength[number] ?? 0))) as FileFact;
    if (this.#parsed.size >= maxParsedFacts) this.#parsed.clear();
    this.#parsed.set(number, fact);
    return fact;
  }

  isPending(entryIndex: number): boolean {
    return this.#pending.has(entryIndex);
  }

  /** The least recently used block makes room: a `Map` keeps the order of insertion. */
  #openBlock(number: number): string {
    let open = this.#openBlocks.get(number);
    if (open !== undefined) this.#openBlocks.delete(number);
    else {
      const block = this.#blocks[number];
      if (!block) throw new RangeError("fact lies in no block");
      open = this.#inflate(block).toString();
      const oldest = this.#openBlocks.size >= maxOpenBlocks ? this.#openBlocks.keys().next().value : undefined;
      if (oldest !== undefined) this.#openBlocks.delete(oldest);
    }
    this.#openBlocks.set(number, open);
    return open;
  }

  #inflate({ at, section }: { readonly at: number; readonly section: Section }): Buffer {
    return inflateRawSync(this.#bytes.subarray(at, at + section.storedBytes), {
      maxOutputLength: Math.max(1, section.plainBytes),
      chunkSize: Math.max(64, section.plainBytes),
    });
  }
}

function decodeEntries(numbers: Buffer, text: string, count: number, pending: Set<number>): TarEntry[] {
  const reader = new VarintReader(numbers);
  const entries: TarEntry[] = [];
  let textAt = 0;
  let path = "";
  let mtimeEpochS = 0;
  for (let i = 0; i < count; i++) {
    const shared = reader.read();
    const suffixLength = reader.read();
    const link = reader.read();
    const modeAndType = reader.read();
    const sizeBytes = reader.read();
    mtimeEpochS += reader.readSigned();
    path = path.slice(0, shared) + text.slice(textAt, textAt + suffixLength);
    textAt += suffixLength;
    const type = entryTypes[modeAndType % 8] ?? "other";
    const modeAndPending = Math.floor(modeAndType / 8);
    if (modeAndPending % 2 === 1) pending.add(i);
    let linkTarget: string | undefined;
    if (link % 2 === 1) {
      const linkLength = (link - 1) / 2;
      linkTarget = text.slice(textAt, textAt + linkLength);
      textAt += linkLength;
    }
    const mode = modeAndPending >> 1;
    entries.push({ path, type, sizeBytes, mode, mtimeEpochS, linkTarget });
  }
  if (textAt !== text.length) throw new RangeError("entry texts are left over");
  return entries;
}

/** Of UTF-16 units, never within a surrogate pair: both halves must be encoded together. */
function sharedLength(before: string, path: string): number {
  const limit = Math.min(before.length, path.length);
  let shared = 0;
  while (shared < limit && before.charCodeAt(shared) === path.charCodeAt(shared)) shared++;
  const last = path.charCodeAt(shared - 1);
  return shared > 0 && last >= 0xd800 && last <= 0xdbff ? shared - 1 : shared;
}
