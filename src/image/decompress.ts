import { Readable, pipeline } from "node:stream";
import { createGunzip, createZstdDecompress, zstdDecompressSync } from "node:zlib";
import { isCancelled, isUserError } from "../base/errors.ts";
import { freeBuffer } from "../base/memory.ts";
import { layerTooLarge, layerUnreadable } from "./layerErrors.ts";
import { ZstdFrameSplitter } from "./zstdFrames.ts";

/** At zlib's default of 16 KiB the hand-over costs more than inflating; larger than 256 KiB gains little more. */
const chunkBytes = 256 * 1024;

/** What a stream may unpack to. The defaults are far above what real layers do and end bombs within seconds to minutes. */
export interface DecompressLimits {
  readonly maxBytes: number;
  /** Applies from `ratioFromBytes` on: deflate reaches 1032 at most, zstd much more on zeros. */
  readonly maxRatio: number;
  readonly ratioFromBytes: number;
}

export const defaultDecompressLimits: DecompressLimits = { maxBytes: 200e9, maxRatio: 1100, ratioFromBytes: 10e9 };

export interface DecompressOptions {
  readonly limits?: DecompressLimits;
  /**
   * Each chunk is used only until the next one is asked for. Its memory is then given back at once: waiting for the garbage collector
   * takes a fifth of the time to read a layer, because chunks count as its load while its own heap stays small.
   */
  readonly areChunksTransient?: boolean;
}

/**
 * The plain bytes of a stream that is gzip (of any number of members), zstd (of any number of frames) or neither, as its first
 * bytes say; media types are often wrong. Cut-off data is an error, but for a cut between two members or frames:
 * only the digest tells that.
 */
export async function* decompress(chunks: AsyncIterable<Uint8Array>, options: DecompressOptions = {}): AsyncIterable<Uint8Array> {
  const { limits = defaultDecompressLimits, areChunksTransient = false } = options;
  let storedBytes = 0;
  let plainBytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      storedBytes += chunk.length;
      yield chunk;
    }
  }
  const source = counted();
  try {
    const { first, isEnd } = await readAtLeast(source, 4);
    const kind = compressionOf(first);
    const whole = prepend(first, isEnd ? undefined : source);
    const plain = kind === "gzip" ? gunzip(whole) : kind === "zstd" ? unzstd(whole, limits) : whole;
    for await (const chunk of plain) {
      if (chunk.length === 0) continue;
      plainBytes += chunk.length;
      if (plainBytes > limits.maxBytes) throw layerTooLarge(limits.maxBytes);
      if (plainBytes > limits.ratioFromBytes && plainBytes > storedBytes * limits.maxRatio) {
        throw layerTooLarge(Math.max(limits.ratioFromBytes, storedBytes * limits.maxRatio));
      }
      yield chunk;
      if (areChunksTransient && kind !== "none") giveBack(chunk);
    }
  } finally {
    // Not awaited: a source that is waiting for its network ends only then.
    source.return(undefined).catch(() => {});
  }
}

/**
 * Frees a chunk's memory. zlib fills one buffer with several chunks and never touches it again once it is full; so only the chunk that
 * fills a buffer ends it.
 */
function giveBack(chunk: Uint8Array): void {
  const { buffer } = chunk;
  if (buffer.byteLength >= chunkBytes && chunk.byteOffset + chunk.byteLength === buffer.byteLength) freeBuffer(buffer);
}

/** By magic bytes; fewer than four say nothing and count as plain. */
export function compressionOf(start: Uint8Array): "gzip" | "zstd" | "none" {
  if (start[0] === 0x1f && start[1] === 0x8b) return "gzip";
  if (start.length < 4) return "none";
  const magic = ((start[0] ?? 0) | ((start[1] ?? 0) << 8) | ((start[2] ?? 0) << 16) | ((start[3] ?? 0) << 24)) >>> 0;
  return magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50 ? "zstd" : "none";
}

