import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Call } from "../../src/base/log.ts";
import { readImageFacts } from "../../src/facts/imageFacts.ts";
import type { FactsEvent } from "../../src/facts/imageFacts.ts";
import { squashLayers } from "../../src/facts/squash.ts";
import type { Image } from "../../src/image/image.ts";
import { tinyImage } from "../fakes/tinyImage.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "coldstart-facts-"));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function eventsOf(image: Image, call: Call = {}, threads = 2): Promise<FactsEvent[]> {
  const events: FactsEvent[] = [];
  const options = { cacheDir: join(dir, "cache"), maxCacheBytes: 1e9, threads, preferTableOfContents: true };
  for await (const event of readImageFacts(image, options, call)) events.push(event);
  return events;
}

const layers = [
  [{ name: "a.py", content: "import os\n" }],
  [{ name: "b", content: "x".repeat(100_000) }, { name: ".wh.gone" }],
  [{ name: "a.py", content: "import os\n" }],
];

describe("readImageFacts", () => {
  for (const compression of ["gzip", "zstd", "none"] as const) {
    test(`reads layers in ${compression}, equal ones once, and keeps them`, async () => {
      const image = await tinyImage(dir, layers, compression);
      const events = await eventsOf(image);
      const last = events.at(-1);
      if (last?.kind !== "facts") throw new Error("the facts come last");
      expect(last.layers.map(({ diffId }) => diffId)).toEqual(image.layers.map(({ diffId }) => diffId));
      expect(last.layers[0]).toBe(last.layers[2]);
      expect([...squashLayers(last.layers).files()].map(({ path }) => path)).toEqual(["/a.py", "/b"]);
      expect(last.layers[0]?.fact(0)).toMatchObject({ kind: "python" });
      for (const layerIndex of [0, 1, 2]) {
        expect(events).toContainEqual(
          expect.objectContaining({ kind: "layer", layerIndex, state: "done", readBytes: image.layers[layerIndex]?.blobSizeBytes }),
        );
      }
      const again = await eventsOf(image);
      expect(again.filter((event) => event.kind === "layer").map(({ state }) => state)).toEqual(["cached", "cached", "cached"]);
      const kept = again.at(-1);
      expect(kept?.kind === "facts" && kept.layers.map(({ entries }) => entries)).toEqual(last.layers.map(({ entries }) => entries));
    });
  }

  test("keeps nothing of a layer that is not what its digest says, but what was whole before it", async () => {
    const image = await tinyImage(dir, layers);
    const [, second] = image.layers;
    if (second?.source.kind !== "file") throw new Error("a file was expected");
    await writeFile(second.source.path, Buffer.alloc(second.source.sizeBytes));
    await expect(eventsOf(image, {}, 1)).rejects.toMatchObject({ name: "UserError", code: "digest-mismatch" });
    const files = await readdir(join(dir, "cache", "facts")).catch(() => []);
    expect(files.some((name) => name.includes(second.diffId.slice(7)))).toBe(false);
  });

  test("stops at once when cancelled, and works afterwards", async () => {
    const image = await tinyImage(dir, layers);
    const reason = new Error("enough");
    await expect(eventsOf(image, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const running = eventsOf(image, { signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await expect(running).rejects.toBe(reason);
    expect((await eventsOf(image)).at(-1)?.kind).toBe("facts");
  });

  test("of an image without layers", async () => {
    expect(await eventsOf(await tinyImage(dir, []))).toEqual([{ kind: "facts", layers: [] }]);
  });
});
