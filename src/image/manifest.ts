import * as z from "zod/mini";
import { isDigest } from "./digest.ts";
import { imageUnreadable, shown, unsupportedImage } from "./errors.ts";
import type { Digest, Platform } from "./image.ts";
import { normalizePlatform } from "./platform.ts";

/**
 * Reads manifests and indexes of OCI (image-spec v1.1: manifest.md, image-index.md) and Docker (schema 2). Tolerant: unknown
 * fields and null for lists pass, since builders differ; what the content says counts more than its media type.
 */

/** What registries are asked for, newest first. */
export const manifestMediaTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** Manifests are small; registries must accept 4 MiB at least (distribution-spec, "Pushing Manifests"). */
export const maxManifestBytes = 16 * 1024 * 1024;

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly platform?: Platform | undefined;
  readonly artifactType?: string | undefined;
}

export type Manifest =
  | { readonly kind: "index"; readonly manifests: readonly Descriptor[] }
  | {
      readonly kind: "manifest";
      readonly config: Descriptor;
      readonly layers: readonly Descriptor[];
      readonly artifactType?: string | undefined;
    };

const digest = z.string().check(z.refine((text) => isDigest(text), "no sha256 or sha512 digest"));
const sizeBytes = z.number().check(z.refine((size) => Number.isSafeInteger(size) && size >= 0, "no size"));
const annotations = z.nullish(z.record(z.string(), z.unknown()));
const text = z.nullish(z.string());

const descriptorSchema = z.object({
  mediaType: text,
  digest,
  size: sizeBytes,
  annotations,
  artifactType: text,
  urls: z.nullish(z.array(z.unknown())),
  platform: z.nullish(z.object({ os: text, architecture: text, variant: text })),
});

const manifestSchema = z.object({ config: descriptorSchema, layers: z.nullish(z.array(descriptorSchema)), artifactType: text });
const indexSchema = z.object({ manifests: z.nullish(z.array(descriptorSchema)) });

/** `what` names the content in errors, for example `the manifest`. Throws `image-unreadable` or `unsupported-image`. */
export function parseManifest(bytes: Uint8Array, what: string): Manifest {
  const json = parseJson(bytes, what);
  if (!isObject(json)) throw imageUnreadable(`${what} is no JSON object`);
  const mediaType = typeof json["mediaType"] === "string" ? json["mediaType"] : "";
  if (json["schemaVersion"] === 1 || "fsLayers" in json) {
    throw unsupportedImage(
      "The image has a manifest of schema 1, which Docker gave up in 2019.",
      "Push the image again with a current Docker, Podman or skopeo.",
    );
  }
  if ("manifests" in json && !("layers" in json)) {
    const index = checked(indexSchema, json, what);
    return { kind: "index", manifests: (index.manifests ?? []).map(descriptorOf) };
  }
  if (!("config" in json)) {
    const named = mediaType === "" ? "" : ` (it calls itself ${shown(mediaType)})`;
    throw imageUnreadable(`${what} is neither an image manifest nor an index${named}`);
  }
  const manifest = checked(manifestSchema, json, what);
  return {
    kind: "manifest",
    config: descriptorOf(manifest.config),
    layers: (manifest.layers ?? []).map(descriptorOf),
    artifactType: manifest.artifactType ?? undefined,
  };
}

/** The entries of an index that can be run: not the attestations that BuildKit adds, nor signatures and other artifacts. */
export function runnableManifests(manifests: readonly Descriptor[]): readonly Descriptor[] {
  return manifests.filter(
    (descriptor) =>
      descriptor.annotations["vnd.docker.reference.type"] === undefined &&
      descriptor.artifactType === undefined &&
      descriptor.platform?.os !== "unknown" &&
      (descriptor.mediaType === "" || manifestMediaTypes.includes(descriptor.mediaType)),
  );
}

/** Throws when the manifest belongs to something other than a container image. */
export function checkIsImage(manifest: Manifest & { kind: "manifest" }): void {
  const { mediaType } = manifest.config;
  const isImage =
    mediaType === "" ||
    mediaType === "application/vnd.oci.image.config.v1+json" ||
    mediaType === "application/vnd.docker.container.image.v1+json" ||
    mediaType === "application/octet-stream";
  if (isImage && manifest.artifactType === undefined) return;
  const kind = shown(manifest.artifactType ?? mediaType);
  throw unsupportedImage(
    `This is no container image, but an artifact of type ${kind}.`,
    "Registries hold charts, signatures and models as well; name an image.",
  );
}

const layerPattern =
  /^application\/vnd\.(?:oci\.image\.layer\.v1\.tar|docker\.image\.rootfs\.diff\.tar|docker\.image\.rootfs\.diff\.tar\.gzip)(?:[+.](?:gzip|zstd))?$/;
const foreignPattern = /^application\/vnd\.(?:oci\.image\.layer\.nondistributable\.v1\.tar|docker\.image\.rootfs\.foreign\.diff\.tar)/;

/** Throws `unsupported-image` for layers that cannot be read. The compression is told by the bytes, not here. */
export function checkLayerMediaType(mediaType: string, layerIndex: number): void {
  if (mediaType === "" || layerPattern.test(mediaType)) return;
  const which = `Layer ${layerIndex + 1}`;
  if (foreignPattern.test(mediaType)) {
    throw unsupportedImage(
      `${which} is a foreign layer, which its maker's licence keeps out of registries (mostly Windows base images).`,
      "Coldstart reads images whose layers all lie in the registry.",
    );
  }
  if (mediaType.endsWith("+encrypted")) {
    throw unsupportedImage(`${which} is encrypted.`, "Decrypt the image first, for example with skopeo copy --decryption-key.");
  }
  throw unsupportedImage(
    `${which} has the media type "${shown(mediaType)}", which is no known kind of layer.`,
    "Coldstart reads tar layers, plain or compressed by gzip or zstd.",
  );
}

/** JSON from outside, decoded strictly as UTF-8. */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    // A page by a proxy or a login portal arrives with status 200 as well.
    const start = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
    throw imageUnreadable(start.startsWith("<") ? `${what} is a web page instead of JSON` : `${what} is no valid JSON`, error);
  }
}

/** `value` as the schema reads it; throws `image-unreadable` with the place of the first thing wrong. */
export function checked<T extends z.ZodMiniType>(schema: T, value: unknown, what: string): z.output<T> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path ?? [];
  const place = path.length === 0 ? "the whole" : `"${shown(path.map(String).join("."))}"`;
  throw imageUnreadable(`in ${what}, ${place} is ${valueAt(value, path) === undefined ? "missing" : expectation(issue)}`);
}

function expectation(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === "invalid_type") return `no ${issue.expected}`;
  return issue?.code === "custom" ? issue.message : "not of the right form";
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}

/** Keeps what is text; a null prototype, since the names come from outside. */
export function textRecord(value: unknown): Readonly<Record<string, string>> {
  const record = Object.create(null) as Record<string, string>;
  if (!isObject(value)) return record;
  for (const [key, text] of Object.entries(value)) if (typeof text === "string") record[key] = text;
  return record;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function descriptorOf(raw: z.output<typeof descriptorSchema>): Descriptor {
  const { os, architecture, variant } = raw.platform ?? {};
  return {
    mediaType: raw.mediaType ?? "",
    digest: raw.digest as Digest,
    sizeBytes: raw.size,
    annotations: textRecord(raw.annotations),
    platform: os && architecture ? normalizePlatform({ os, architecture, variant: variant ?? undefined }) : undefined,
    artifactType: raw.artifactType || undefined,
  };
}
