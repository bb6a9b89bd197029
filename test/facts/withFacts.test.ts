import { expect, test } from "vitest";
import type { FileCatalog } from "../../src/facts/fileCatalog.ts";
import type { FileFact } from "../../src/facts/fileFact.ts";
import type { LayerFacts } from "../../src/facts/layerFacts.ts";
import { squashLayers, withFacts } from "../../src/facts/squash.ts";

/** A layer known from a table of contents: everything but `read` is pending. */
function layer(paths: readonly string[], read: Readonly<Record<string, FileFact>>): LayerFacts {
  const entries = paths.map((path) => ({ path, type: "file" as const, sizeBytes: 100, mode: 0o644, mtimeEpochS: 0 }));
  return {
    diffId: "sha256:d0",
    tarSizeBytes: 0,
    basis: "table-of-contents",
    entries,
    fact: (at) => read[entries[at]?.path ?? ""],
    isPending: (at) => read[entries[at]?.path ?? ""] === undefined,
    problems: [],
  };
}

function textOf(catalog: FileCatalog, path: string): string | undefined {
  const entry = catalog.file(path);
  const fact = entry && catalog.fact(entry);
  return fact?.kind === "text" ? fact.text : undefined;
}

test("a catalog takes facts that were fetched since, keeps its entries and wants only what is still missing", () => {
  const paths = ["/app/a.conf", "/app/b.conf"];
  const before = squashLayers([layer(paths, {})]);
  expect(textOf(before, "/app/a.conf")).toBeUndefined();
  expect([...before.wanted].map(({ path }) => path)).toEqual(["/app/a.conf"]);

  const after = withFacts(before, [layer(paths, { "/app/a.conf": { kind: "text", text: "A" } })]);
  expect(textOf(after, "/app/a.conf")).toBe("A");
  expect(after.wanted.size).toBe(0);
  expect(after.get("/app/a.conf")).toBe(before.get("/app/a.conf"));
  expect([after.fileCount, after.totalSizeBytes]).toEqual([2, 200]);
  expect(textOf(after, "/app/b.conf")).toBeUndefined();
  expect([...after.wanted].map(({ path }) => path)).toEqual(["/app/b.conf"]);
});
