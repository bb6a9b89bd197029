import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { isUserError } from "../base/errors.ts";
import { formatCount } from "../base/format.ts";
import type { Call } from "../base/log.ts";
import type { Problem } from "../base/text.ts";
import { decompress } from "../image/decompress.ts";
import { digestMismatch } from "../image/errors.ts";
import type { Digest, TarEntry } from "../image/image.ts";
import { tooManyEntries } from "../image/layerErrors.ts";
import { TarParser } from "../image/tar.ts";
import type { TarHandler } from "../image/tar.ts";
import type { TarHeader } from "../image/tarHeader.ts";
import { factReader, readFact } from "./extractors.ts";
import type { FactReader } from "./factReader.ts";
import { FactsEncoder } from "./factsFormat.ts";
import type { FactsSummary } from "./factsFormat.ts";
import { layerEntry, shortened } from "./layerEntry.ts";

/** What one layer may cost in memory: the largest known images have some 500,000 files in all. */
export interface CollectLimits {
  readonly maxEntries: number;
  /** Of all paths and link targets together, in characters. */
  readonly maxPathCharacters: number;
}

export const defaultCollectLimits: CollectLimits = { maxEntries: 2_000_000, maxPathCharacters: 200_000_000 };

/** What is checked while a layer is read. */
export interface LayerDigests {
  readonly digest?: Digest | undefined;
  readonly diffId: Digest;
}

/**
 * One pass over one layer as stored: both digests, decompression, tar, facts of contents. Gives the layer's facts in the form of
 * `factsFormat.ts`. Throws `digest-mismatch`, `layer-unreadable`, `limit-exceeded`, or what the source throws.
 */
export async function collectFacts(
  stored: AsyncIterable<Uint8Array>,
  layer: LayerDigests,
  onProgress: (readBytes: number) => void,
  call: Call,
  limits: CollectLimits = defaultCollectLimits,
): Promise<Buffer<ArrayBuffer>> {
  const blob = new HashedSource(stored, layer.digest, onProgress, call);
  const plainHash = hashFor(layer.diffId);
  const collector = new FactsCollector(limits);
  const parser = new TarParser(collector);
  let tarSizeBytes = 0;
  try {
    for await (const chunk of decompress(blob, { areChunksTransient: true })) {
      plainHash.update(chunk);
      tarSizeBytes += chunk.length;
      parser.push(chunk);
    }
    parser.finish();
    await blob.drain();
  } catch (error) {
    // Damaged bytes rarely unpack; that they are not the layer's bytes is the better explanation.
    if (isUserError(error) && error.code === "layer-unreadable") {
      await blob.drain();
      blob.verify();
    }
    throw error;
  } finally {
    await blob.close();
  }
  blob.verify();
  verifyHash(plainHash, layer.diffId, "an unpacked layer");
  return collector.finish({ diffId: layer.diffId, tarSizeBytes, basis: "contents", problems: [] });
}

function hashFor(digest: Digest): Hash {
  return createHash(digest.startsWith("sha512:") ? "sha512" : "sha256");
}

function verifyHash(hash: Hash, expected: Digest, what: string): void {
  const actual = `${expected.startsWith("sha512:") ? "sha512" : "sha256"}:${hash.digest("hex")}`;
  if (actual !== expected) throw digestMismatch(what, expected, actual);
}

/** Hashes what passes. Whoever reads it may stop early (gzip ends before padding does): `drain` reads the rest. */
class HashedSource implements AsyncIterable<Uint8Array> {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #digest: Digest | undefined;
  readonly #hash: Hash | undefined;
  readonly #onProgress: (readBytes: number) => void;
  readonly #call: Call;
  #readBytes = 0;

  constructor(source: AsyncIterable<Uint8Array>, digest: Digest | undefined, onProgress: (readBytes: number) => void, call: Call) {
    this.#iterator = source[Symbol.asyncIterator]();
    this.#digest = digest;
    this.#hash = digest && hashFor(digest);
    this.#onProgress = onProgress;
    this.#call = call;
  }

