import type { ParsedConfig } from "./config.ts";
import { imageUnreadable, platformMismatch } from "./errors.ts";
import type { Image, ImageOrigin, Layer, LayerSource, Platform } from "./image.ts";
import { checkLayerMediaType, type Descriptor } from "./manifest.ts";
import { platformDistance, printPlatform } from "./platform.ts";

/** A layer before its diffID is known. */
export type StoredLayer = Omit<Layer, "index" | "diffId">;

/** What the origins know of an image besides its config and layers. */
export interface ImageIdentity {
  readonly reference: string;
  readonly origin: ImageOrigin;
  readonly originLabel: string;
  readonly digest?: Image["digest"];
  readonly configDigest: Image["configDigest"];
}

/**
 * Joins what all origins find in the same way. `chosen` is the platform by which an index listed the image: it counts more than the
 * config, where builders often leave the variant out. Throws when config and manifest contradict each other or the platform is a wrong one.
 */
export function assembleImage(
  identity: ImageIdentity,
  parsed: ParsedConfig,
  stored: readonly StoredLayer[],
  wanted: Platform | undefined,
  chosen?: Platform,
): Image {
  if (stored.length !== parsed.diffIds.length) {
    throw imageUnreadable(`the manifest lists ${stored.length} layers, but the config ${parsed.diffIds.length}`);
  }
  const platform = chosen ?? parsed.platform;
  if (wanted && platformDistance(wanted, platform) === undefined) {
    throw platformMismatch(printPlatform(wanted), [printPlatform(platform)]);
  }
  const layers = stored.map((layer, index) => ({ ...layer, index, diffId: parsed.diffIds[index] as Layer["diffId"] }));
  return { ...identity, platform, config: parsed.config, layers };
}

/** The layers of a manifest; `sourceOf` says where a blob lies. Throws `unsupported-image` for layers that cannot be read. */
export function storedLayers(
  descriptors: readonly Descriptor[],
  sourceOf: (descriptor: Descriptor, index: number) => LayerSource,
): readonly StoredLayer[] {
  return descriptors.map((descriptor, index) => {
    checkLayerMediaType(descriptor.mediaType, index);
    return {
      digest: descriptor.digest,
      mediaType: descriptor.mediaType,
      blobSizeBytes: descriptor.sizeBytes,
      annotations: descriptor.annotations,
      source: sourceOf(descriptor, index),
    };
  });
}
