import type { Call } from "../../base/log.ts";
import type { Layer } from "../../image/image.ts";
import type { FactsOptions } from "../imageFacts.ts";
import type { LayerFacts } from "../layerFacts.ts";

/**
 * Fetches the contents of these entries by range and gives the layer's facts with what they say. Entries that could not be
 * fetched are no longer pending, and a problem tells of them.
 */
export async function fetchPending(
  _layer: Layer,
  facts: LayerFacts,
  _entryIndices: readonly number[],
  _options: FactsOptions,
  _call: Call,
): Promise<LayerFacts> {
  return facts;
}
