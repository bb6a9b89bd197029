import type { Call } from "../base/log.ts";
import { memberName, readFileRange } from "./archive.ts";
import { inLargeChunks, readAll } from "./chunks.ts";
import { decompress } from "./decompress.ts";
import { streamDaemonLayers } from "./daemon/daemonLayers.ts";
import { imageUnreadable } from "./errors.ts";
import type { Image, Layer, LayerSource } from "./image.ts";
import { maxManifestBytes, type Descriptor } from "./manifest.ts";
import { fetchBlob, fetchBlobRange, streamBlob } from "./registry/blobs.ts";
import { fetchManifest } from "./registry/manifests.ts";
import { fetchReferrers as fetchFromRegistry } from "./registry/referrers.ts";
import { registryClient } from "./registry/registryClient.ts";
import { readTar } from "./tar.ts";

/** A layer whose bytes are there to be read, once. */
export interface OpenedLayer {
  readonly layer: Layer;
  /** As stored, unverified. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * A layer's bytes as stored, compressed or not, in chunks of about 64 to 256 KiB. They are not verified: whoever reads all of them checks the
 * digest. Works in any thread.
 */
export async function* openLayer(layer: Layer, call: Call): AsyncGenerator<Uint8Array> {
  const { source } = layer;
  switch (source.kind) {
    case "file":
      yield* fileBytes(source, layer, call);
      return;
    case "registry":
      yield* inLargeChunks(streamBlob(registryClient(source.registry), source, call));
      return;
    case "archive-member":
    case "daemon":
      for await (const opened of openLayersTogether([layer], call)) yield* opened.bytes;
      return;
  }
}

/**
 * Opens several layers, so that those that lie in one stream (`sharesStream`) cost one pass over it. They come in the stream's order; the
 * bytes of each must be read before the next is asked for, or are skipped. Of layers with the same content only the first comes.
 */
export async function* openLayersTogether(layers: readonly Layer[], call: Call): AsyncGenerator<OpenedLayer> {
  const streams = new Map<string, [Layer, ...Layer[]]>();
  for (const layer of layers) {
    const key = streamKey(layer.source);
    if (key === undefined) {
      yield { layer, bytes: openLayer(layer, call) };
      continue;
    }
    const together = streams.get(key);
    if (together) together.push(layer);
    else streams.set(key, [layer]);
  }
  for (const together of streams.values()) {
    const { source } = together[0];
    if (source.kind === "archive-member") yield* archiveLayers(source.path, together, call);
    else if (source.kind === "daemon") {
      for await (const { layer, bytes } of streamDaemonLayers(source.daemon, source.imageName, together, call)) {
        yield { layer, bytes: inLargeChunks(bytes) };
      }
    }
  }
}

/** Whether the layer lies in a stream with others, so that `openLayersTogether` is the way to read it. */
export function sharesStream(source: LayerSource): boolean {
  return streamKey(source) !== undefined;
}

/** Whether parts of the layer can be read without what comes before them. */
export function canReadRange(source: LayerSource): boolean {
  return source.kind === "file" || source.kind === "registry";
}

/** The stored bytes from `startByte` up to, not including, `endByteExclusive`, unverified. Throws where `canReadRange` is false. */
export async function readLayerRange(layer: Layer, startByte: number, endByteExclusive: number, call: Call): Promise<Uint8Array> {
  const { source } = layer;
  if (source.kind !== "file" && source.kind !== "registry") throw new Error(`a layer of kind ${source.kind} has no ranges`);
  if (!(startByte >= 0 && startByte <= endByteExclusive && endByteExclusive <= source.sizeBytes)) {
    throw imageUnreadable(
      `layer ${layer.index + 1} has ${source.sizeBytes} bytes, but names a part from ${startByte} to ${endByteExclusive}`,
    );
  }
  const sizeBytes = endByteExclusive - startByte;
  if (sizeBytes === 0) return new Uint8Array();
  if (source.kind === "registry") return fetchBlobRange(registryClient(source.registry), source, startByte, endByteExclusive, call);
  const part = { ...source, offset: source.offset + startByte, sizeBytes };
  return (await readAll(fileBytes(part, layer, call), sizeBytes)) ?? new Uint8Array();
}

/** What else the registry holds about the image, for example SOCI indexes; empty for other origins. */
export async function fetchReferrers(image: Image, artifactType: string, call: Call): Promise<readonly Descriptor[]> {
  const source = image.layers[0]?.source;
  if (source?.kind !== "registry" || !image.digest) return [];
  return fetchFromRegistry(registryClient(source.registry), source.repository, image.digest, artifactType, call);
}

/**
 * Content beside the image in its registry, checked against its digest: the manifest of a referrer (`kind` "manifest") or
 * one of its blobs.
 */
export async function fetchArtifact(image: Image, descriptor: Descriptor, kind: "manifest" | "blob", call: Call): Promise<Uint8Array> {
  const source = image.layers[0]?.source;
  if (source?.kind !== "registry") throw new Error("artifacts lie in registries only");
  const client = registryClient(source.registry);
  if (kind === "manifest") return (await fetchManifest(client, source.repository, descriptor.digest, call)).bytes;
  const blob = { repository: source.repository, digest: descriptor.digest, sizeBytes: descriptor.sizeBytes };
  return fetchBlob(client, blob, maxArtifactBytes, "an artifact of the image", call);
}

/** A SOCI index of a layer has about 5 % of the layer's size. */
const maxArtifactBytes = 16 * maxManifestBytes;

function streamKey(source: LayerSource): string | undefined {
  switch (source.kind) {
    case "file":
    case "registry":
      return undefined;
    case "archive-member":
      return `archive ${source.path}`;
    case "daemon":
      return `daemon ${source.daemon.host} ${source.imageName}`;
  }
}

async function* fileBytes(source: LayerSource & { kind: "file" }, layer: Layer, call: Call): AsyncGenerator<Uint8Array> {
  let remaining = source.sizeBytes;
  try {
    for await (const chunk of readFileRange(source.path, source.offset, source.sizeBytes)) {
      call.signal?.throwIfAborted();
      remaining -= chunk.length;
      yield chunk;
    }
  } catch (error) {
    call.signal?.throwIfAborted();
    throw imageUnreadable(`the file of layer ${layer.index + 1}, ${source.path}, cannot be read`, error);
  }
  if (remaining > 0) throw imageUnreadable(`the file of layer ${layer.index + 1}, ${source.path}, is shorter than it was`);
}

async function* archiveLayers(path: string, layers: readonly Layer[], call: Call): AsyncGenerator<OpenedLayer> {
  const byMember = new Map<string, Layer>();
  for (const layer of layers.toReversed()) if (layer.source.kind === "archive-member") byMember.set(layer.source.member, layer);
  for await (const { header, content } of readTar(decompress(readFileRange(path)), call)) {
    if (header.type !== "file") continue;
    const name = memberName(header.name);
    const layer = byMember.get(name);
    if (!layer) continue;
    byMember.delete(name);
    yield { layer, bytes: content };
    if (byMember.size === 0) return;
  }
  const [missing] = byMember.values();
  throw imageUnreadable(`layer ${(missing?.index ?? 0) + 1} is missing in ${path}`);
}
