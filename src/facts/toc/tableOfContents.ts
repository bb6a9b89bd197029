import { isCancelled } from "../../base/errors.ts";
import type { Call } from "../../base/log.ts";
import type { Image, Layer } from "../../image/image.ts";
import type { FactsCache } from "../factsCache.ts";
import { decodeFacts } from "../factsFormat.ts";
import type { LayerFacts } from "../layerFacts.ts";
import { estargzSource } from "./estargz.ts";
import { encodeTable, withFetched } from "./fetchedFacts.ts";
import { sociSource } from "./soci.ts";
import type { TableOfContents } from "./tocFile.ts";
import type { TocSource } from "./tocSource.ts";
import { zstdChunkedSource } from "./zstdChunked.ts";

/** What a layer's table of contents gave. */
export interface TableOfContentsRead {
  readonly facts: LayerFacts;
  readonly isFromCache: boolean;
  /** Fetched from the origin. */
  readonly readBytes: number;
}

/** Where the contents of facts from a table can be had; the table itself is loaded again when they came from the cache. */
export interface TocBacking {
  readonly source: TocSource;
  readonly table: TableOfContents | undefined;
}

const backings = new WeakMap<LayerFacts, TocBacking>();

export function backingOf(facts: LayerFacts): TocBacking | undefined {
  return backings.get(facts);
}

export function withBacking<T extends LayerFacts>(facts: T, backing: TocBacking): T {
  backings.set(facts, backing);
  return facts;
}

/** Under this key lie the facts of contents that were fetched for a table. */
export function fetchedKey(source: TocSource): string {
  return `${source.key} fetched`;
}

/**
 * The facts of a layer from its table of contents. Undefined when it has none, or none that can be used: then the layer is read as a
 * whole, which also tells what is wrong with it. Only layers in registries are asked: elsewhere reading is as fast, and
 * verified.
 */
export async function readTableOfContents(
  image: Image,
  layer: Layer,
  cache: FactsCache,
  call: Call,
): Promise<TableOfContentsRead | undefined> {
  if (layer.source.kind !== "registry") return undefined;
  try {
    const source = estargzSource(layer) ?? zstdChunkedSource(layer) ?? (await sociSource(image, layer, call));
    if (!source) return undefined;
    const fetched = await cache.read(fetchedKey(source));
    const kept = await cache.read(source.key);
    if (kept) {
      const facts = withBacking(withFetched(kept, fetched), { source, table: undefined });
      return { facts, isFromCache: true, readBytes: 0 };
    }
    const { table, readBytes } = await source.load(call);
    const encoded = encodeTable(table, layer.diffId);
    const decoded = decodeFacts(encoded);
    if (!decoded) throw new Error("A table of contents gave facts that cannot be read");
    await cache.write(source.key, encoded);
    return { facts: withBacking(withFetched(decoded, fetched), { source, table }), isFromCache: false, readBytes };
  } catch (error) {
    if (call.signal?.aborted || isCancelled(error, call.signal)) throw error;
    call.log?.warn("A table of contents cannot be used; the layer is read instead", {
      layer: layer.digest,
      reason: error instanceof Error ? error.message : String(error),
    });
    return undefined;
  }
}
