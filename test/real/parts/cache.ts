import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What stays between runs; `test/setup` puts the big tools there. */
export const cacheFolder = process.env["COLDSTART_TEST_CACHE"] ?? join(homedir(), ".cache", "coldstart-test");

/** A folder in the cache, made if need be. */
export function keptFolder(...parts: string[]): string {
  const folder = join(cacheFolder, ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}
