import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { elfReader, readElf } from "../../src/facts/elfFact.ts";
import type { ElfFact } from "../../src/facts/fileFact.ts";
import { tinyElf, type TinyElf } from "../fakes/tinyElf.ts";
import { fuzz, mutated } from "../fuzz.ts";

function check(name: string, elf: TinyElf, expected: Partial<ElfFact>): void {
  test(name, () => expect(readElf(tinyElf(elf))).toMatchObject(expected));
}

describe("the dynamic section", () => {
  for (const is64 of [true, false])
    for (const littleEndian of [true, false])
      check(
        `${is64 ? 64 : 32} bits, ${littleEndian ? "little" : "big"}-endian`,
        {
          is64,
          littleEndian,
          machine: 183,
          interpreter: "/lib/ld.so",
          needed: ["liba.so.1", "libb.so"],
          soname: "me.so",
          rpath: "/r",
          runpath: "$ORIGIN/../lib",
        },
        {
          machine: 183,
          interpreter: "/lib/ld.so",
          needed: ["liba.so.1", "libb.so"],
          soname: "me.so",
          rpath: "/r",
          runpath: "$ORIGIN/../lib",
        },
      );
  check("strings behind it, as patchelf leaves them", { needed: ["liba.so.1"], stringsAtEnd: true }, { needed: ["liba.so.1"] });
  check("no section headers", { needed: ["liba.so.1"], hasSections: false }, { needed: ["liba.so.1"] });
  test("what is absent stays absent", () => expect(Object.keys(readElf(tinyElf()) ?? {})).toEqual(["kind", "machine", "needed", "load"]));
});

describe("relocations", () => {
  const pages = (elf: TinyElf): number | undefined => readElf(tinyElf({ paddingBytes: 3 * 4096, ...elf }))?.load.linkPages;
  // The tables lie on the first page, the dynamic section on the fourth.
  test("the tables and the dynamic section are read", () => expect(pages({})).toBe(2));
  test("so are the pages that are written to, each once", () => expect(pages({ rela: [0x0, 0x8, 0x1000, 0x1008, 0x2008, 0x10] })).toBe(4));
  test("addresses without bytes in the file cost nothing", () => expect(pages({ rela: [0x10_0000, 0x7fff_ffff] })).toBe(2));
  test("a RELR bitmap covers the words behind its address", () => {
    // The address, then bits for the words 1 and 63 behind it; then a second bitmap whose last word lies on the next page.
    expect(pages({ relr: [0xd00n, 1n | (1n << 1n) | (1n << 63n), 1n | (1n << 63n)] })).toBe(3);
  });
  test("the linker's pages are told as runs of 64 KiB", () => {
    const load = readElf(tinyElf({ rela: [0x1000, 0x2_1000, 0x3_0000], paddingBytes: 0x8_0000 }))?.load;
    expect(load).toMatchObject({ linkPages: 5, linkRuns: [0, 1, 2, 2, 8, 1] });
  });
  test("many runs are joined where the gaps are smallest", () => {
    const rela = Array.from({ length: 200 }, (_, index) => index * 0x3_0000);
    const load = readElf(tinyElf({ rela: [...rela, 0x4000_0000 - 1], paddingBytes: 200 * 0x3_0000 }))?.load;
    expect(load?.linkRuns.length).toBeLessThanOrEqual(128);
    expect((load?.linkRuns.at(-2) ?? 0) + (load?.linkRuns.at(-1) ?? 0)).toBe(601);
  });
  test("a table that claims to be endless does not count more pages than there are", () => {
    const bytes = tinyElf({ rela: [0x1000, 0x2000] });
    const at = bytes.indexOf(Buffer.from([8, 0, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0, 0, 0, 0, 0]));
    bytes.writeBigUInt64LE(2n ** 62n, at + 8);
    const load = readElf(bytes)?.load;
    expect(load?.linkPages).toBeLessThanOrEqual(Math.ceil(bytes.length / 4096));
  });
});

describe("names in read-only data", () => {
  const rodata = "\0liblazy.so.1\0lib/plugins/libx.so\0not a library.so\0pkg.inner.core\0datetime\0justaword\0v1.2\0";
  check("libraries that may be opened by name", { rodata }, { libraryNames: ["liblazy.so.1", "lib/plugins/libx.so"] });
  check("modules only in Python extensions", { rodata, symbol: "PyInit_core" }, { moduleNames: ["pkg.inner.core", "datetime"] });
  test("none in other libraries", () => expect(readElf(tinyElf({ rodata }))?.moduleNames).toBeUndefined());
});

describe("in chunks", () => {
  const stream = (bytes: Buffer, chunkBytes: number): unknown => {
    const reader = elfReader(bytes.length);
    for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes));
    return reader.finish();
  };
  const large = tinyElf({
    needed: ["liba.so.1"],
    runpath: "/r",
    rela: [0x1000, 0x5000],
    stringsAtEnd: true,
    paddingBytes: 31 * 1024 * 1024,
  });

  test.each([1000, 65_536, 1_000_003])("a large file in chunks of %d bytes reads as the whole does", (chunkBytes) => {
    expect(stream(large, chunkBytes)).toEqual(readElf(large));
    expect(readElf(large)).toMatchObject({ needed: ["liba.so.1"], runpath: "/r" });
  });
  test("so does this very program", () => {
    const program = readFileSync(process.execPath);
    const fact = readElf(program);
    expect(fact?.needed).toContain("libc.so.6");
    expect(fact?.interpreter).toContain("ld-linux");
    expect(fact?.load.textBytes).toBeGreaterThan(1_000_000);
    expect(stream(program, 262_144)).toEqual(fact);
  });
});

test.each(["", "\x7fELF", "\x7fELF\x02\x01\x01", "not an ELF file at all, but long enough to hold a header of one, yes"])(
  "%j is no ELF file or an empty one",
  (text) => {
    expect(readElf(Buffer.from(text, "latin1"))).toBeUndefined();
  },
);

test("any bytes end quickly with bounded numbers", () => {
  const good = [true, false].map((is64) =>
    tinyElf({ is64, interpreter: "/i", needed: ["a.so"], rela: [1, 4096], relr: [8n, 3n], rodata: "\0liba.so\0a.b\0", symbol: "PyInit_a" }),
  );
  const count = fuzz(
    "ELF",
    (random) => mutated(random, random.pick(good)),
    (bytes) => {
      const startedMs = performance.now();
      const fact = readElf(bytes);
      if (performance.now() - startedMs > 2000) throw new Error("too slow");
      if (fact === undefined) return;
      const { linkRuns, ...sizes } = fact.load;
      for (const value of Object.values(sizes))
        if (!(Number.isInteger(value) && value >= 0 && value <= bytes.length)) throw new Error(`out of bounds: ${JSON.stringify(sizes)}`);
      if (linkRuns.some((value) => !(value >= 0 && value * 65_536 <= bytes.length + 65_536)))
        throw new Error(`runs: ${linkRuns.join(" ")}`);
    },
  );
  expect(count).toBeGreaterThan(50);
});
