import * as vscode from "vscode";
import { UserError } from "../base/errors.ts";
import { parseSize } from "../base/format.ts";
import { measures, type ReportMeasure } from "../results/measureText.ts";
import type { SettingKey } from "./ids.ts";

/** The user's settings as they stand. What is empty or absent leaves the engine's default. */
export interface UserSettings {
  readonly measure: ReportMeasure;
  readonly chunkSizeBytes: number;
  readonly platform: string | undefined;
  readonly inspectOnOpen: boolean;
  readonly threads: number | undefined;
  readonly preferTableOfContents: boolean;
  readonly cacheDir: string | undefined;
  readonly maxCacheBytes: number;
  readonly plainHttpHosts: readonly string[];
  readonly caFiles: Readonly<Record<string, string>>;
  readonly proxy: string | undefined;
  readonly timeoutMs: number;
  readonly dockerConfigFile: string | undefined;
  readonly daemonHost: string | undefined;
}

const defaultChunkSizeBytes = 4 * 1024 * 1024;

/** Reads all settings. Throws `UserError` for one that cannot be meant. */
export function readSettings(): UserSettings {
  const configuration = vscode.workspace.getConfiguration("coldstart");
  const read = <T>(key: SettingKey, fallback: T): T => configuration.get<T>(key, fallback);
  const text = (key: SettingKey): string | undefined => read(key, "").trim() || undefined;
  const threads = read("threads", 0);
  return {
    measure: currentMeasure(),
    chunkSizeBytes: size("chunkSize", read("chunkSize", "4MiB"), 4096),
    platform: text("platform"),
    inspectOnOpen: read("inspectOnOpen", true),
    threads: threads > 0 ? threads : undefined,
    preferTableOfContents: read("tableOfContents", true),
    cacheDir: text("cache.directory"),
    maxCacheBytes: size("cache.maxSize", read("cache.maxSize", "2GB"), 0),
    plainHttpHosts: read<readonly string[]>("registry.plainHttpHosts", []),
    caFiles: read<Readonly<Record<string, string>>>("registry.caFiles", {}),
    proxy: text("registry.proxy"),
    timeoutMs: read("registry.timeoutSeconds", 30) * 1000,
    dockerConfigFile: text("docker.configFile"),
    daemonHost: text("docker.host"),
  };
}

/** The measure that lenses and panel use; never throws. */
export function currentMeasure(): ReportMeasure {
  const name = vscode.workspace.getConfiguration("coldstart").get("measure", "pageBytes");
  return measures.find((measure) => measure === name) ?? "pageBytes";
}

/** Never throws: lenses are drawn with the default while the setting is being typed. */
export function currentChunkSizeBytes(): number {
  const sizeBytes = parseSize(vscode.workspace.getConfiguration("coldstart").get("chunkSize", "4MiB"));
  return sizeBytes !== undefined && sizeBytes >= 4096 ? sizeBytes : defaultChunkSizeBytes;
}

function size(key: SettingKey, text: string, least: number): number {
  const sizeBytes = parseSize(text);
  if (sizeBytes === undefined || sizeBytes < least)
    throw new UserError(
      "bad-settings",
      `The setting coldstart.${key} is "${text}", which is no size.`,
      "Write a size such as 4MiB or 2GB.",
    );
  return sizeBytes;
}
