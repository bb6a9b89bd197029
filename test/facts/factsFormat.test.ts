import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeFacts, FactsEncoder } from "../../src/facts/factsFormat.ts";
import type { FileFact } from "../../src/facts/fileFact.ts";
import type { TarEntry } from "../../src/image/image.ts";

const summary = {
  diffId: "sha256:abc",
  tarSizeBytes: 12345,
  basis: "contents",
  problems: [{ severity: "warning", message: "odd" }],
} as const;

const anyEntry: fc.Arbitrary<TarEntry> = fc.record({
  path: fc
    .array(fc.oneof(fc.constantFrom("usr", "lib", "😀", "😁x", "ü"), fc.string({ unit: "grapheme" })), { minLength: 1, maxLength: 5 })
    .map((parts) => `/${parts.join("/")}`),
  type: fc.constantFrom("file", "directory", "symlink", "hardlink", "whiteout", "opaque", "other"),
  sizeBytes: fc.maxSafeNat(),
  mode: fc.nat(0o7777),
  mtimeEpochS: fc.integer({ min: -(2 ** 42), max: 2 ** 42 }),
  linkTarget: fc.option(fc.string({ unit: "grapheme" }), { nil: undefined }),
});
const anyFact: fc.Arbitrary<FileFact | undefined> = fc.option(
  fc.record({
    kind: fc.constant("text"),
    text: fc.oneof(
      fc.string(),
      fc.nat(300_000).map((length) => "long".repeat(length >> 2)),
    ),
  }),
  { nil: undefined, freq: 2 },
);

describe("encoded facts", () => {
  test("decode to what was encoded", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEntry, anyFact, fc.boolean()), { maxLength: 60 }), (rows) => {
        const encoder = new FactsEncoder();
        for (const [entry, fact, isPending] of rows) {
          const index = encoder.add(entry, isPending);
          if (fact) encoder.addFact(index, fact);
        }
        const facts = decodeFacts(encoder.finish(summary));
        expect(facts).toMatchObject(summary);
        expect(facts?.entries).toEqual(rows.map(([entry]) => entry));
        expect(rows.map((_, i) => facts?.fact(i))).toEqual(rows.map(([, fact]) => fact));
        expect(rows.map((_, i) => facts?.isPending(i))).toEqual(rows.map(([, , isPending]) => isPending));
      }),
      { numRuns: 50 },
    );
  });

  test("of an empty layer", () => {
    expect(decodeFacts(new FactsEncoder().finish(summary))?.entries).toEqual([]);
  });

  test("that are torn or damaged are noticed", () => {
    const encoder = new FactsEncoder();
    encoder.addFact(encoder.add({ path: "/a", type: "file", sizeBytes: 1, mode: 0, mtimeEpochS: 0 }), { kind: "text", text: "some text" });
    const bytes = encoder.finish(summary);
    expect(decodeFacts(bytes)).toBeDefined();
    for (let length = 0; length < bytes.length; length++) expect(decodeFacts(bytes.subarray(0, length))).toBeUndefined();
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      expect(decodeFacts(damaged)).toBeUndefined();
    }
  });
});
