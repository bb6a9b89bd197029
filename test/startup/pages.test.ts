import fc from "fast-check";
import { expect, test } from "vitest";
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

test("a large library costs its relocations and a little code, not its size", () => {
  // The sizes of libtorch_cuda.so; traced: 17.4 MB of pages.
  const load = {
    relocationBytes: 1_666_056,
    relocatedPages: 145,
    symbolBytes: 12_882_693,
    textBytes: 46_863_181,
    rodataBytes: 789_624_161,
  };
  const { pageBytes, chunkBytes } = touched("/lib/libtorch_cuda.so", {
    sizeBytes: 899_666_713,
    fact: elf({ load, needed: ["libc.so.6"] }),
  });
  expect(pageBytes / 17_375_232).toBeGreaterThan(0.8);
  expect(pageBytes / 17_375_232).toBeLessThan(1.25);
  expect(chunkBytes).toBeLessThan(200_000_000);
});

test("pages are at most chunks, chunks at most the size, whatever an ELF header claims", () => {
  const size = fc.integer({ min: 0, max: 2 ** 40 });
  const load = fc.record({ relocationBytes: size, relocatedPages: size, symbolBytes: size, textBytes: size, rodataBytes: size });
  fc.assert(
    fc.property(
      load,
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.constantFrom(4096, mebibyte, 4 * mebibyte),
      fc.boolean(),
      (sizes, sizeBytes, chunk, isProgram) => {
        const fact = elf({ load: sizes, ...(isProgram ? { interpreter: "/ld.so" } : { needed: ["libc.so.6"] }) });
        const { pageBytes, chunkBytes } = touched("/x", { sizeBytes, fact }, chunk);
        expect(pageBytes).toBeGreaterThan(0);
        expect(pageBytes).toBeLessThanOrEqual(sizeBytes);
        expect(chunkBytes).toBeLessThanOrEqual(sizeBytes);
        expect(chunkBytes).toBeGreaterThanOrEqual(pageBytes);
      },
    ),
  );
});
