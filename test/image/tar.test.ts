import { describe, expect, test } from "vitest";
import { readTar } from "../../src/image/tar.ts";
import type { TarHeader } from "../../src/image/tarHeader.ts";
import { inPieces, paxRecords, tarEnd, tinyMember, tinyTar } from "../fakes/tinyImage.ts";
import type { TinyMember } from "../fakes/tinyImage.ts";

type Seen = Partial<TarHeader> & { content?: string };

async function membersOf(tar: Uint8Array, pieceBytes: number): Promise<(TarHeader & { content: string; dataOffset: number })[]> {
  const members = [];
  for await (const { header, dataOffset, content } of readTar(inPieces(tar, pieceBytes))) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(Buffer.from(piece));
    members.push({ ...header, dataOffset, content: Buffer.concat(pieces).toString() });
  }
  return members;
}

const long = "deep/".repeat(60) + "file";
const base256 = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(12);
  for (let i = 11, rest = BigInt.asUintN(96, value); i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 255n);
  bytes[0] = (bytes[0] ?? 0) | 0x80;
  return bytes;
};
/** Old GNU sparse header: four pieces in the header itself (tar's info page, "Sparse formats"). */
const gnuSparse = (block: Buffer, realSize: number, isExtended: boolean): void => {
  block.write("00000000000\x0000000000003\0", 386);
  block[482] = isExtended ? 1 : 0;
  block.write(`${realSize.toString(8).padStart(11, "0")}\0`, 483);
};

