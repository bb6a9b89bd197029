import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { collectFacts, defaultCollectLimits } from "../../src/facts/collect.ts";
import { decodeFacts } from "../../src/facts/factsFormat.ts";
import type { LayerFacts } from "../../src/facts/layerFacts.ts";
import type { Digest, TarEntry } from "../../src/image/image.ts";
import { inPieces, paxRecords, sha256, tinyMember, tinyTar } from "../fakes/tinyImage.ts";
import type { TinyMember } from "../fakes/tinyImage.ts";

async function collected(
  stored: Buffer,
  digests: { digest?: Digest; diffId: Digest },
  pieceBytes = 1000,
  limits = defaultCollectLimits,
): Promise<LayerFacts> {
  const facts = decodeFacts(await collectFacts(inPieces(stored, pieceBytes), digests, () => {}, {}, limits));
  if (!facts) throw new Error("the facts cannot be decoded");
  return facts;
}

function factsOf(members: readonly TinyMember[], pieceBytes?: number): Promise<LayerFacts> {
  const tar = tinyTar(members);
  const stored = gzipSync(tar);
  return collected(stored, { digest: sha256(stored), diffId: sha256(tar) }, pieceBytes);
}

describe("a layer's entries", () => {
  const cases: Record<string, [readonly TinyMember[], readonly Partial<TarEntry>[]]> = {
    "files, directories and links": [
      [
        { name: "./", flag: "5", mode: 0o755 },
        { name: "./bin/", flag: "5" },
        { name: "./bin/tool", content: "x", mode: 0o755 },
        { name: "./bin/soft", flag: "2", linkName: "../lib/tool" },
        { name: "./bin/hard", flag: "1", linkName: "./bin/tool" },
        { name: "./dev/null", flag: "3" },
      ],
      [
        { path: "/", type: "directory", mode: 0o755 },
        { path: "/bin", type: "directory" },
        { path: "/bin/tool", type: "file", sizeBytes: 1, mode: 0o755, linkTarget: undefined },
        { path: "/bin/soft", type: "symlink", linkTarget: "../lib/tool", sizeBytes: 0 },
        { path: "/bin/hard", type: "hardlink", linkTarget: "/bin/tool" },
        { path: "/dev/null", type: "other" },
      ],
    ],
    whiteouts: [
      [{ name: "a/.wh.b" }, { name: "c/.wh..wh..opq" }],
      [
        { path: "/a/b", type: "whiteout" },
        { path: "/c", type: "opaque" },
      ],
    ],
    "no bookkeeping of eStargz and AUFS": [
      [
        { name: ".no.prefetch.landmark", content: "\x0f" },
        { name: "stargz.index.json", content: "{}" },
        { name: ".wh..wh.plnk/1" },
        { name: "a" },
      ],
      [{ path: "/a" }],
    ],
    "times before 1970 and between two seconds": [
      [
        { name: "x", flag: "x", content: paxRecords({ mtime: "-0.5" }) },
        { name: "a" },
        { name: "x", flag: "x", content: paxRecords({ mtime: "1e300" }) },
        { name: "b" },
      ],
      [
        { path: "/a", mtimeEpochS: -1 },
        { path: "/b", mtimeEpochS: 2 ** 42 },
      ],
    ],
  };
  for (const [name, [members, expected]] of Object.entries(cases)) {
    test(name, async () => {
      const facts = await factsOf(members);
      expect(facts.entries).toMatchObject(expected);
      expect(facts.entries).toHaveLength(expected.length);
      expect(facts.basis).toBe("contents");
      expect(facts.problems).toEqual([]);
      expect(facts.tarSizeBytes).toBe(tinyTar(members).length);
    });
  }

  test("that no file can have are left out with a problem", async () => {
    const facts = await factsOf([
      { name: "../../etc/passwd" },
      { name: "x", flag: "x", content: paxRecords({ path: "p".repeat(1_000_000) }) },
      { name: "long" },
      { name: "h", flag: "1", linkName: "../../etc/passwd" },
      { name: "d/.wh." },
      { name: "good" },
    ]);
    expect(facts.entries.map(({ path }) => path)).toEqual(["/good"]);
    expect(facts.problems).toHaveLength(4);
    for (const problem of facts.problems) expect(problem.message.length).toBeLessThan(300);
  });
});

