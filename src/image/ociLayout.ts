import { open, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Call } from "../base/log.ts";
import { assembleImage, storedLayers } from "./assemble.ts";
import type { BlobStore } from "./blobStore.ts";
import { maxConfigBytes, parseConfig } from "./config.ts";
import { digestParts, verifiedBytes } from "./digest.ts";
import { imageNotFound, imageUnreadable, limitExceeded, shown } from "./errors.ts";
import type { Digest, Image, Platform } from "./image.ts";
import { checkIsImage, maxManifestBytes, parseManifest, runnableManifests, type Descriptor, type Manifest } from "./manifest.ts";
import { choosePlatform } from "./platform.ts";
import { printReference, type ImageReference, type LayoutSelector } from "./reference.ts";
import type { ImageSettings } from "./settings.ts";

/** Opens a folder in the OCI image layout (image-spec, image-layout.md). */
export async function openOciLayout(
  reference: ImageReference & { transport: "oci" },
  wanted: Platform | undefined,
  settings: ImageSettings,
  call: Call,
): Promise<Image> {
  const folder = resolve(reference.path);
  const isFolder = await stat(folder).then(
    (stats) => stats.isDirectory(),
    () => undefined,
  );
  if (isFolder === undefined) throw imageNotFound(`There is no folder ${folder}.`, "Check the path after oci:.");
  if (!isFolder)
    throw imageNotFound(`${folder} is a file, not a folder.`, "For a tar file write oci-archive: or docker-archive: before the path.");
  return openLayout(reference, folderStore(folder, settings), `OCI layout ${reference.path}`, wanted, call);
}

/** An image of a layout, wherever the layout's files lie. */
export async function openLayout(
  reference: ImageReference & { transport: "oci" | "oci-archive" },
  store: BlobStore,
  originLabel: string,
  wanted: Platform | undefined,
  call: Call,
): Promise<Image> {
  const index = await store.readFile("index.json", maxManifestBytes);
  if (!index)
    throw imageNotFound(
      `${reference.path} is no OCI layout: it has no index.json.`,
      "Check the path; archives of docker save are named docker-archive:.",
    );
  const top = parseManifest(index, "index.json");
  if (top.kind !== "index") throw imageUnreadable("index.json is no index");

  let candidates = selected(top.manifests, reference.selector, reference.path);
  for (let depth = 0; depth < 5; depth++) {
    call.signal?.throwIfAborted();
    const descriptor = choosePlatform(candidates, candidates.length > 1 ? wanted : undefined);
    const manifest = await readManifest(store, descriptor);
    if (manifest.kind === "manifest") return imageOf(reference, store, originLabel, descriptor, manifest, wanted);
    candidates = runnableManifests(manifest.manifests);
    if (candidates.length === 0) throw imageUnreadable("its index lists no image");
    if (candidates.length === 1 && wanted) candidates = [choosePlatform(candidates, wanted)];
  }
  throw imageUnreadable("its index holds indexes that hold further ones");
}

async function imageOf(
  reference: ImageReference & { transport: "oci" | "oci-archive" },
  store: BlobStore,
  originLabel: string,
  descriptor: Descriptor,
  manifest: Manifest & { kind: "manifest" },
  wanted: Platform | undefined,
): Promise<Image> {
  checkIsImage(manifest);
  const parsed = parseConfig(await readBlob(store, manifest.config.digest, maxConfigBytes, "the image's config"), "the image's config");
  const sources = await Promise.all(
    manifest.layers.map(async (layer, layerIndex) => {
      const source = await store.blobSource(layer.digest);
      if (!source) throw imageUnreadable(`the blob of layer ${layerIndex + 1}, ${layer.digest}, is missing`);
      return source;
    }),
  );
  return assembleImage(
    {
      reference: printReference(reference),
      origin: reference.transport,
      originLabel,
      digest: descriptor.digest,
      configDigest: manifest.config.digest,
    },
    parsed,
    storedLayers(manifest.layers, (_layer, layerIndex) => sources[layerIndex] as NonNullable<(typeof sources)[number]>),
    wanted,
    descriptor.platform,
  );
}

