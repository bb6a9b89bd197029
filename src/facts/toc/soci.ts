import type { Call } from "../../base/log.ts";
import type { Image, Layer } from "../../image/image.ts";
import { fetchArtifact, fetchReferrers } from "../../image/layerSource.ts";
import { parseManifest } from "../../image/manifest.ts";
import type { Descriptor } from "../../image/manifest.ts";
import type { TocSource } from "./tocSource.ts";
import { parseZtoc } from "./ztoc.ts";

const indexType = "application/vnd.amazon.soci.index.v1+json";
const layerDigestAnnotation = "com.amazon.soci.image-layer-digest";

/** zTOCs by the digest of the layer that they describe; asked for once for each image. */
const indexes = new WeakMap<Image, Promise<ReadonlyMap<string, Descriptor>>>();

/** The zTOC of a layer, if a SOCI index refers to the image's manifest in its registry. */
export async function sociSource(image: Image, layer: Layer, call: Call): Promise<TocSource | undefined> {
  if (layer.source.kind !== "registry" || layer.digest === undefined || image.digest === undefined) return undefined;
  let index = indexes.get(image);
  if (!index) {
    index = findIndex(image, call);
    indexes.set(image, index);
  }
  const ztoc = (await index).get(layer.digest);
  if (!ztoc) return undefined;
  return {
    key: `soci ${ztoc.digest} ${layer.digest}`,
    async load(loadCall) {
      const bytes = await fetchArtifact(image, ztoc, "blob", loadCall);
      return { table: parseZtoc(bytes), readBytes: bytes.length };
    },
  };
}

async function findIndex(image: Image, call: Call): Promise<ReadonlyMap<string, Descriptor>> {
  const byLayer = new Map<string, Descriptor>();
  const [found] = await fetchReferrers(image, indexType, call);
  if (!found) return byLayer;
  const manifest = parseManifest(await fetchArtifact(image, found, "manifest", call), "the SOCI index");
  if (manifest.kind !== "manifest") return byLayer;
  for (const ztoc of manifest.layers) {
    const layerDigest = ztoc.annotations[layerDigestAnnotation];
    if (layerDigest !== undefined) byLayer.set(layerDigest, ztoc);
  }
  return byLayer;
}
