import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { isUserError } from "../../src/base/errors.ts";
import { collectFacts, defaultCollectLimits } from "../../src/facts/collect.ts";
import { decodeFacts } from "../../src/facts/factsFormat.ts";
import { squashLayers } from "../../src/facts/squash.ts";
import { parseJsonTable } from "../../src/facts/toc/jsonTable.ts";
import { BadTableOfContents } from "../../src/facts/toc/tocFile.ts";
import { parseZtoc } from "../../src/facts/toc/ztoc.ts";
import { decompress } from "../../src/image/decompress.ts";
import { TarParser } from "../../src/image/tar.ts";
import { inPieces, paxRecords, sha256, tinyTar } from "../fakes/tinyImage.ts";
import { fuzz, fuzzAsync, mutated } from "../fuzz.ts";
import type { Random } from "../fuzz.ts";

const gnuSparse = (block: Buffer): void => {
  block.write("00000000000\x0000000000003\0", 386);
  block[482] = 1;
  block.write("00000000143\0", 483);
};

const tar = tinyTar([
  { name: "d/", flag: "5" },
  {
    name: "x",
    flag: "x",
    content: paxRecords({ path: "ü/long", size: "11", mtime: "-1.5", "GNU.sparse.major": "1", "GNU.sparse.realsize": "99" }),
  },
  { name: "a.py", content: "import sys\n" },
  { name: "g", flag: "g", content: paxRecords({ mtime: "7" }) },
  { name: "L", flag: "L", content: "a/long/name\0", magic: "gnu" },
  { name: "K", flag: "K", content: "a/long/link\0", magic: "gnu" },
  { name: "s", flag: "2", linkName: "d", magic: "gnu" },
  { name: "h", flag: "1", linkName: "a.py" },
  { name: "sparse", flag: "S", content: "abc", magic: "gnu", patch: gnuSparse },
  { name: "d/.wh.x" },
  { name: "run.sh", content: "#!/bin/sh\nexec d/x\n", mode: 0o755, prefix: "some/prefix" },
]);

/** Most checksums are set right again: else hardly any change would get past them. */
function mutatedTar(random: Random): Buffer {
  const bytes = mutated(random, tar);
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    if (bytes.toString("latin1", at + 257, at + 262) !== "ustar" || random.below(20) === 0) continue;
    bytes.fill(" ", at + 148, at + 156);
    let sum = 0;
    for (let i = at; i < at + 512; i++) sum += bytes[i] ?? 0;
    bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, at + 148);
  }
  return bytes;
}

test("whatever the tar, reading it ends with entries or layer-unreadable", () => {
  const makeInput = (random: Random) => ({ input: mutatedTar(random), pieceBytes: 1 + random.below(2000) });
  fuzz("tar", makeInput, ({ input, pieceBytes }) => {
    let open = false;
    let contentBytes = 0;
    const parser = new TarParser({
      member(header, dataOffset) {
        expect(open).toBe(false);
        open = true;
        expect(Number.isSafeInteger(header.sizeBytes) && header.sizeBytes >= 0).toBe(true);
        expect(Number.isFinite(header.mtimeEpochS) && header.mode >= 0 && header.mode <= 0o7777).toBe(true);
        expect(dataOffset % 512).toBe(0);
      },
      data(piece) {
        contentBytes += piece.length;
      },
      end() {
        expect(open).toBe(true);
        open = false;
      },
    });
    try {
      for (let at = 0; at < input.length; at += pieceBytes) parser.push(input.subarray(at, at + pieceBytes));
      parser.finish();
      expect(open).toBe(false);
    } catch (error) {
      if (!isUserError(error)) throw error;
      expect(error.code).toBe("layer-unreadable");
    }
    expect(contentBytes).toBeLessThanOrEqual(input.length);
  });
});

test("whatever the layer, collecting and squashing it ends", async () => {
  await fuzzAsync("layer", mutatedTar, async (input) => {
    try {
      const encoded = await collectFacts(inPieces(input, 4000), { diffId: sha256(input) }, () => {}, {}, defaultCollectLimits);
      const facts = decodeFacts(encoded);
      expect(facts).toBeDefined();
      if (!facts) return;
      const catalog = squashLayers([facts, facts]);
      for (const entry of catalog.files()) expect(catalog.get(entry.path)).toBe(entry);
    } catch (error) {
      if (!isUserError(error)) throw error;
      expect(error.code).toBe("layer-unreadable");
    }
  });
});

test("whatever the stream, unpacking it ends", async () => {
  const text = Buffer.from("some text, again and again. ".repeat(300));
  const streams = [
    gzipSync(text),
    Buffer.concat([gzipSync(text), gzipSync(text)]),
    Buffer.concat([zstdCompressSync(text), zstdCompressSync(text)]),
  ];
  const limits = { maxBytes: 50_000_000, maxRatio: 1e9, ratioFromBytes: 1e9 };
  const makeInput = (random: Random) => ({ input: mutated(random, random.pick(streams)), pieceBytes: 1 + random.below(500) });
  await fuzzAsync("compressed stream", makeInput, async ({ input, pieceBytes }) => {
    try {
      for await (const chunk of decompress(inPieces(input, pieceBytes), { limits })) expect(chunk.length).toBeGreaterThan(0);
    } catch (error) {
      if (!isUserError(error)) throw error;
      expect(["layer-unreadable", "limit-exceeded"]).toContain(error.code);
    }
  });
});

test("whatever the table of contents, it is read or refused", () => {
  const ztoc = gunzipSync(readFileSync(join(import.meta.dirname, "../fixtures/toc/layer.ztoc.gz")));
  const json = Buffer.from(
    JSON.stringify({
      version: 1,
      entries: [
        { name: "a/", type: "dir", mode: 493, modtime: "2023-11-14T22:13:20Z" },
        {
          name: "a/b.py",
          type: "reg",
          size: 20,
          offset: 100,
          endOffset: 120,
          chunkSize: 10,
          chunkDigest: sha256(tar),
          digest: sha256(tar),
        },
        { name: "a/b.py", type: "chunk", offset: 120, endOffset: 140, chunkOffset: 10, chunkSize: 10 },
        { name: "a/c", type: "hardlink", linkName: "a/b.py" },
      ],
    }),
  );
  const makeInput = (random: Random) =>
    random.below(4) > 0 ? { json: mutated(random, json).toString() } : { ztoc: mutated(random, ztoc) };
  fuzz("table of contents", makeInput, (input) => {
    try {
      const table = "json" in input ? parseJsonTable(input.json, { compression: "gzip", endByte: 1000 }) : parseZtoc(input.ztoc);
      for (const { entry, pieces } of table.files) {
        expect(Number.isSafeInteger(entry.sizeBytes)).toBe(true);
        for (const piece of pieces) expect(piece.startByte >= 0 && piece.sizeBytes >= 0 && piece.skipBytes >= 0).toBe(true);
        if (pieces.length > 0) expect(pieces.reduce((sum, piece) => sum + piece.sizeBytes, 0)).toBe(entry.sizeBytes);
      }
    } catch (error) {
      expect(error).toBeInstanceOf(BadTableOfContents);
    }
  });
});
