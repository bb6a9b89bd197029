import { constants, inflateRawSync, zstdDecompressSync } from "node:zlib";
import { compressionOf, decompress } from "../../image/decompress.ts";
import { verifiedBytes } from "../../image/digest.ts";
import type { ContentPiece, DeflateCheckpoint } from "./tocFile.ts";
import { BadTableOfContents } from "./tocFile.ts";

/**
 * The first `plainBytes` of what `stored` unpacks to; `stored` is what lies from the piece's `startByte` to its `endByte`.
 * Throws `BadTableOfContents`, `digest-mismatch` or `layer-unreadable`.
 */
export async function unpackStart(piece: ContentPiece, stored: Uint8Array, plainBytes: number): Promise<Uint8Array> {
  const { form } = piece;
  switch (form.kind) {
    case "zeros":
      return new Uint8Array(plainBytes);
    case "plain":
      return long(stored, plainBytes);
    case "deflate":
      if (form.storedDigest) verifiedBytes(stored, form.storedDigest, "a part of a layer");
      return long(inflateFrom(form.checkpoint, stored, plainBytes), plainBytes);
    case "gzip":
    case "zstd": {
      if (compressionOf(stored) !== form.kind) throw new BadTableOfContents("A part of a layer does not begin where its table says");
      const held = form.kind === "zstd" ? unzstdHeld(stored, plainBytes) : undefined;
      if (held) return held.subarray(0, plainBytes);
      const pieces: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of decompress(once(stored))) {
        pieces.push(chunk);
        length += chunk.length;
        if (length >= plainBytes) break;
      }
      return long(Buffer.concat(pieces), plainBytes);
    }
  }
}

/** A table names thousands of small frames, for which a stream each would cost more than unpacking them. */
const mostHeldBytes = 1024 * 1024;

/** Undefined when one frame does not hold it all, or when something is wrong with it: the stream tells what. */
function unzstdHeld(stored: Uint8Array, plainBytes: number): Uint8Array | undefined {
  if (plainBytes === 0 || plainBytes > mostHeldBytes || stored.length > mostHeldBytes) return undefined;
  try {
    const plain = zstdDecompressSync(stored, { chunkSize: Math.max(64, plainBytes), maxOutputLength: mostHeldBytes });
    return plain.length >= plainBytes ? plain : undefined;
  } catch {
    return undefined;
  }
}

function long(bytes: Uint8Array, plainBytes: number): Uint8Array {
  if (bytes.length < plainBytes) throw new BadTableOfContents("A part of a layer is shorter than its table of contents says");
  return bytes.subarray(0, plainBytes);
}

async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}

/** Unpacked spans may be longer than asked for by one deflate block; more is refused. */
const slackBytes = 64 * 1024 * 1024;

function inflateFrom({ bits, window }: DeflateCheckpoint, stored: Uint8Array, plainBytes: number): Uint8Array {
  const input = bits === 0 ? stored : Buffer.concat([primer(bits, stored[0] ?? 0), stored.subarray(1)]);
  try {
    return inflateRawSync(input, {
      dictionary: window,
      // The span ends in the middle of the stream.
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: plainBytes + slackBytes,
      chunkSize: 256 * 1024,
    });
  } catch (error) {
    throw new BadTableOfContents("A part of a layer cannot be unpacked where its table of contents says", { cause: error });
  }
}

/**
 * Whole bytes that end with the highest `bits` bits of `byte`, for a block that begins within a byte: zlib's `inflatePrime` does
 * this, but Node does not offer it. Before them stand empty deflate blocks: one with fixed codes has 10 bits, one with the
 * smallest dynamic codes 95, so that any number of bits modulo 8 can be made.
 */
function primer(bits: number, byte: number): Uint8Array {
  const before = 8 - bits;
  let written: number[] = [];
  if (before % 2 === 1) written = written.concat(emptyDynamicBlock);
  while (written.length % 8 !== before) written = written.concat(emptyFixedBlock);
  for (let i = before; i < 8; i++) written.push((byte >> i) & 1);
  const bytes = new Uint8Array(written.length / 8);
  written.forEach((bit, i) => {
    bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (bit << (i & 7));
  });
  return bytes;
}

/** Numbers in deflate stand lowest bit first, Huffman codes highest first (RFC 1951, section 3.1.1). */
function number(value: number, bits: number): number[] {
  return Array.from({ length: bits }, (_, i) => (value >> i) & 1);
}

/** RFC 1951, section 3.2.6: not the last block, type 1, the code of "end of block". */
const emptyFixedBlock: readonly number[] = [...number(0, 1), ...number(1, 2), 0, 0, 0, 0, 0, 0, 0];

/** RFC 1951, section 3.2.7: a literal code for "end of block" alone, and no distances. */
const emptyDynamicBlock: readonly number[] = [
  ...number(0, 1),
  ...number(2, 2),
  ...number(257 - 257, 5),
  ...number(1 - 1, 5),
  ...number(19 - 4, 4),
  // Lengths of the code length codes, in the order 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1 15: 18 has one bit, 0 and 1 have two.
  ...[0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0].flatMap((length) => number(length, 3)),
  // 256 literals without a code: 138 and 118 zeros. The codes are 18: 0, 0: 10, 1: 11.
  0,
  ...number(138 - 11, 7),
  0,
  ...number(118 - 11, 7),
  // "End of block" has one bit; the one distance has none.
  ...[1, 1],
  ...[1, 0],
  // "End of block".
  0,
];
