import * as z from "zod/mini";
import { isDigest } from "./digest.ts";
import { imageUnreadable, unsupportedImage } from "./errors.ts";
import type { Digest, HistoryEntry, ImageConfig, Platform } from "./image.ts";
import { checked, isObject, parseJson, textRecord } from "./manifest.ts";
import { normalizePlatform } from "./platform.ts";

/** Configs carry the history and labels; some builders put whole documents into labels. */
export const maxConfigBytes = 32 * 1024 * 1024;

/** What Coldstart takes from an image's config (OCI image-spec, config.md). */
export interface ParsedConfig {
  readonly platform: Platform;
  readonly config: ImageConfig;
  /** Base layer first. */
  readonly diffIds: readonly Digest[];
}

const text = z.nullish(z.string());
const texts = z.nullish(z.array(z.string()));
/** Old Docker versions wrote a command as one string, which the shell runs. */
const words = z.nullish(z.union([z.array(z.string()), z.string()]));

/** The part that Docker's API and image configs have in common. */
export const runConfigSchema = z.object({
  Entrypoint: words,
  Cmd: words,
  Env: texts,
  WorkingDir: text,
  User: text,
  Labels: z.nullish(z.record(z.string(), z.unknown())),
  OnBuild: texts,
});

const historySchema = z.object({ created_by: text, comment: text, empty_layer: z.nullish(z.boolean()) });

const configSchema = z.object({
  created: text,
  os: text,
  architecture: text,
  variant: text,
  config: z.nullish(runConfigSchema),
  rootfs: z.object({ type: text, diff_ids: z.nullish(z.array(z.string().check(z.refine((id) => isDigest(id), "no digest")))) }),
  history: z.nullish(z.array(historySchema)),
});

/** Throws `image-unreadable`, or `unsupported-image` for a config of the time before layers had digests. */
export function parseConfig(bytes: Uint8Array, what: string): ParsedConfig {
  const json = parseJson(bytes, what);
  if (isObject(json) && !isObject(json["rootfs"])) {
    if ("layer_id" in json || ("id" in json && "container_config" in json)) {
      throw unsupportedImage(
        "The image was saved by a Docker older than 1.10, whose configs do not list their layers.",
        "Load and save it with a current Docker or Podman.",
      );
    }
    throw imageUnreadable(`${what} has no rootfs, so it does not say which layers the image has`);
  }
  const raw = checked(configSchema, json, what);
  return {
    platform: platformOf(raw.os, raw.architecture, raw.variant),
    config: imageConfigOf(raw.config ?? {}, raw.created, (raw.history ?? []).map(historyEntryOf)),
    diffIds: (raw.rootfs.diff_ids ?? []) as Digest[],
  };
}

/** Absent fields mean what Docker took for granted when it did not write them. */
export function platformOf(os: string | null | undefined, architecture: string | null | undefined, variant?: string | null): Platform {
  return normalizePlatform({ os: os || "linux", architecture: architecture || "amd64", variant: variant || undefined });
}

export function imageConfigOf(
  raw: Partial<z.output<typeof runConfigSchema>>,
  created: string | null | undefined,
  history: readonly HistoryEntry[],
): ImageConfig {
  return {
    created: created ?? undefined,
    entrypoint: wordsOf(raw.Entrypoint),
    cmd: wordsOf(raw.Cmd),
    env: raw.Env ?? [],
    workingDir: raw.WorkingDir ?? "",
    user: raw.User ?? "",
    labels: textRecord(raw.Labels),
    history,
    onBuild: raw.OnBuild ?? [],
  };
}

function wordsOf(value: string | string[] | null | undefined): readonly string[] {
  if (typeof value === "string") return value === "" ? [] : ["/bin/sh", "-c", value];
  return value ?? [];
}

function historyEntryOf(raw: z.output<typeof historySchema>): HistoryEntry {
  return { createdBy: raw.created_by ?? "", comment: raw.comment ?? "", emptyLayer: raw.empty_layer ?? false };
}
