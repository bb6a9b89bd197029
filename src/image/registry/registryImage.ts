import type { Call } from "../../base/log.ts";
import { assembleImage, storedLayers } from "../assemble.ts";
import { maxConfigBytes, parseConfig, type ParsedConfig } from "../config.ts";
import { imageUnreadable } from "../errors.ts";
import type { Digest, Image, Platform, RegistryAccess } from "../image.ts";
import { checkIsImage, parseManifest, runnableManifests, type Manifest } from "../manifest.ts";
import { choosePlatform } from "../platform.ts";
import { printReference, type RegistryReference } from "../reference.ts";
import type { ImageSettings } from "../settings.ts";
import { registryAccess } from "./access.ts";
import { fetchBlob } from "./blobs.ts";
import { fetchManifest, type FetchedManifest } from "./manifests.ts";
import { registryClient, type RegistryClient } from "./registryClient.ts";

/** Indexes may hold indexes (image-index.md); deeper than this nobody nests them. */
const maxIndexDepth = 3;

/** What a registry says of an image, before it is known whether its layers can be read. */
export interface RegistryImageText {
  readonly access: RegistryAccess;
  readonly manifest: Manifest & { readonly kind: "manifest" };
  readonly digest: Digest;
  readonly parsed: ParsedConfig;
  /** By which an index listed the image. */
  readonly platform: Platform | undefined;
}

/** Manifest and config of an image, whatever kind of layers it has: also of forms whose layers are no tars, such as Nydus'. */
export async function readRegistryText(
  reference: RegistryReference,
  wanted: Platform | undefined,
  settings: ImageSettings,
  call: Call,
): Promise<RegistryImageText> {
  const access = await registryAccess(reference.host, settings, call);
  const client = registryClient(access);
  const { manifest, digest, platform } = await findManifest(client, reference, wanted, call);
  checkIsImage(manifest);
  const config = { repository: reference.repository, digest: manifest.config.digest, sizeBytes: manifest.config.sizeBytes };
  const parsed = parseConfig(await fetchBlob(client, config, maxConfigBytes, "the image's config", call), "the image's config");
  return { access, manifest, digest, parsed, platform };
}

export async function openRegistryImage(
  reference: RegistryReference,
  wanted: Platform | undefined,
  settings: ImageSettings,
  call: Call,
): Promise<Image> {
  return registryImageOf(reference, await readRegistryText(reference, wanted, settings, call), wanted);
}

/** Throws `unsupported-image` for layers that cannot be read, and when manifest and config contradict each other. */
export function registryImageOf(reference: RegistryReference, text: RegistryImageText, wanted: Platform | undefined): Image {
  const { access, manifest, digest, parsed, platform } = text;
  const layers = storedLayers(manifest.layers, (layer) => ({
    kind: "registry",
    registry: access,
    repository: reference.repository,
    digest: layer.digest,
    sizeBytes: layer.sizeBytes,
  }));
  return assembleImage(
    {
      reference: printReference({ transport: "docker", ...reference }),
      origin: "registry",
      originLabel: `registry ${reference.host}`,
      digest,
      configDigest: manifest.config.digest,
    },
    parsed,
    layers,
    wanted,
    platform,
  );
}

async function findManifest(client: RegistryClient, reference: RegistryReference, wanted: Platform | undefined, call: Call) {
  let fetched: FetchedManifest = await fetchManifest(client, reference.repository, reference.digest ?? reference.tag ?? "latest", call);
  let platform: Platform | undefined;
  for (let depth = 0; depth <= maxIndexDepth; depth++) {
    const manifest = parseManifest(fetched.bytes, "the manifest");
    if (manifest.kind === "manifest") return { manifest, digest: fetched.digest, platform };
    const runnable = runnableManifests(manifest.manifests);
    if (runnable.length === 0) throw imageUnreadable("its index lists no image");
    const chosen = choosePlatform(runnable, wanted);
    platform = chosen.platform ?? platform;
    fetched = await fetchManifest(client, reference.repository, chosen.digest, call);
  }
  throw imageUnreadable("its index holds indexes that hold further ones");
}
