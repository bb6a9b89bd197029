import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ElfFact } from "../../src/facts/fileFact.ts";
import { touchedOf, type Touched } from "../../src/startup/pages.ts";
import { elf } from "../fakes/elf.ts";
import { memoryCatalog, type MemoryFile } from "../fakes/memoryCatalog.ts";

const mebibyte = 1024 * 1024;

function touched(path: string, file: MemoryFile, chunkSizeBytes = 4 * mebibyte): Touched {
  const catalog = memoryCatalog({ [path]: file });
  const entry = catalog.file(path);
  if (!entry) throw new Error(`${path} is no file`);
  return touchedOf(entry, catalog, chunkSizeBytes).ready;
}

/** Checks the shares that are read, in percent of the size. */
function check(path: string, sizeBytes: number, expected: { readonly pages: number; readonly chunks: number }): void {
  test(`${path} of ${sizeBytes} bytes`, () => {
    const { pageBytes, chunkBytes } = touched(path, { sizeBytes });
    expect(Math.round((100 * pageBytes) / sizeBytes)).toBe(expected.pages);
    expect(Math.round((100 * chunkBytes) / sizeBytes)).toBe(expected.chunks);
  });
}

check("/app/module.pyc", 50_000, { pages: 100, chunks: 100 });
check("/etc/app.conf", 10, { pages: 100, chunks: 100 });
check("/models/model.safetensors", 1000 * mebibyte, { pages: 0, chunks: 0 });
check("/models/model.onnx", 100 * mebibyte, { pages: 100, chunks: 100 });
check("/jvm/lib/modules", 128 * mebibyte, { pages: 5, chunks: 49 });

/** An object as recorded by `test/corpus/hf-transformers`, checked to 30 %. */
function checkLibrary(name: string, sizeBytes: number, load: ElfFact["load"], tracedPages: number): void {
  test(`${name} costs what its start was seen to read`, () => {
    const { pageBytes, chunkBytes } = touched(`/lib/${name}`, { sizeBytes, fact: elf({ load, needed: ["libc.so.6"] }) });
    expect(pageBytes / 4096 / tracedPages).toBeGreaterThan(0.7);
    expect(pageBytes / 4096 / tracedPages).toBeLessThan(1.3);
    expect(chunkBytes).toBeLessThan(sizeBytes / 2);
  });
}
checkLibrary(
  "libtorch_cuda.so",
  899_666_713,
  {
    linkPages: 3666,
    linkRuns: [0, 1, 5, 19, 195, 28, 239, 18, 12985, 10, 13556, 172],
    constructors: 799,
    symbolBytes: 12_882_693,
    textBytes: 46_863_181,
    rodataBytes: 789_624_161,
    dataBytes: 139_736,
  },
  4242,
);
// Its constructors fill tables in its data, which cost more than linking it.
checkLibrary(
  "libcublasLt.so.12",
  441_938_896,
  {
    linkPages: 2627,
    linkRuns: [0, 138, 5786, 36, 6084, 190, 6302, 440],
    constructors: 1314,
    symbolBytes: 29_666,
    textBytes: 54_094_021,
    rodataBytes: 319_683_600,
    dataBytes: 60_410_432,
  },
  10_137,
);

describe("chunks of a library of 64 MiB whose linker's pages lie at both ends", () => {
  const load = { linkPages: 20, linkRuns: [0, 1, 1023, 1], constructors: 0, symbolBytes: 9000, textBytes: 0, rodataBytes: 0, dataBytes: 0 };
  test.each([
    [64 * 1024, 2 * 64 * 1024],
    [mebibyte, 2 * mebibyte],
    [4 * mebibyte, 8 * mebibyte],
    [64 * mebibyte, 64 * mebibyte],
  ])("of %d bytes", (chunkSizeBytes, expected) => {
    const file = { sizeBytes: 64 * mebibyte, fact: elf({ load, needed: ["libc.so.6"] }) };
    const { pageBytes, chunkBytes } = touched("/lib/liba.so", file, chunkSizeBytes);
    // What is read beyond the linker's own pages lies in at most one chunk more.
    expect(chunkBytes).toBeGreaterThanOrEqual(Math.max(expected, pageBytes));
    expect(chunkBytes).toBeLessThanOrEqual(Math.min(64 * mebibyte, expected + chunkSizeBytes));
  });
});
test("pages are at most chunks, chunks at most the size, whatever an ELF header claims", () => {
  const size = fc.integer({ min: 0, max: 2 ** 40 });
  const load = fc.record({
    linkPages: size,
    linkRuns: fc.array(fc.integer({ min: 0, max: 2 ** 24 }), { maxLength: 8 }),
    constructors: size,
    symbolBytes: size,
    textBytes: size,
    rodataBytes: size,
    dataBytes: size,
  });
  fc.assert(
    fc.property(
      load,
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.constantFrom(4096, 65_536, mebibyte, 4 * mebibyte),
      fc.constantFrom("x", "x.so.1", "x.abi3.so", "ld-linux-x86-64.so.2"),
      fc.boolean(),
      (sizes, sizeBytes, chunk, name, isProgram) => {
        const fact = elf({ load: sizes, ...(isProgram ? { interpreter: "/ld.so" } : { needed: ["libc.so.6"] }) });
        const { pageBytes, chunkBytes } = touched(`/${name}`, { sizeBytes, fact }, chunk);
        expect(pageBytes).toBeGreaterThanOrEqual(0);
        expect(pageBytes).toBeLessThanOrEqual(sizeBytes);
        expect(chunkBytes).toBeLessThanOrEqual(sizeBytes);
        expect(chunkBytes).toBeGreaterThanOrEqual(pageBytes);
      },
    ),
  );
});

test("one of many archives on a class path is read in part, a program in a single archive mostly", () => {
  const size = 10 * mebibyte;
  const read = (names: readonly string[]): number => {
    const catalog = memoryCatalog(Object.fromEntries(names.map((name) => [`/app/lib/${name}`, { sizeBytes: size }])));
    const entry = catalog.file("/app/lib/one.jar");
    return entry ? touchedOf(entry, catalog, 4 * mebibyte).ready.pageBytes / size : NaN;
  };
  expect(read(["one.jar"])).toBeCloseTo(0.7, 1);
  expect(read(["one.jar", "two.jar"])).toBeLessThan(0.25);
});

test("an object whose tables are not known is not counted whole", () => {
  expect(touched("/app/libunknown.so.3", { sizeBytes: 100 * mebibyte }).pageBytes).toBeLessThan(30 * mebibyte);
});