  /** Without `return`: stopping the iteration does not close the source. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.#next() };
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    this.#call.signal?.throwIfAborted();
    const next = await this.#iterator.next();
    if (next.done) return next;
    this.#hash?.update(next.value);
    this.#readBytes += next.value.length;
    this.#onProgress(this.#readBytes);
    return next;
  }

  async drain(): Promise<void> {
    while (!(await this.#next()).done);
  }

  verify(): void {
    if (this.#hash && this.#digest) verifyHash(this.#hash, this.#digest, "a layer");
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}

/** At least this much of a content is shown to `factReader`, or all of it. */
const startBytes = 512;
const maxProblems = 50;

/** Turns tar members into entries and, by the extractors, into facts. */
export class FactsCollector implements TarHandler {
  readonly #encoder = new FactsEncoder();
  readonly #limits: CollectLimits;
  readonly #problems: Problem[] = [];
  #problemCount = 0;
  #pathCharacters = 0;
  /** The file whose content comes; undefined when its content does not matter. */
  #entry: TarEntry | undefined;
  #entryIndex = 0;
  #start: Uint8Array | undefined;
  #reader: FactReader | undefined;

  constructor(limits: CollectLimits) {
    this.#limits = limits;
  }

  member(header: TarHeader): void {
    this.#entry = undefined;
    const { entry, problem } = layerEntry(header);
    if (problem !== undefined) this.#problem(problem);
    if (!entry) return;
    this.#pathCharacters += entry.path.length + (entry.linkTarget?.length ?? 0);
    if (this.#encoder.entryCount >= this.#limits.maxEntries) throw tooManyEntries(`${formatCount(this.#limits.maxEntries)} files`);
    if (this.#pathCharacters > this.#limits.maxPathCharacters) {
      throw tooManyEntries(`${formatCount(this.#limits.maxPathCharacters)} characters of file names`);
    }
    this.#entryIndex = this.#encoder.add(entry);
    if (entry.type === "file" && entry.sizeBytes > 0 && !header.isSparse) this.#entry = entry;
  }

  data(piece: Uint8Array): void {
    const entry = this.#entry;
    if (!entry) return;
    if (this.#reader) {
      this.#guard(entry, this.#reader, (reader) => reader.push(piece));
      return;
    }
    if (!this.#start && piece.length === entry.sizeBytes) {
      this.#entry = undefined;
      this.#addFact(this.#guard(entry, entry, () => readFact(entry, piece)));
      return;
    }
    const start: Uint8Array = this.#start ? Buffer.concat([this.#start, piece]) : piece;
    if (start.length < Math.min(startBytes, entry.sizeBytes)) {
      this.#start = Buffer.from(start);
      return;
    }
    this.#start = undefined;
    this.#reader = this.#guard(entry, entry, () => factReader(entry, start));
    if (this.#reader) this.#guard(entry, this.#reader, (reader) => reader.push(start));
    else this.#entry = undefined;
  }

  end(): void {
    const entry = this.#entry;
    const reader = this.#reader;
    this.#entry = undefined;
    this.#reader = undefined;
    this.#start = undefined;
    if (entry && reader) this.#addFact(this.#guard(entry, reader, () => reader.finish()));
  }

  finish(summary: FactsSummary): Buffer<ArrayBuffer> {
    const hidden = this.#problemCount - this.#problems.length;
    const problems = [...summary.problems, ...this.#problems];
    if (hidden > 0) problems.push({ severity: "warning", message: `${formatCount(hidden)} more entries have problems.` });
    return this.#encoder.finish({ ...summary, problems });
  }

  #addFact(fact: ReturnType<typeof readFact>): void {
    if (fact) this.#encoder.addFact(this.#entryIndex, fact);
  }

  /** An extractor that fails must not cost the image: the file then counts without its content. */
  #guard<S, R>(entry: TarEntry, subject: S, work: (subject: S) => R): R | undefined {
    try {
      return work(subject);
    } catch (error) {
      this.#entry = undefined;
      this.#reader = undefined;
      this.#problem(`The content of ${shortened(entry.path)} was left out: ${error instanceof Error ? error.message : String(error)}.`);
      return undefined;
    }
  }

  #problem(message: string): void {
    this.#problemCount++;
    if (this.#problems.length < maxProblems) this.#problems.push({ severity: "warning", message });
  }
}
