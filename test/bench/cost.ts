import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { must, temporaryFolder } from "../real/parts/process.ts";

/** What one run of a command cost. */
export interface Cost {
  /** User and system time of the command and all its children that it waited for. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Of the largest process. */
  readonly peakBytes: number;
}

/** Runs a command under GNU time; its output is thrown away. Throws when it fails. */
export async function costOf(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Cost> {
  const file = join(temporaryFolder("cost"), "time");
  await must(["/usr/bin/time", "-q", "-f", "%U %S %e %M", "-o", file, "--", "bash", "-c", '"$@" >/dev/null', "bash", ...argv], { env });
  const [user, system, wall, peak] = readFileSync(file, "utf8").trim().split(" ").map(Number);
  rmSync(file);
  if (user === undefined || system === undefined || wall === undefined || peak === undefined) throw new Error("GNU time said nothing.");
  return { cpuSeconds: user + system, wallSeconds: wall, peakBytes: peak * 1024 };
}
