import { openLayersTogether } from "../../src/image/layerSource.ts";
import { decompress } from "../../src/image/decompress.ts";
import { digestOf } from "../../src/image/digest.ts";
import type { Image } from "../../src/image/image.ts";

/** Reads all layers and says for each whether the stored bytes and the tar are what the digests say, base layer first. */
export async function verifyLayers(image: Image): Promise<{ blobMatches: boolean | undefined; tarMatches: boolean }[]> {
  const results: { blobMatches: boolean | undefined; tarMatches: boolean }[] = [];
  for await (const { layer, bytes } of openLayersTogether(image.layers, {})) {
    const blob = await collect(bytes);
    const tar = await collect(decompress(once(blob)));
    results[layer.index] = {
      blobMatches: layer.digest === undefined ? undefined : digestOf(blob) === layer.digest,
      tarMatches: digestOf(tar) === layer.diffId,
    };
  }
  return results;
}

export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
