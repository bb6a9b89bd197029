import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { keptFolder } from "../real/parts/cache.ts";
import { must } from "../real/parts/process.ts";

/** Compiles one of the C programs here unless that was done before, and returns the program. */
export async function compiled(source: "recordOpens.c" | "holdPages.c" | "scanPages.c"): Promise<string> {
  const file = join(import.meta.dirname, source);
  const digest = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 12);
  const program = join(keptFolder("trace"), `${basename(source, ".c")}-${digest}`);
  if (existsSync(program)) return program;
  // Several traces may compile at the same time; each renames a whole program.
  const own = `${program}.${process.pid}`;
  await must(["cc", "-O2", "-Wall", "-Wextra", "-o", own, file]);
  renameSync(own, program);
  return program;
}
