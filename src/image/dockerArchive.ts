import { resolve } from "node:path";
import * as z from "zod/mini";
import { isUserError } from "../base/errors.ts";
import type { Call } from "../base/log.ts";
import { memberName, openArchive, type Archive } from "./archive.ts";
import { assembleImage, type StoredLayer } from "./assemble.ts";
import { maxConfigBytes, parseConfig, type ParsedConfig } from "./config.ts";
import { digestOf, isDigest, verifiedBytes } from "./digest.ts";
import { imageNotFound, imageUnreadable, shown, unsupportedImage } from "./errors.ts";
import type { Digest, Image, Platform } from "./image.ts";
import { checkLayerMediaType, checked, isObject, maxManifestBytes, parseJson } from "./manifest.ts";
import { parseReference, printReference, printRegistryName, type ArchiveSelector, type ImageReference } from "./reference.ts";

/**
 * Opens what `docker save` and `podman save` write: `manifest.json` with configs and layers by member name. Docker 25 and later
 * write the members as blobs of an OCI layout, older ones as `ID/layer.tar`, where equal layers may be links.
 */
export async function openDockerArchive(
  reference: ImageReference & { transport: "docker-archive" },
  wanted: Platform | undefined,
  call: Call,
): Promise<Image> {
  const archive = await openArchive(resolve(reference.path), call);
  const manifestBytes = await archive.read("manifest.json", maxManifestBytes);
  if (!manifestBytes) throw withoutManifest(archive, reference.path);
  const entry = selectedEntry(parseArchiveManifest(manifestBytes), reference.selector, reference.path);
  const { parsed, configDigest } = await readConfig(archive, entry.config);
  return assembleImage(
    {
      reference: printReference(reference),
      origin: "docker-archive",
      originLabel: `Docker archive ${reference.path}`,
      configDigest,
    },
    parsed,
    entry.layers.map((member, index) => layerOf(archive, entry, member, parsed.diffIds[index], index)),
    wanted,
  );
}

/** One image of an archive. */
export interface ArchiveEntry {
  /** Member with the config. */
  readonly config: string;
  readonly names: readonly string[];
  /** Members with the layers, base layer first. */
  readonly layers: readonly string[];
  /** Media types of layers by diffID, which Docker 25 and later write. */
  readonly mediaTypes: ReadonlyMap<string, string>;
}

const manifestSchema = z.array(
  z.object({
    Config: z.string(),
    RepoTags: z.nullish(z.array(z.string())),
    Layers: z.nullish(z.array(z.string())),
    LayerSources: z.nullish(z.record(z.string(), z.unknown())),
  }),
);

/** Reads an archive's `manifest.json`; throws `image-unreadable`. */
export function parseArchiveManifest(bytes: Uint8Array): readonly ArchiveEntry[] {
  return checked(manifestSchema, parseJson(bytes, "manifest.json"), "manifest.json").map((raw) => ({
    config: raw.Config,
    names: raw.RepoTags ?? [],
    layers: raw.Layers ?? [],
    mediaTypes: new Map(
      Object.entries(raw.LayerSources ?? {}).flatMap(([diffId, source]) =>
        isObject(source) && typeof source["mediaType"] === "string" ? [[diffId, source["mediaType"]] as const] : [],
      ),
    ),
  }));
}

function selectedEntry(entries: readonly ArchiveEntry[], selector: ArchiveSelector, path: string): ArchiveEntry {
  const names = entries.flatMap((entry) => entry.names);
  const holds =
    names.length === 0
      ? "Its images have no names; number them from 0: docker-archive:FILE:@0."
      : `It holds: ${names.slice(0, 12).map(shown).join(", ")}.`;
  if (entries.length === 0) throw imageNotFound(`${path} holds no image.`);
  if (selector.index !== undefined) {
    const entry = entries[selector.index];
    if (!entry) throw imageNotFound(`${path} has no image number ${selector.index}.`, `It has ${entries.length}, counted from 0.`);
    return entry;
  }
  const { name } = selector;
  if (name === undefined) {
    if (entries.length > 1) throw imageNotFound(`${path} holds several images.`, holds);
    return entries[0] as ArchiveEntry;
  }
  const wanted = fullName(name);
  const entry = entries.find((candidate) => candidate.names.some((own) => own === name || fullName(own) === wanted));
  if (!entry) throw imageNotFound(`${path} holds no image ${shown(name)}.`, holds);
  return entry;
}

/** `python` and `docker.io/library/python:latest` are one name. */
function fullName(name: string): string {
  try {
    const reference = parseReference(name);
    return reference.transport === "bare" ? printRegistryName(reference) : name;
  } catch (error) {
    if (isUserError(error)) return name;
    throw error;
  }
}

async function readConfig(archive: Archive, member: string): Promise<{ parsed: ParsedConfig; configDigest: Digest }> {
  const bytes = await archive.read(member, maxConfigBytes);
  if (!bytes) throw imageUnreadable(`the config ${shown(member)} is missing`);
  const named = digestOfMember(member.replace(/\.json$/, ""));
  if (named) verifiedBytes(bytes, named, "the image's config");
  return { parsed: parseConfig(bytes, "the image's config"), configDigest: named ?? digestOf(bytes) };
}

function layerOf(archive: Archive, entry: ArchiveEntry, member: string, diffId: Digest | undefined, index: number): StoredLayer {
  const source = archive.source(member);
  if (!source) throw imageUnreadable(`layer ${index + 1}, ${shown(member)}, is missing`);
  const mediaType = (diffId && entry.mediaTypes.get(diffId)) ?? "application/vnd.docker.image.rootfs.diff.tar";
  checkLayerMediaType(mediaType, index);
  return {
    digest: member.startsWith("blobs/") ? digestOfMember(member) : undefined,
    mediaType,
    blobSizeBytes: archive.sizeBytes(member),
    annotations: {},
    source,
  };
}

/** The digest that a member's name tells: `blobs/sha256/9f86…` or just `9f86…`. */
function digestOfMember(member: string): Digest | undefined {
  const parts = memberName(member).split("/");
  const digest = parts[0] === "blobs" && parts.length === 3 ? `${parts[1]}:${parts[2]}` : `sha256:${member}`;
  return isDigest(digest) ? digest : undefined;
}

function withoutManifest(archive: Archive, path: string): Error {
  if (archive.sizeBytes("index.json") !== undefined) {
    return imageNotFound(`${path} is no archive of docker save, but of an OCI layout.`, "Write oci-archive: before the path.");
  }
  if (archive.sizeBytes("repositories") !== undefined) {
    return unsupportedImage("The archive was written by a Docker older than 1.10.", "Load and save it with a current Docker or Podman.");
  }
  return imageUnreadable(`${path} has no manifest.json`);
}
