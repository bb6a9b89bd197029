import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../../src/results/report.ts";
import { run, type Finished, type RunOptions } from "./process.ts";

/** The command line as it ships; `npm run build` makes it. */
export const coldstartProgram = join(import.meta.dirname, "..", "..", "..", "dist", "cli", "main.js");

if (!existsSync(coldstartProgram)) throw new Error("The command line is not built: npm run build");

/** Runs `coldstart ARGS`. Every caller names the cache folder, so that no test reads another's facts. */
export function coldstart(cacheDir: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return run([process.execPath, coldstartProgram, ...args], {
    timeoutMs: 100_000,
    ...options,
    env: { COLDSTART_CACHE_DIR: cacheDir, ...options.env },
  });
}

/** `coldstart inspect IMAGE --json`, which must succeed. */
export async function inspectedReport(cacheDir: string, image: string, ...args: string[]): Promise<Report> {
  const finished = await coldstart(cacheDir, ["inspect", image, "--json", ...args]);
  if (finished.exitCode !== 0)
    throw new Error(`coldstart inspect ${image} ended with ${finished.exitCode ?? finished.signal}:\n${finished.stderr}`);
  return JSON.parse(finished.stdout) as Report;
}

export interface Running {
  interrupt(): void;
  readonly finished: Promise<{ readonly exitCode: number | null; readonly signal: NodeJS.Signals | null; readonly stderr: string }>;
}

/** Starts `coldstart ARGS` and leaves it running, to be interrupted. */
export function startColdstart(cacheDir: string, args: readonly string[]): Running {
  const child = spawn(process.execPath, [coldstartProgram, ...args], {
    env: { ...process.env, COLDSTART_CACHE_DIR: cacheDir },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return {
    interrupt: () => child.kill("SIGINT"),
    finished: new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exitCode, signal) => resolve({ exitCode, signal, stderr }));
    }),
  };
}
