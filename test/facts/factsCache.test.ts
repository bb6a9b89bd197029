import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Log } from "../../src/base/log.ts";
import { silentLog } from "../../src/base/log.ts";
import { clearFactsCache, defaultCacheDir, factsCacheSize, openFactsCache } from "../../src/facts/factsCache.ts";
import { FactsEncoder } from "../../src/facts/factsFormat.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "coldstart-cache-"));
});
afterEach(async () => {
  await chmod(dir, 0o700);
  await rm(dir, { recursive: true, force: true });
});

function encodedFacts(path: string, textBytes = 0): Buffer {
  const encoder = new FactsEncoder();
  const index = encoder.add({ path, type: "file", sizeBytes: 1, mode: 0, mtimeEpochS: 0 });
  const text = Array.from({ length: textBytes >> 2 }, () => Math.random().toString(36).slice(2, 6)).join("");
  encoder.addFact(index, { kind: "text", text });
  return encoder.finish({ diffId: "sha256:1", tarSizeBytes: 1, basis: "contents", problems: [] });
}

function keptLog(): { log: Log; warnings: string[] } {
  const warnings: string[] = [];
  return { log: { ...silentLog, warn: (message) => warnings.push(message) }, warnings };
}

const key = (digit: string): string => `sha256:${digit.repeat(64)}`;

describe("the facts cache", () => {
  test("gives back what was kept, to any process", async () => {
    await openFactsCache(dir, 1e9, undefined).write(key("a"), encodedFacts("/a"));
    const cache = openFactsCache(dir, 1e9, undefined);
    expect((await cache.read(key("a")))?.entries[0]?.path).toBe("/a");
    expect(await cache.read(key("b"))).toBeUndefined();
    expect(await factsCacheSize(dir)).toBe(encodedFacts("/a").length);
    expect((await readdir(join(dir, "facts"))).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("never takes a key for a path", async () => {
    const cache = openFactsCache(dir, 1e9, undefined);
    await cache.write("sha256:../../../evil", encodedFacts("/a"));
    expect(await cache.read("sha256:../../../evil")).toBeDefined();
    expect(await readdir(dir)).toEqual(["facts"]);
  });

  test("deletes a damaged file and says so", async () => {
    const { log, warnings } = keptLog();
    const cache = openFactsCache(dir, 1e9, log);
    await cache.write(key("a"), encodedFacts("/a"));
    const [name] = await readdir(join(dir, "facts"));
    await writeFile(join(dir, "facts", name ?? ""), encodedFacts("/a").subarray(0, -3));
    expect(await cache.read(key("a"))).toBeUndefined();
    expect(warnings).toHaveLength(1);
    expect(await readdir(join(dir, "facts"))).toEqual([]);
  });

  test("removes the least recently used beyond its limit", async () => {
    const one = encodedFacts("/a", 100_000).length;
    const cache = openFactsCache(dir, 2.5 * one, undefined);
    for (const digit of ["a", "b"]) await cache.write(key(digit), encodedFacts(`/${digit}`, 100_000));
    // Times of use are set by hand, since the clock of a file system may be coarse.
    for (const name of await readdir(join(dir, "facts"))) await utimes(join(dir, "facts", name), 1000, 1000);
    await cache.read(key("a"));
    await cache.write(key("c"), encodedFacts("/c", 100_000));
    expect(await cache.read(key("a"))).toBeDefined();
    expect(await cache.read(key("b"))).toBeUndefined();
    expect(await cache.read(key("c"))).toBeDefined();
    expect(await factsCacheSize(dir)).toBeLessThanOrEqual(2.5 * one);
  });

  test("removes what killed processes left", async () => {
    await mkdir(join(dir, "facts"));
    const left = join(dir, "facts", ".1-x.tmp");
    await writeFile(left, "half");
    await utimes(left, 1000, 1000);
    await openFactsCache(dir, 1e9, undefined).write(key("a"), encodedFacts("/a"));
    expect(await readdir(join(dir, "facts"))).toHaveLength(1);
  });

  test("that cannot be written warns once, and the work goes on", async () => {
    // A file in the folder's place: the tests may run as root, whom permissions do not stop.
    await writeFile(join(dir, "facts"), "");
    const { log, warnings } = keptLog();
    const cache = openFactsCache(dir, 1e9, log);
    await cache.write(key("a"), encodedFacts("/a"));
    await cache.write(key("b"), encodedFacts("/b"));
    expect(warnings).toHaveLength(1);
    expect(await cache.read(key("a"))).toBeUndefined();
  });

  test("is empty after it was cleared, and other files stay", async () => {
    await openFactsCache(dir, 1e9, undefined).write(key("a"), encodedFacts("/a"));
    await writeFile(join(dir, "mine"), "x");
    await clearFactsCache(dir);
    expect(await factsCacheSize(dir)).toBe(0);
    expect(await readdir(dir)).toEqual(["mine"]);
    await clearFactsCache(dir);
  });

  test("may be used by many at once", async () => {
    const encoded = encodedFacts("/a", 200_000);
    const caches = Array.from({ length: 8 }, () => openFactsCache(dir, 1e9, undefined));
    await Promise.all(
      caches.map(async (cache) => {
        await cache.write(key("a"), encoded);
        expect((await cache.read(key("a")))?.entries).toHaveLength(1);
      }),
    );
  });

  test("keeps nothing without a folder", async () => {
    const cache = openFactsCache(undefined, 1e9, undefined);
    await cache.write(key("a"), encodedFacts("/a"));
    expect(await cache.read(key("a"))).toBeUndefined();
  });
});

describe("defaultCacheDir", () => {
  const cases: [Record<string, string>, NodeJS.Platform, string][] = [
    [{}, "linux", "/home/u/.cache/coldstart"],
    [{ XDG_CACHE_HOME: "/xdg" }, "linux", "/xdg/coldstart"],
    [{ XDG_CACHE_HOME: "relative" }, "linux", "/home/u/.cache/coldstart"],
    [{ COLDSTART_CACHE_DIR: "/mine", XDG_CACHE_HOME: "/xdg" }, "linux", "/mine"],
    [{}, "darwin", "/home/u/Library/Caches/coldstart"],
    [{ LOCALAPPDATA: "/local" }, "win32", "/local/coldstart"],
  ];
  for (const [env, platform, expected] of cases) {
    test(`on ${platform} with ${JSON.stringify(env)}`, () => expect(defaultCacheDir(env, platform, "/home/u")).toBe(expected));
  }
});