describe("readTar reads", () => {
  const cases: Record<string, [readonly (TinyMember | Buffer)[], readonly Seen[]]> = {
    "a plain file": [
      [{ name: "a/b.txt", content: "hello", mode: 0o4755 }],
      [{ name: "a/b.txt", type: "file", sizeBytes: 5, content: "hello", mode: 0o4755, mtimeEpochS: 1_700_000_000 }],
    ],
    "directories, links and devices": [
      [
        { name: "d/", flag: "5" },
        { name: "s", flag: "2", linkName: "../x" },
        { name: "h", flag: "1", linkName: "d/f" },
        { name: "null", flag: "3" },
        { name: "pipe", flag: "6" },
      ],
      [
        { type: "directory" },
        { type: "symlink", linkName: "../x" },
        { type: "hardlink", linkName: "d/f" },
        { type: "other" },
        { type: "other" },
      ],
    ],
    "a V7 directory, marked by its slash": [[{ name: "d/", flag: "\0", magic: "none" }], [{ name: "d/", type: "directory" }]],
    "a ustar prefix": [[{ name: "file", prefix: "some/long/prefix" }], [{ name: "some/long/prefix/file" }]],
    "no prefix in GNU headers": [[{ name: "file", prefix: "12345", magic: "gnu" }], [{ name: "file" }]],
    "PAX names, sizes and times": [
      [
        { name: "x", flag: "x", content: paxRecords({ path: `ü/${long}`, size: "3", mtime: "-12.5", comment: "a=b\nc" }) },
        Buffer.concat([tinyMember({ name: "short", sizeField: "00000000000\0" }), Buffer.from("abc"), Buffer.alloc(509)]),
        { name: "after" },
      ],
      [
        { name: `ü/${long}`, sizeBytes: 3, content: "abc", mtimeEpochS: -12.5 },
        { name: "after", mtimeEpochS: 1_700_000_000 },
      ],
    ],
    "global PAX headers, which local ones overrule": [
      [
        { name: "g", flag: "g", content: paxRecords({ mtime: "5" }) },
        { name: "a" },
        { name: "x", flag: "x", content: paxRecords({ mtime: "6" }) },
        { name: "b" },
        { name: "c" },
      ],
      [
        { name: "a", mtimeEpochS: 5 },
        { name: "b", mtimeEpochS: 6 },
        { name: "c", mtimeEpochS: 5 },
      ],
    ],
    "GNU long names": [
      [
        { name: "././@LongLink", flag: "L", content: `${long}\0`, magic: "gnu" },
        { name: "././@LongLink", flag: "K", content: `${long}/to\0`, magic: "gnu" },
        { name: "cut", flag: "2", linkName: "cut", magic: "gnu" },
      ],
      [{ name: long, linkName: `${long}/to`, type: "symlink" }],
    ],
    "base-256 sizes and negative times": [
      [{ name: "a", content: "xyz", sizeField: base256(3n), patch: (block) => block.set(base256(-5n), 136) }],
      [{ sizeBytes: 3, content: "xyz", mtimeEpochS: -5 }],
    ],
    "old GNU sparse files": [
      [{ name: "holes", flag: "S", magic: "gnu", content: "abc", patch: (block) => gnuSparse(block, 1_000_000, false) }, { name: "after" }],
      [{ name: "holes", type: "file", sizeBytes: 1_000_000, isSparse: true, content: "abc" }, { name: "after" }],
    ],
    "old GNU sparse files with a longer map": [
      [
        Buffer.concat([
          tinyMember({ name: "holes", flag: "S", magic: "gnu", sizeField: "00000000003\0", patch: (block) => gnuSparse(block, 99, true) }),
          Buffer.alloc(512).fill(1, 504, 505),
          Buffer.alloc(512),
          Buffer.from("abc"),
          Buffer.alloc(509),
        ]),
        { name: "after" },
      ],
      [{ sizeBytes: 99, isSparse: true, content: "abc" }, { name: "after" }],
    ],
    "PAX sparse files, format 0.0": [
      [
        { name: "x", flag: "x", content: paxRecords({ "GNU.sparse.size": "70", "GNU.sparse.numblocks": "1", "GNU.sparse.offset": "0" }) },
        { name: "holes", content: "abc" },
      ],
      [{ name: "holes", sizeBytes: 70, isSparse: true, content: "abc" }],
    ],
    "PAX sparse files, format 0.1": [
      [
        { name: "x", flag: "x", content: paxRecords({ "GNU.sparse.size": "70", "GNU.sparse.map": "0,3", "GNU.sparse.name": "real" }) },
        { name: "GNUSparseFile.1/real", content: "abc" },
      ],
      [{ name: "real", sizeBytes: 70, isSparse: true }],
    ],
    "PAX sparse files, format 1.0": [
      [
        {
          name: "x",
          flag: "x",
          content: paxRecords({
            "GNU.sparse.major": "1",
            "GNU.sparse.minor": "0",
            "GNU.sparse.name": "real",
            "GNU.sparse.realsize": "4000000000",
          }),
        },
        { name: "p", content: "1\n0\n3\n" },
      ],
      [{ name: "real", sizeBytes: 4_000_000_000, isSparse: true }],
    ],
    "names that are not UTF-8": [[{ name: "a", patch: (block) => block.set([0x66, 0xff, 0x66], 0) }], [{ name: "f\ufffdf" }]],
    "a path of a million characters": [
      [{ name: "x", flag: "x", content: paxRecords({ path: "a".repeat(1_000_000) }) }, { name: "a" }],
      [{ name: "a".repeat(1_000_000) }],
    ],
    "hard links whose size field tells the size of the file": [
      [
        { name: "h", flag: "1", linkName: "a", sizeField: "00000000777\0" },
        { name: "after", content: "z" },
      ],
      [
        { type: "hardlink", sizeBytes: 0, content: "" },
        { name: "after", content: "z" },
      ],
    ],
    "numbers with spaces around them": [[{ name: "a", content: "abc", sizeField: "         3 \0" }], [{ sizeBytes: 3, content: "abc" }]],
    "a type of a vendor's own": [
      [{ name: "v", flag: "Z", content: "abc" }, { name: "after" }],
      [{ type: "other", sizeBytes: 0 }, { name: "after" }],
    ],
  };
  for (const [name, [members, expected]] of Object.entries(cases)) {
    test(name, async () => {
      const tar = Buffer.concat([...members.map((member) => (Buffer.isBuffer(member) ? member : tinyMember(member))), tarEnd]);
      const whole = await membersOf(tar, tar.length);
      expect(whole).toMatchObject(expected);
      expect(whole).toHaveLength(expected.length);
      const pieceBytes = tar.length > 100_000 ? 1009 : 61;
      expect(await membersOf(tar, pieceBytes)).toEqual(whole);
    });
  }

  test("where contents begin", async () => {
    const tar = tinyTar([
      { name: "x", flag: "x", content: paxRecords({ path: "long" }) },
      { name: "a", content: "first" },
      { name: "b", content: "second" },
    ]);
    for (const member of await membersOf(tar, 100)) {
      expect(tar.toString("utf8", member.dataOffset, member.dataOffset + member.sizeBytes)).toBe(member.content);
    }
  });

  test("on, past contents that nobody reads", async () => {
    const names: string[] = [];
    const tar = tinyTar([{ name: "a", content: "x".repeat(5000) }, { name: "b", content: "y".repeat(5000) }, { name: "c" }]);
    for await (const { header, content } of readTar(inPieces(tar, 700))) {
      names.push(header.name);
      if (header.name === "b") for await (const piece of content) if (piece.length > 0) break;
    }
    expect(names).toEqual(["a", "b", "c"]);
  });

  test("a tar without its end mark, and nothing behind the end mark", async () => {
    expect(await membersOf(tinyMember({ name: "a", content: "1" }), 100)).toMatchObject([{ name: "a" }]);
    expect(await membersOf(Buffer.concat([tinyTar([{ name: "a" }]), tinyMember({ name: "b" })]), 100)).toHaveLength(1);
    expect(await membersOf(Buffer.alloc(0), 100)).toEqual([]);
  });
});

