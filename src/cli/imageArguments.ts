import { InvalidArgumentError, type Command } from "commander";
import { UserError } from "../base/errors.ts";
import { parseSize } from "../base/format.ts";
import { parsePlatform } from "../image/platform.ts";
import type { InspectOptions } from "../inspect/inspection.ts";
import { defaultEngineSettings, type EngineSettings } from "../inspect/settings.ts";
import { entrypointWords } from "./entrypointWords.ts";

/** The options of every command that opens an image, as commander reads them. */
export interface ImageArguments {
  readonly platform?: string;
  readonly entrypoint?: string;
  readonly chunk: number;
  readonly cacheDir?: string;
  readonly plainHttp?: readonly string[];
  readonly caFile?: readonly string[];
  readonly daemon?: string;
  readonly timeout?: number;
  readonly toc: boolean;
  readonly verbose?: boolean;
}

export const imageArgumentText = "an image (python:3.12, docker://host/repo:tag, oci:folder:tag, docker-archive:file, …)";

/** Adds the options that `ImageArguments` holds. */
export function withImageOptions(command: Command): Command {
  return command
    .option("--platform <os/arch>", "which platform of a multi-platform image (default: linux and this machine's)")
    .option("--entrypoint <command>", 'run this instead: words separated by spaces, or a JSON list ["a","b c"]')
    .option("--chunk <size>", "chunk size of a lazy loader for the chunk measure", chunkSize, 4 * 1024 * 1024)
    .option("--cache-dir <folder>", "where layer facts are kept (default: COLDSTART_CACHE_DIR or the user's cache folder)")
    .option("--plain-http <host...>", "registries to speak plain HTTP with (localhost is allowed anyway)")
    .option("--ca-file <host=file...>", "a PEM file with the certificate authority of a registry")
    .option("--daemon <address>", "Docker or Podman socket, unix:///… or tcp://…")
    .option("--timeout <seconds>", "how long a registry may stay silent", wholeNumber)
    .option("--no-toc", "download the layers although a table of contents would do")
    .option("--verbose", "tell on stderr what is done");
}

export function optionsOf(given: ImageArguments): InspectOptions {
  return {
    chunkSizeBytes: given.chunk,
    ...(given.platform !== undefined && { platform: parsePlatform(given.platform) }),
    ...(given.entrypoint !== undefined && { entrypoint: entrypointWords(given.entrypoint) }),
  };
}

export function settingsOf(given: ImageArguments): EngineSettings {
  const defaults = defaultEngineSettings();
  return {
    image: {
      ...defaults.image,
      plainHttpHosts: given.plainHttp ?? defaults.image.plainHttpHosts,
      caFiles: given.caFile ? Object.fromEntries(given.caFile.map(hostAndFile)) : defaults.image.caFiles,
      ...(given.daemon !== undefined && { daemonHost: given.daemon }),
      ...(given.timeout !== undefined && { timeoutMs: given.timeout * 1000 }),
    },
    facts: {
      ...defaults.facts,
      preferTableOfContents: given.toc,
      ...(given.cacheDir !== undefined && { cacheDir: given.cacheDir }),
    },
  };
}

function hostAndFile(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at <= 0) throw new UserError("bad-usage", `"${text}" does not say which registry the file is for.`, "Write --ca-file HOST=FILE.");
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Parser of an option's value for commander. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError("A whole number is wanted.");
  return value;
}

function chunkSize(text: string): number {
  const value = parseSize(text);
  if (value === undefined || value < 4096) throw new InvalidArgumentError("A size of at least 4 KiB is wanted, for example 4MiB.");
  return value;
}

/** Parser of an option's value for commander. */
export function sizeInBytes(text: string): number {
  const value = parseSize(text);
  if (value === undefined || value <= 0) throw new InvalidArgumentError("A size is wanted, for example 100MB.");
  return value;
}
