import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Log } from "../base/log.ts";
import { cacheUnwritable } from "./errors.ts";
import { extractorsVersion } from "./extractors.ts";
import { decodeFacts, factsFormatVersion } from "./factsFormat.ts";
import type { LayerFacts } from "./layerFacts.ts";

/**
 * Facts on disk, one file for each key: a diffID, or what names a table of contents. Any number of processes may use one folder:
 * a file is written beside its place and renamed, so a reader sees all of it or nothing. A cache that cannot be
 * used costs time, never an answer: it logs a warning and the work goes on.
 */
export interface FactsCache {
  /** Undefined when it is not there. A damaged file is deleted and counts as not there. */
  read(key: string): Promise<LayerFacts | undefined>;
  /** Keeps the encoded facts, then removes the least recently used files beyond the size limit. */
  write(key: string, encoded: Uint8Array): Promise<void>;
}

/** Facts lie in this folder of the cache folder; nothing else does. */
const factsFolder = "facts";
const suffix = `.v${factsFormatVersion}-${extractorsVersion}.facts`;
/** What a killed process left half-written is removed after this time. */
const abandonedAfterMs = 60 * 60 * 1000;

/** `COLDSTART_CACHE_DIR`, else the platform's place for caches. */
export function defaultCacheDir(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env["COLDSTART_CACHE_DIR"]) return env["COLDSTART_CACHE_DIR"];
  // The XDG specification has relative paths ignored.
  if (env["XDG_CACHE_HOME"]?.startsWith("/")) return join(env["XDG_CACHE_HOME"], "coldstart");
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "coldstart");
  if (platform === "darwin") return join(home, "Library", "Caches", "coldstart");
  return join(home, ".cache", "coldstart");
}

/** A cache in this folder, which is made when the first facts are kept. Without a folder nothing is kept. */
export function openFactsCache(cacheDir: string | undefined, maxCacheBytes: number, log: Log | undefined): FactsCache {
  if (cacheDir === undefined) return { read: async () => undefined, write: async () => {} };
  const dir = join(cacheDir, factsFolder);
  let isUsable = true;

  function giveUp(message: string, error: unknown): void {
    if (isUsable) log?.warn(message, { folder: dir, reason: error instanceof Error ? error.message : String(error) });
    isUsable = false;
  }

  return {
    async read(key) {
      const path = join(dir, fileName(key));
      let bytes: Buffer;
      try {
        bytes = await readFile(path);
      } catch (error) {
        if (!isMissing(error)) log?.warn("Kept facts cannot be read", { file: path, reason: (error as Error).message });
        return undefined;
      }
      const facts = decodeFacts(bytes);
      if (!facts) {
        log?.warn("Kept facts are damaged and will be made again", { file: path });
        await rm(path, { force: true }).catch(() => {});
        return undefined;
      }
      const now = new Date();
      await utimes(path, now, now).catch(() => {});
      return facts;
    },

    async write(key, encoded) {
      if (!isUsable) return;
      const path = join(dir, fileName(key));
      const temporary = join(dir, `.${process.pid}-${randomUUID()}.tmp`);
      try {
        // What is kept of an image may hold its configuration: for its owner alone.
        await mkdir(dir, { recursive: true, mode: 0o700 });
        const file = await open(temporary, "wx");
        try {
          await file.writeFile(encoded);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, path);
        await removeLeastRecentlyUsed(dir, maxCacheBytes);
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {});
        giveUp("Facts cannot be kept in the cache folder", error);
      }
    },
  };
}

/** Removes all kept facts, also those that other processes keep; they read their layers again. */
export async function clearFactsCache(cacheDir: string): Promise<void> {
  try {
    await rm(join(cacheDir, factsFolder), { recursive: true, force: true });
  } catch (error) {
    throw cacheUnwritable(cacheDir, error);
  }
}

/** What the kept facts take on disk; 0 when there are none. */
export async function factsCacheSize(cacheDir: string): Promise<number> {
  const files = await listFiles(join(cacheDir, factsFolder));
  return files.reduce((sum, file) => sum + file.sizeBytes, 0);
}

/** Keys hold digests from images, which are data: only their hash becomes a file name. */
function fileName(key: string): string {
  const plain = /^sha256:([0-9a-f]{64})$/.exec(key)?.[1];
  return (plain ?? `k${createHash("sha256").update(key).digest("hex")}`) + suffix;
}

interface CachedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly usedAtEpochMs: number;
}

async function listFiles(dir: string): Promise<CachedFile[]> {
  const names = await readdir(dir).catch(() => []);
  const files = await Promise.all(
    names.map(async (name): Promise<CachedFile | undefined> => {
      const path = join(dir, name);
      // Another process may have removed it since.
      const found = await stat(path).catch(() => undefined);
      return found?.isFile() ? { path, sizeBytes: found.size, usedAtEpochMs: found.mtimeMs } : undefined;
    }),
  );
  return files.filter((file) => file !== undefined);
}

async function removeLeastRecentlyUsed(dir: string, maxBytes: number): Promise<void> {
  const files = await listFiles(dir);
  const abandonedBefore = Date.now() - abandonedAfterMs;
  const kept: CachedFile[] = [];
  for (const file of files) {
    if (file.path.endsWith(".tmp") && file.usedAtEpochMs < abandonedBefore) await rm(file.path, { force: true });
    else if (!file.path.endsWith(".tmp")) kept.push(file);
  }
  let sumBytes = kept.reduce((sum, file) => sum + file.sizeBytes, 0);
  if (sumBytes <= maxBytes) return;
  kept.sort((a, b) => a.usedAtEpochMs - b.usedAtEpochMs);
  for (const file of kept) {
    if (sumBytes <= maxBytes) return;
    await rm(file.path, { force: true });
    sumBytes -= file.sizeBytes;
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
}