describe("readTar refuses", () => {
  const file = tinyMember({ name: "a", content: "x".repeat(600) });
  const badSum = Buffer.from(file);
  badSum[0] = 0x62;
  const cases: Record<string, Buffer> = {
    "what is no tar": Buffer.alloc(2000, "no tar at all"),
    "a wrong checksum": Buffer.concat([file, badSum]),
    "a header that is cut off": Buffer.concat([file, file.subarray(0, 300)]),
    "a content that is cut off": file.subarray(0, 900),
    "an extended header with nothing after it": tinyMember({ name: "x", flag: "x", content: paxRecords({ path: "a" }) }),
    "a size of minus one": tinyMember({ name: "a", sizeField: base256(-1n) }),
    "a size of 2^63": tinyMember({ name: "a", sizeField: base256(1n << 63n) }),
    "a size in no known form": tinyMember({ name: "a", sizeField: "12x" }),
    "a PAX size of 2^63": Buffer.concat([tinyMember({ name: "x", flag: "x", content: paxRecords({ size: "9223372036854775808" }) }), file]),
    "a negative PAX size": Buffer.concat([tinyMember({ name: "x", flag: "x", content: paxRecords({ size: "-1" }) }), file]),
    "a PAX record of a wrong length": Buffer.concat([tinyMember({ name: "x", flag: "x", content: "99 path=a\n" }), file]),
    "a PAX record of length 0": Buffer.concat([tinyMember({ name: "x", flag: "x", content: "0 path=a\n" }), file]),
    "an endless PAX header": tinyMember({ name: "x", flag: "x", sizeField: "77777777777\0" }),
    "a sparse file of an impossible size": tinyMember({
      name: "a",
      flag: "S",
      magic: "gnu",
      patch: (block) => block.set(base256(-1n), 483),
    }),
    "data after a single zero block": Buffer.concat([file, Buffer.alloc(512), file]),
  };
  for (const [name, tar] of Object.entries(cases)) {
    test(name, async () => {
      await expect(membersOf(tar, 333)).rejects.toMatchObject({ name: "UserError", code: "layer-unreadable" });
      await expect(membersOf(tar, tar.length)).rejects.toMatchObject({ name: "UserError", code: "layer-unreadable" });
    });
  }
});
