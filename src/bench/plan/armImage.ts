import type { Call } from "../../base/log.ts";
import { badReference } from "../../image/errors.ts";
import type { Image, Platform } from "../../image/image.ts";
import type { Descriptor } from "../../image/manifest.ts";
import { parseReference, type RegistryReference } from "../../image/reference.ts";
import { readRegistryText, registryImageOf, type RegistryImageText } from "../../image/registry/registryImage.ts";
import type { ImageSettings } from "../../image/settings.ts";

/** An arm's image as its registry describes it; its layers are not read yet. */
export interface ArmImage {
  /** As the plan names it. */
  readonly name: string;
  readonly digest: string;
  /** Base layer first. */
  readonly layers: readonly Descriptor[];
  /** Digests of the unpacked layers, base first. */
  readonly diffIds: readonly string[];
  readonly form: ImageForm;
  readonly reference: RegistryReference;
  readonly text: RegistryImageText;
}

/** How the layers are stored, and so who can mount them lazily. `mixed`: some are eStargz or zstd:chunked, others plain. */
export type ImageForm = "plain" | "estargz" | "mixed" | "nydus";

/** Clusters know only registries: a bare name is not one of an engine on this machine. Throws what the registry throws. */
export async function readArmImage(name: string, platform: Platform | undefined, settings: ImageSettings, call: Call): Promise<ArmImage> {
  const reference = parseReference(`docker://${name}`);
  if (reference.transport !== "docker") throw badReference(name, "a cluster pulls from registries only");
  const text = await readRegistryText(reference, platform, settings, call);
  const { layers } = text.manifest;
  return { name, digest: text.digest, layers, diffIds: text.parsed.diffIds, form: formOf(layers), reference, text };
}

/** Throws `unsupported-image` for Nydus. */
export function layeredImageOf({ reference, text }: ArmImage, platform: Platform | undefined): Image {
  return registryImageOf(reference, text, platform);
}

/** A table of contents that its manifest vouches for: all files can be listed without reading the layer. */
export function hasTable({ annotations }: Descriptor): boolean {
  return tableAnnotations.some((name) => annotations[name] !== undefined);
}

/** stargz-snapshotter mounts a layer lazily by these only (estargz.md; zstd:chunked of containers/storage). */
const tableAnnotations = ["containerd.io/snapshot/stargz/toc.digest", "io.github.containers.zstd-chunked.manifest-checksum"];

function formOf(layers: readonly Descriptor[]): ImageForm {
  if (layers.some(isNydus)) return "nydus";
  const withTable = layers.filter(hasTable).length;
  return withTable === 0 ? "plain" : withTable === layers.length ? "estargz" : "mixed";
}

/** By media type, or the annotations that nydus-snapshotter looks for (nydus-snapshotter, pkg/label). */
function isNydus({ mediaType, annotations }: Descriptor): boolean {
  return (
    mediaType.includes("nydus") ||
    annotations["containerd.io/snapshot/nydus-blob"] !== undefined ||
    annotations["containerd.io/snapshot/nydus-bootstrap"] !== undefined
  );
}