/**
 * The entries that the selector means. Without one, entries that differ in platform only count as one image, and of entries with and without
 * a tag those with one: skopeo leaves the untagged behind when a tag moves on. Of several different ones the error lists the tags.
 */
function selected(manifests: readonly Descriptor[], selector: LayoutSelector, path: string): readonly Descriptor[] {
  const { tag, digest, index } = selector;
  if (index !== undefined) {
    const entry = manifests[index];
    if (!entry) throw imageNotFound(`${path} has no image number ${index}.`, `It has ${manifests.length}, counted from 0.`);
    return [entry];
  }
  const runnable = runnableManifests(manifests);
  const tags = [...new Set(runnable.flatMap((entry) => tagsOf(entry).slice(0, 1)))];
  const found = runnable.filter((entry) => {
    const own = tagsOf(entry);
    if (digest !== undefined && entry.digest !== digest) return false;
    if (tag !== undefined) return own.some((name) => name === tag || name.endsWith(`:${tag}`));
    return digest !== undefined || own.length > 0 || tags.length === 0;
  });
  const list = tags.slice(0, 12).map(shown).join(", ");
  if (runnable.length === 0) throw imageNotFound(`${path} holds no image.`);
  if (found.length === 0) {
    const hint = list === "" ? "Its images have no tags: leave the tag out." : `It holds: ${list}.`;
    throw imageNotFound(`${path} holds no image ${shown(tag ?? digest ?? "")}.`, hint);
  }
  if (tag === undefined && digest === undefined && tags.length > 1)
    throw imageNotFound(`${path} holds several images.`, `Say which one: ${list}.`);
  return found;
}

/** OCI's annotation first; containerd and BuildKit write the full name into one of their own. */
function tagsOf(descriptor: Descriptor): readonly string[] {
  const names = [descriptor.annotations["org.opencontainers.image.ref.name"], descriptor.annotations["io.containerd.image.name"]];
  return names.filter((name) => name !== undefined && name !== "") as string[];
}

async function readManifest(store: BlobStore, descriptor: Descriptor): Promise<Manifest> {
  return parseManifest(await readBlob(store, descriptor.digest, maxManifestBytes, "the manifest"), "the manifest");
}

async function readBlob(store: BlobStore, digest: Digest, maxBytes: number, what: string): Promise<Uint8Array> {
  const bytes = await store.readBlob(digest, maxBytes);
  if (!bytes) throw imageUnreadable(`${what}, ${digest}, is missing`);
  return verifiedBytes(bytes, digest, what);
}

/** Blobs lie in the layout, in the folder of the settings or, as skopeo's users mostly arrange it, in `blobs` beside the layout. */
function folderStore(folder: string, settings: ImageSettings): BlobStore {
  const roots = [join(folder, "blobs"), ...(settings.sharedBlobDir === undefined ? [] : [resolve(settings.sharedBlobDir)])];
  if (basename(folder) !== "blobs") roots.push(join(dirname(folder), "blobs"));
  const find = async (digest: Digest): Promise<{ path: string; sizeBytes: number } | undefined> => {
    const { algorithm, hex } = digestParts(digest);
    for (const root of roots) {
      const path = join(root, algorithm, hex);
      const stats = await stat(path).catch(() => undefined);
      if (stats?.isFile()) return { path, sizeBytes: stats.size };
    }
    return undefined;
  };
  return {
    readFile: (name, maxBytes) => readWhole(join(folder, name), maxBytes),
    readBlob: async (digest, maxBytes) => {
      const found = await find(digest);
      return found && readWhole(found.path, maxBytes);
    },
    blobSource: async (digest) => {
      const found = await find(digest);
      return found && { kind: "file", path: found.path, offset: 0, sizeBytes: found.sizeBytes };
    },
  };
}

/** Undefined when there is no such file. */
async function readWhole(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  let file;
  try {
    file = await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw imageUnreadable(`${path} cannot be opened`, error);
  }
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw limitExceeded(`${path} has ${size} bytes, more than Coldstart reads.`, "Check how the image was built.");
    return await file.readFile();
  } finally {
    await file.close();
  }
}
