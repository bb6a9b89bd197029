import type { Call } from "../base/log.ts";
import type { CatalogEntry, FileCatalog } from "../facts/fileCatalog.ts";
import type { LayerFacts } from "../facts/layerFacts.ts";
import { withFacts } from "../facts/squash.ts";
import { fetchPending, keepFetched } from "../facts/toc/fetchPending.ts";
import type { Image } from "../image/image.ts";
import type { EngineSettings } from "./settings.ts";

/** What is known of an image's layers, and the file catalog that they make. */
interface Known {
  readonly image: Image;
  readonly layerFacts: readonly LayerFacts[];
  readonly catalog: FileCatalog;
}

/** A chain of imports may be this deep; each round follows all chains by one link at least. */
const maxFetchRounds = 100;
/** What lies beside a wanted file is fetched with it, up to this much: modules of a package import each other. */
const maxAheadBytes = 512 * 1024;
/** Larger neighbours are fetched only when something asks for them. */
const maxNeighbourBytes = 64 * 1024;

/**
 * Asks until the answer wants no more contents. Where only tables of contents were read, each round tells which contents the rules ask
 * for next; those are fetched by range and asked with again. Throws what fetching throws.
 */
export async function answerWithFetching<Answer>(
  start: Known,
  ask: (catalog: FileCatalog) => Answer,
  settings: EngineSettings,
  call: Call,
): Promise<Known & { readonly answer: Answer }> {
  let { layerFacts, catalog } = start;
  let answer = ask(catalog);
  for (let round = 0; round < maxFetchRounds && catalog.wanted.size > 0; round++) {
    layerFacts = await fetchWanted(start.image, layerFacts, catalog, call);
    catalog = withFacts(catalog, layerFacts);
    answer = ask(catalog);
  }
  await Promise.all(
    layerFacts.map(async (facts, at) => (facts === start.layerFacts[at] ? undefined : keepFetched(facts, settings.facts, call))),
  );
  return { image: start.image, layerFacts, catalog, answer };
}

async function fetchWanted(
  image: Image,
  layerFacts: readonly LayerFacts[],
  catalog: FileCatalog,
  call: Call,
): Promise<readonly LayerFacts[]> {
  const wantedByLayer = new Map<number, Set<number>>();
  const add = ({ layerIndex, entryIndex }: CatalogEntry): void => {
    const wanted = wantedByLayer.get(layerIndex);
    if (wanted) wanted.add(entryIndex);
    else wantedByLayer.set(layerIndex, new Set([entryIndex]));
  };
  for (const entry of catalog.wanted) add(entry);
  for (const entry of neighboursOf(catalog, layerFacts)) add(entry);
  return Promise.all(
    layerFacts.map(async (facts, layerIndex) => {
      const wanted = wantedByLayer.get(layerIndex);
      const layer = image.layers[layerIndex];
      return wanted && layer ? fetchPending(layer, facts, [...wanted], call) : facts;
    }),
  );
}

/** Small files of the same folder and kind whose contents are not known yet either. */
function neighboursOf(catalog: FileCatalog, layerFacts: readonly LayerFacts[]): CatalogEntry[] {
  const found: CatalogEntry[] = [];
  const leftBytes = new Map<string, number>();
  for (const { path } of catalog.wanted) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    const ending = endingOf(path);
    const group = `${folder}\0${ending}`;
    if (ending === "" || leftBytes.has(group)) continue;
    let left = maxAheadBytes;
    for (const name of catalog.list(folder)) {
      const entry = name.endsWith(ending) ? catalog.get(`${folder}/${name}`) : undefined;
      if (entry?.type !== "file" || entry.sizeBytes > Math.min(left, maxNeighbourBytes)) continue;
      if (layerFacts[entry.layerIndex]?.isPending(entry.entryIndex) !== true) continue;
      left -= entry.sizeBytes;
      found.push(entry);
    }
    leftBytes.set(group, left);
  }
  return found;
}

/** Files of these kinds refer to others of their folder; a program's neighbours in `/usr/bin` tell nothing. */
function endingOf(path: string): string {
  return /\.(py|pyc|[cm]?js)$/.exec(path)?.[0] ?? "";
}
