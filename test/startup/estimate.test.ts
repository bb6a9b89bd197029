import { expect, test } from "vitest";
import { estimateStartup } from "../../src/startup/estimate.ts";
import { openedThreshold, type StartupQuestion } from "../../src/startup/startupSet.ts";
import { debianRoot, elf, program } from "../fakes/elf.ts";
import { memoryCatalog } from "../fakes/memoryCatalog.ts";

const none: StartupQuestion = { entrypoint: [], cmd: [], env: [], workingDir: "", user: "", chunkSizeBytes: 4 * 1024 * 1024 };
const cache = memoryCatalog({
  ...debianRoot,
  "/usr/bin/redis-server": { link: "redis-check-rdb" },
  "/usr/bin/redis-check-rdb": program("libssl.so.3"),
  "/usr/lib/x86_64-linux-gnu/libssl.so.3": elf({ needed: ["libcrypto.so.3"] }),
  "/usr/lib/x86_64-linux-gnu/libcrypto.so.3": elf(),
  "/etc/ssl/openssl.cnf": { sizeBytes: 12_000 },
  "/etc/redis/redis.conf": "include /etc/redis/more.conf\n",
  "/etc/redis/more.conf": "port 1\n",
  "/usr/share/doc/big": { sizeBytes: 50_000_000 },
});

test("a server's libraries, configuration and the C library's files are the opened set", () => {
  const estimate = estimateStartup(cache, { ...none, cmd: ["redis-server", "/etc/redis/redis.conf"], user: "app" }, 1);
  expect(estimate.files.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
    "/etc/ld.so.cache linker",
    "/etc/passwd user",
    "/etc/redis/more.conf config",
    "/etc/redis/redis.conf config",
    "/etc/ssl/openssl.cnf openssl",
    "/usr/bin/redis-check-rdb entry",
    "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 elf",
    "/usr/lib/x86_64-linux-gnu/libc.so.6 elf",
    "/usr/lib/x86_64-linux-gnu/libcrypto.so.3 elf",
    "/usr/lib/x86_64-linux-gnu/libssl.so.3 elf",
  ]);
  expect(estimate.commands).toEqual([
    { argv: ["redis-server", "/etc/redis/redis.conf"], executable: "/usr/bin/redis-check-rdb", probability: 1 },
  ]);
  expect(estimate.confidence).toBe("high");
});

test("measures, layers and the listed files agree, and each interval holds its value", () => {
  const estimate = estimateStartup(cache, { ...none, cmd: ["redis-server"] }, 1);
  expect(estimate.measures.openedFiles.value).toBe(estimate.files.length);
  expect(estimate.measures.wholeBytes.value).toBe(estimate.files.reduce((sum, file) => sum + file.sizeBytes, 0));
  expect(estimate.measures.pageBytes.value).toBe(estimate.files.reduce((sum, file) => sum + file.pageBytes, 0));
  for (const measure of ["openedFiles", "wholeBytes", "pageBytes", "chunkBytes"] as const) {
    const { value, low, high } = estimate.measures[measure];
    expect(low).toBeLessThanOrEqual(value);
    expect(value).toBeLessThanOrEqual(high);
    expect(low).toBeLessThan(high);
    expect(estimate.layers.reduce((sum, layer) => sum + layer[measure], 0)).toBe(value);
  }
  expect(estimate.files.every((file) => file.probability >= openedThreshold)).toBe(true);
  expect(estimate.measures.pageBytes.value).toBeLessThanOrEqual(estimate.measures.chunkBytes.value);
  expect(estimate.measures.chunkBytes.value).toBeLessThanOrEqual(estimate.measures.wholeBytes.value);
});

test("nothing to run, and a program that is not there, are flagged and counted as unsure", () => {
  for (const cmd of [[], ["no-such-program"]]) {
    const estimate = estimateStartup(cache, { ...none, cmd }, 1);
    expect(estimate.flags.map(({ code }) => code)).toEqual(["unknown-entrypoint"]);
    expect(estimate.confidence).toBe("low");
    expect(estimate.files).toEqual([]);
  }
});

test("a runtime that is not followed is flagged, and its interval is wide", () => {
  const catalog = memoryCatalog({ ...debianRoot, "/usr/bin/julia": program(), "/app.jl": "println(1)\n" });
  const estimate = estimateStartup(catalog, { ...none, entrypoint: ["julia", "/app.jl"] }, 1);
  expect(estimate.flags.map(({ code }) => code)).toContain("unsupported-runtime");
  expect(estimate.files.map(({ path }) => path)).toContain("/app.jl");
  expect(estimate.measures.openedFiles.high).toBeGreaterThan(2 * estimate.measures.openedFiles.value);
});
