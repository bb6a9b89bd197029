import { homedir } from "node:os";
import * as vscode from "vscode";
import { UserError } from "../base/errors.ts";
import { parseDuration, parseSize } from "../base/format.ts";
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

/** The user's settings for clusters and benchmarks. What is empty or absent leaves the plan's default. */
export interface BenchSettings {
  readonly kubeconfigPath: string | undefined;
  readonly namespace: string | undefined;
  readonly trialsPerArm: number;
  readonly pricePerNodeHour: number | undefined;
  readonly currency: string;
  readonly maxDurationMs: number | undefined;
  readonly maxCost: number | undefined;
  readonly trialTimeoutMs: number | undefined;
  readonly probeImage: string | undefined;
  /** The privileged probe pod is not even offered. */
  readonly isUnprivileged: boolean;
}

/** Reads all of them. Throws `UserError` for one that cannot be meant. */
export function readBenchSettings(): BenchSettings {
  const configuration = vscode.workspace.getConfiguration("coldstart");
  const read = <T>(key: SettingKey, fallback: T): T => configuration.get<T>(key, fallback);
  const text = (key: SettingKey): string | undefined => read(key, "").trim() || undefined;
  const amount = (key: SettingKey): number | undefined => (read(key, 0) > 0 ? read(key, 0) : undefined);
  const settings: BenchSettings = {
    kubeconfigPath: homePath(text("kubernetes.kubeconfig")),
    namespace: text("bench.namespace"),
    trialsPerArm: read("bench.trials", 5),
    pricePerNodeHour: amount("bench.pricePerNodeHour"),
    currency: text("bench.currency") ?? "USD",
    maxDurationMs: time("bench.maxDuration", text("bench.maxDuration")),
    maxCost: amount("bench.maxCost"),
    trialTimeoutMs: time("bench.trialTimeout", text("bench.trialTimeout")),
    probeImage: text("bench.probeImage"),
    isUnprivileged: read("bench.unprivileged", false),
  };
  if (settings.maxCost !== undefined && settings.pricePerNodeHour === undefined)
    throw new UserError(
      "bad-settings",
      "The setting coldstart.bench.maxCost limits a cost that cannot be told.",
      "Set coldstart.bench.pricePerNodeHour as well.",
    );
  return settings;
}

/** The user's rules for classes of boot work, as they stand. */
export function readWorkRules(): readonly unknown[] {
  return vscode.workspace.getConfiguration("coldstart").get<readonly unknown[]>("boot.rules" satisfies SettingKey, []);
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

function time(key: SettingKey, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const durationMs = parseDuration(text);
  if (durationMs === undefined || durationMs <= 0)
    throw new UserError(
      "bad-settings",
      `The setting coldstart.${key} is "${text}", which is no time.`,
      "Write a time such as 30m or 1h30m.",
    );
  return durationMs;
}

/** `~/…` is the user's home, as in a shell. */
function homePath(path: string | undefined): string | undefined {
  return path?.replace(/^~(?=$|[/\\])/, homedir());
}