describe("facts", () => {
  const source = `#!/usr/bin/python3\nimport os\n${"# padding\n".repeat(2000)}import json\n`;
  const members: TinyMember[] = [
    { name: "a.py", content: "import sys\n" },
    { name: "data.bin", content: "x".repeat(3000) },
    { name: "b.py", content: source },
    { name: "empty.py" },
    { name: "run.sh", content: "#!/bin/sh\nexec python3 b.py\n", mode: 0o755 },
  ];
  test("are of the right files, wherever the pieces are cut", async () => {
    const whole = await factsOf(members, 1_000_000);
    expect(whole.fact(0)).toMatchObject({ kind: "python" });
    expect(whole.fact(1)).toBeUndefined();
    expect(JSON.stringify(whole.fact(2))).toContain("json");
    expect(whole.fact(4)).toMatchObject({ kind: "script", interpreterLine: "/bin/sh" });
    const tar = tinyTar(members);
    for (const pieceBytes of [13, 511, 513, 5000]) {
      const pieces = await collected(tar, { digest: sha256(tar), diffId: sha256(tar) }, pieceBytes);
      for (const i of members.keys()) expect(pieces.fact(i)).toEqual(whole.fact(i));
    }
  });

  test("of sparse files are not guessed", async () => {
    const facts = await factsOf([
      { name: "x", flag: "x", content: paxRecords({ "GNU.sparse.size": "70", "GNU.sparse.map": "0,11" }) },
      { name: "a.py", content: "import sys\n" },
    ]);
    expect(facts.entries).toMatchObject([{ path: "/a.py", sizeBytes: 70 }]);
    expect(facts.fact(0)).toBeUndefined();
  });
});

describe("collecting ends with", () => {
  const tar = tinyTar([{ name: "a", content: "x".repeat(5000) }]);
  const other = sha256(Buffer.from("other"));
  const flipped = gzipSync(tar);
  flipped[25] = (flipped[25] ?? 0) ^ 1;
  const cut = gzipSync(tar).subarray(0, -30);
  const cases: Record<string, [Buffer, { digest?: Digest; diffId: Digest }, string]> = {
    "another blob": [gzipSync(tar), { digest: other, diffId: sha256(tar) }, "digest-mismatch"],
    "another content": [gzipSync(tar), { digest: sha256(gzipSync(tar)), diffId: other }, "digest-mismatch"],
    "another content, of a layer without a blob": [tar, { diffId: other }, "digest-mismatch"],
    "a damaged blob": [flipped, { digest: sha256(gzipSync(tar)), diffId: sha256(tar) }, "digest-mismatch"],
    "a blob that is cut off": [cut, { digest: sha256(gzipSync(tar)), diffId: sha256(tar) }, "digest-mismatch"],
    "a blob that was cut off before it was named": [cut, { digest: sha256(cut), diffId: sha256(tar) }, "layer-unreadable"],
    "a blob that is no tar": [Buffer.alloc(4000, 7), { diffId: sha256(Buffer.alloc(4000, 7)) }, "layer-unreadable"],
  };
  for (const [name, [stored, digests, code]] of Object.entries(cases)) {
    test(`${code} for ${name}`, async () => {
      await expect(collected(stored, digests)).rejects.toMatchObject({ name: "UserError", code });
    });
  }

  test("limit-exceeded for too many entries and too much of names", async () => {
    const many = tinyTar(Array.from({ length: 20 }, (_, i) => ({ name: `file${i}` })));
    const digests = { diffId: sha256(many) };
    await expect(collected(many, digests, 1000, { maxEntries: 19, maxPathCharacters: 1e6 })).rejects.toMatchObject({
      code: "limit-exceeded",
    });
    await expect(collected(many, digests, 1000, { maxEntries: 20, maxPathCharacters: 50 })).rejects.toMatchObject({
      code: "limit-exceeded",
    });
    expect((await collected(many, digests, 1000, { maxEntries: 20, maxPathCharacters: 1e6 })).entries).toHaveLength(20);
  });

  test("the signal's reason", async () => {
    const reason = new Error("stop");
    const stored = gzipSync(tar);
    await expect(collectFacts(inPieces(stored, 10), { diffId: sha256(tar) }, () => {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});

test("trailing bytes behind the tar and behind gzip count for the digests", async () => {
  const tar = Buffer.concat([tinyTar([{ name: "a" }]), Buffer.alloc(9000)]);
  const stored = Buffer.concat([gzipSync(tar), Buffer.alloc(300_000)]);
  expect((await collected(stored, { digest: sha256(stored), diffId: sha256(tar) })).entries).toHaveLength(1);
});

test("zstd:chunked layers: many frames and frames to skip", async () => {
  const members = Array.from({ length: 300 }, (_, i) => tinyMember({ name: `f${i}.py`, content: `import m${i}\n` }));
  const tar = Buffer.concat([...members, Buffer.alloc(1024)]);
  const skip = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 9]);
  const stored = Buffer.concat([...members.map((member) => zstdCompressSync(member)), zstdCompressSync(Buffer.alloc(1024)), skip]);
  const facts = await collected(stored, { digest: sha256(stored), diffId: sha256(tar) }, 777);
  expect(facts.entries).toHaveLength(300);
  expect(JSON.stringify(facts.fact(299))).toContain("m299");
});
