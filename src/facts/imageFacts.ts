import { availableParallelism } from "node:os";
import type { Call } from "../base/log.ts";
import type { Image, Layer } from "../image/image.ts";
import { defaultCacheDir, openFactsCache } from "./factsCache.ts";
import type { FactsCache } from "./factsCache.ts";
import { decodeFacts } from "./factsFormat.ts";
import { readInWorkers } from "./factsWorkers.ts";
import type { LayerFacts } from "./layerFacts.ts";
import { readTableOfContents } from "./toc/tableOfContents.ts";

export interface FactsOptions {
  /** Absent: nothing is kept. */
  readonly cacheDir?: string | undefined;
  readonly maxCacheBytes: number;
  /** Layers that are read at the same time, each in a thread of its own. */
  readonly threads: number;
  /** Read a layer's table of contents where it has one, and its contents only as far as they are asked for. */
  readonly preferTableOfContents: boolean;
}

/** For whoever has no wishes: kept where the command line keeps them, read by a few threads, from tables of contents where there are some. */
export function defaultFactsOptions(): FactsOptions {
  return {
    cacheDir: defaultCacheDir(),
    maxCacheBytes: 2_000_000_000,
    threads: Math.min(availableParallelism(), 4),
    preferTableOfContents: true,
  };
}

export type FactsEvent =
  | {
      readonly kind: "layer";
      readonly layerIndex: number;
      /** `cached`: nothing was read. Each layer ends as `cached` or `done`. */
      readonly state: "cached" | "reading" | "done";
      /** Of the layer as stored. */
      readonly readBytes: number;
      /** Undefined where the origin does not tell. */
      readonly totalBytes: number | undefined;
    }
  /** Always last. `layers` is in the image's order. */
  | { readonly kind: "facts"; readonly layers: readonly LayerFacts[] };

/**
 * The facts of all layers of an image: kept ones first, then tables of contents, then by reading the layers. Layers with one
 * diffID are read once. What was read is kept as soon as its layer is done, so a cancelled run is not lost.
 */
export async function* readImageFacts(image: Image, options: FactsOptions, call: Call): AsyncGenerator<FactsEvent> {
  call.signal?.throwIfAborted();
  const cache = openFactsCache(options.cacheDir, options.maxCacheBytes, call.log);
  const facts = new Map<string, LayerFacts>();
  const unique = [...new Map(image.layers.map((layer) => [layer.diffId, layer])).values()];

  const kept = await Promise.all(unique.map((layer) => cache.read(layer.diffId)));
  for (const [i, layer] of unique.entries()) {
    const found = kept[i];
    if (!found) continue;
    facts.set(layer.diffId, found);
    yield* told(image, layer, "cached", 0);
  }

  let missing = unique.filter((layer) => !facts.has(layer.diffId));
  if (options.preferTableOfContents && missing.length > 0) {
    const tables = await Promise.all(missing.map((layer) => readTableOfContents(image, layer, cache, call)));
    for (const [i, layer] of missing.entries()) {
      const table = tables[i];
      if (!table) continue;
      facts.set(layer.diffId, table.facts);
      yield* told(image, layer, table.isFromCache ? "cached" : "done", table.readBytes);
    }
    missing = missing.filter((layer) => !facts.has(layer.diffId));
  }

  const writes: Promise<void>[] = [];
  for await (const event of readInWorkers(missing, options.threads, call)) {
    if (event.kind === "progress") yield* told(image, event.layer, "reading", event.readBytes);
    else {
      facts.set(event.layer.diffId, keep(event.layer, event.encoded, cache, writes));
      yield* told(image, event.layer, "done", event.readBytes);
    }
  }
  await Promise.all(writes);
  call.signal?.throwIfAborted();
  yield {
    kind: "facts",
    layers: image.layers.map((layer) => facts.get(layer.diffId) as LayerFacts),
  };
}

function keep(layer: Layer, encoded: Uint8Array, cache: FactsCache, writes: Promise<void>[]): LayerFacts {
  const decoded = decodeFacts(encoded);
  if (!decoded) throw new Error("A worker thread gave facts that cannot be read");
  writes.push(cache.write(layer.diffId, encoded));
  return decoded;
}

/** One event for each place that the layer has in the image. */
function* told(image: Image, layer: Layer, state: "cached" | "reading" | "done", readBytes: number): Generator<FactsEvent> {
  for (const { diffId, index, blobSizeBytes } of image.layers) {
    if (diffId === layer.diffId) yield { kind: "layer", layerIndex: index, state, readBytes, totalBytes: blobSizeBytes };
  }
}