async function readAtLeast(source: AsyncGenerator<Uint8Array>, bytes: number): Promise<{ first: Uint8Array; isEnd: boolean }> {
  let first: Uint8Array = new Uint8Array(0);
  while (first.length < bytes) {
    const next = await source.next();
    if (next.done) return { first, isEnd: true };
    first = first.length === 0 ? next.value : Buffer.concat([first, next.value]);
  }
  return { first, isEnd: false };
}

async function* prepend(first: Uint8Array, rest: AsyncIterable<Uint8Array> | undefined): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  if (rest) yield* rest;
}

/** Runs chunks through a zlib stream. What the source throws comes out as it is; what zlib throws as `layer-unreadable`. */
async function* through(
  source: AsyncIterable<Uint8Array>,
  stream: NodeJS.ReadWriteStream & Readable,
  what: string,
): AsyncGenerator<Uint8Array> {
  let sourceError: unknown;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* source;
    } catch (error) {
      sourceError = error;
      throw error;
    }
  }
  // The pipeline's error arrives by the iteration too; its callback only has to be there.
  pipeline(Readable.from(watched(), { objectMode: true, highWaterMark: 2 }), stream, () => {});
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (sourceError !== undefined) throw sourceError as Error;
    throw isUserError(error) || isCancelled(error) ? error : layerUnreadable(`its ${what} data is damaged or cut off`, error);
  }
}

function gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return through(source, createGunzip({ chunkSize: chunkBytes, ...largeBuffers }), "gzip");
}

/** Stream options that zlib hands on to `Transform`, though its types do not say so. */
const largeBuffers: object = { readableHighWaterMark: 2 * chunkBytes, writableHighWaterMark: 2 * chunkBytes };

/** Frames up to this stored size are held and unpacked at once, many times cheaper than a stream for each. */
const heldFrameBytes = 1024 * 1024;
const heldOutputBytes = 16 * 1024 * 1024;

async function* unzstd(source: AsyncIterable<Uint8Array>, limits: DecompressLimits): AsyncGenerator<Uint8Array> {
  const splitter = new ZstdFrameSplitter();
  const pieces = (async function* () {
    for await (const chunk of source) yield* splitter.split(chunk);
  })();
  let batch: Uint8Array[] = [];
  let batchBytes = 0;
  for (;;) {
    const held: Uint8Array[] = [];
    let heldBytes = 0;
    let isComplete = false;
    while (!isComplete && heldBytes <= heldFrameBytes) {
      const next = await pieces.next();
      if (next.done) break;
      held.push(next.value.bytes);
      heldBytes += next.value.bytes.length;
      isComplete = next.value.isLast;
    }
    const plain = isComplete ? unzstdHeld(held, Math.min(heldOutputBytes, limits.maxBytes + 1)) : undefined;
    if (plain) {
      batch.push(plain);
      batchBytes += plain.length;
    }
    const isEnd = held.length === 0;
    if (batch.length > 0 && (batchBytes >= chunkBytes || isEnd || !plain)) {
      yield batch.length === 1 ? (batch[0] as Uint8Array) : Buffer.concat(batch);
      batch = [];
      batchBytes = 0;
    }
    if (isEnd) break;
    if (plain) continue;
    async function* frame(): AsyncGenerator<Uint8Array> {
      yield* held;
      while (!isComplete) {
        const next = await pieces.next();
        if (next.done) return;
        isComplete = next.value.isLast;
        yield next.value.bytes;
      }
    }
    yield* through(frame(), createZstdDecompress({ chunkSize: chunkBytes, ...largeBuffers }), "zstd");
  }
  if (!splitter.isBetweenFrames) throw layerUnreadable("its zstd data is cut off");
}

/** Undefined when the frame unpacks to more than is worth holding. */
function unzstdHeld(pieces: readonly Uint8Array[], maxOutputLength: number): Uint8Array | undefined {
  try {
    const frame = pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
    return zstdDecompressSync(frame, { maxOutputLength, chunkSize: frame.length > 16_384 ? chunkBytes : 16_384 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw layerUnreadable("its zstd data is damaged", error);
  }
}
