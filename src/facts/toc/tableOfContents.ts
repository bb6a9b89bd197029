import type { Call } from "../../base/log.ts";
import type { Image, Layer } from "../../image/image.ts";
import type { FactsCache } from "../factsCache.ts";
import type { LayerFacts } from "../layerFacts.ts";

/** What a layer's table of contents gave. */
export interface TableOfContentsRead {
  readonly facts: LayerFacts;
  readonly isFromCache: boolean;
  /** Fetched from the origin. */
  readonly readBytes: number;
}

/** The facts of a layer from its table of contents; undefined when it has none that can be used. */
export async function readTableOfContents(
  _image: Image,
  _layer: Layer,
  _cache: FactsCache,
  _call: Call,
): Promise<TableOfContentsRead | undefined> {
  return undefined;
}
