import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decompress, defaultDecompressLimits } from "../../src/image/decompress.ts";
import { inPieces } from "../fakes/tinyImage.ts";

async function plainOf(bytes: Uint8Array, pieceBytes = 1000, limits = defaultDecompressLimits): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of decompress(inPieces(bytes, pieceBytes), { limits, areChunksTransient: true })) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

const text = Buffer.from(Array.from({ length: 2_000 }, (_, i) => `line ${i} of a text\n`).join(""));
const noise = Buffer.from(Array.from({ length: 30_000 }, (_, i) => (i * i * 2654435761) >>> 13));
const large = Buffer.concat(Array.from({ length: 600 }, (_, i) => Buffer.concat([noise, Buffer.from(String(i))])));
/** RFC 8878, section 3.1.2. */
const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]);
const emptySkippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);

describe("decompress gives the plain bytes of", () => {
  const cases: Record<string, [Buffer, Buffer]> = {
    nothing: [Buffer.alloc(0), Buffer.alloc(0)],
    "less than a magic number": [Buffer.from("abc"), Buffer.from("abc")],
    "bytes that are not compressed": [text, text],
    gzip: [gzipSync(text), text],
    "gzip of several members": [Buffer.concat([gzipSync(text), gzipSync(Buffer.alloc(0)), gzipSync(noise)]), Buffer.concat([text, noise])],
    "gzip with padding behind it": [Buffer.concat([gzipSync(text), Buffer.alloc(5000)]), text],
    zstd: [zstdCompressSync(text), text],
    "zstd of several frames": [
      Buffer.concat([zstdCompressSync(text), zstdCompressSync(Buffer.alloc(0)), zstdCompressSync(noise)]),
      Buffer.concat([text, noise]),
    ],
    "zstd with frames to skip": [
      Buffer.concat([skippable, zstdCompressSync(text), emptySkippable, skippable, zstdCompressSync(noise), skippable]),
      Buffer.concat([text, noise]),
    ],
    "zstd frames larger than is held": [Buffer.concat([zstdCompressSync(large), zstdCompressSync(text)]), Buffer.concat([large, text])],
    "a small zstd frame that unpacks to much": [zstdCompressSync(Buffer.alloc(40_000_000)), Buffer.alloc(40_000_000)],
    "uncompressed zstd blocks": [zstdCompressSync(noise, { params: { 100: -7 } }), noise],
  };
  for (const [name, [stored, plain]] of Object.entries(cases)) {
    for (const pieceBytes of [1, 7, 4096, 1_000_000]) {
      if (stored.length > pieceBytes * 20_000) continue;
      test(`${name}, in pieces of ${pieceBytes}`, async () => {
        expect((await plainOf(stored, pieceBytes)).equals(plain)).toBe(true);
      });
    }
  }
});

describe("decompress refuses", () => {
  const zstdText = zstdCompressSync(text);
  const damaged = Buffer.from(gzipSync(text));
  damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 0xff;
  const cases: Record<string, Buffer> = {
    "cut-off gzip": gzipSync(text).subarray(0, -9),
    "gzip without its checksum": gzipSync(text).subarray(0, -8),
    "a gzip header alone": gzipSync(text).subarray(0, 10),
    "damaged gzip": damaged,
    "cut-off zstd": zstdText.subarray(0, -1),
    "zstd cut off in its second header": Buffer.concat([zstdText, zstdText.subarray(0, 4)]),
    "a skippable frame that is cut off": Buffer.concat([zstdText, skippable.subarray(0, 10)]),
    "something else behind zstd": Buffer.concat([zstdText, Buffer.from("something")]),
  };
  for (const [name, stored] of Object.entries(cases)) {
    test(name, async () => {
      await expect(plainOf(stored)).rejects.toMatchObject({ name: "UserError", code: "layer-unreadable" });
    });
  }

  test("what unpacks to more than the limit", async () => {
    for (const bomb of [gzipSync(Buffer.alloc(3_000_000)), zstdCompressSync(Buffer.alloc(3_000_000))]) {
      await expect(plainOf(bomb, 1000, { maxBytes: 1_000_000, maxRatio: 1e9, ratioFromBytes: 0 })).rejects.toMatchObject({
        code: "limit-exceeded",
      });
      await expect(plainOf(bomb, 1000, { maxBytes: 1e9, maxRatio: 100, ratioFromBytes: 100_000 })).rejects.toMatchObject({
        code: "limit-exceeded",
      });
    }
  });
});

test("what the source throws comes out as it is", async () => {
  const failure = new Error("the network is gone");
  async function* source(): AsyncGenerator<Uint8Array> {
    yield gzipSync(text).subarray(0, 500);
    throw failure;
  }
  await expect(
    (async () => {
      for await (const piece of decompress(source())) expect(piece.length).toBeGreaterThan(0);
    })(),
  ).rejects.toBe(failure);
});

test("leaving early closes the source", async () => {
  for (const stored of [gzipSync(large), zstdCompressSync(large), large]) {
    let isClosed = false;
    const closed = new Promise<void>((resolve) => {
      async function* source(): AsyncGenerator<Uint8Array> {
        try {
          yield* inPieces(stored, 10_000);
        } finally {
          isClosed = true;
          resolve();
        }
      }
      void (async () => {
        for await (const piece of decompress(source())) if (piece.length > 0) break;
      })();
    });
    await closed;
    expect(isClosed).toBe(true);
  }
});
