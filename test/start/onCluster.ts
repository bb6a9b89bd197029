import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { keptFolder } from "../real/parts/cache.ts";
import { step } from "../steps.ts";
import { coldstart } from "./coldstart.ts";
import type { Interruption } from "./interruption.ts";
import { offerVsCode } from "./vsCode.ts";

export interface OnClusterOptions {
  readonly context: string;
  readonly image: string;
  readonly ready: string | undefined;
  /** For the privileged pod; undefined: the command line's own. */
  readonly probeImage: string | undefined;
  readonly headless: boolean;
  readonly interruption: Interruption;
  readonly startedMs: number;
}

/**
 * The job with an image and a cluster of the user's own: the estimate, the benchmark, of which what it takes is shown and confirmed there, the report
 * as a page, and VS Code on it. An image that only the cluster reaches is benchmarked all the same. Returns the exit code.
 */
export async function startOnCluster(options: OnClusterOptions): Promise<number> {
  const { context, image } = options;
  const workspace = join("out", "on-cluster");
  mkdirSync(workspace, { recursive: true });
  const facts = { COLDSTART_CACHE_DIR: keptFolder("facts") };
  const report = join(workspace, "bench.coldstart.json");
  const when = options.ready === undefined ? [] : ["--ready", options.ready];
  const probe = options.probeImage === undefined ? [] : ["--probe-image", options.probeImage];
  const bench = ["bench", image, "--context", context, "--out", report, ...when, ...probe];
  const benched = await coldstart(`coldstart bench ${image} on ${context}`, bench, { env: facts });
  if (benched.exitCode !== 0) return benched.exitCode;
  const page = join(workspace, "bench.html");
  const written = await coldstart(`the report as a page, ${page}`, ["report", report, "--format", "html", "--output", page], {
    quiet: true,
  });
  if (written.exitCode !== 0) return written.exitCode;
  if ((await coldstart(`coldstart inspect ${image}`, ["inspect", image], { env: facts })).exitCode !== 0)
    console.log("  Only the cluster reaches the image from where it is: what startup touches is not estimated.");
  if ((await step("extension and command line built", [process.execPath, "esbuild.mjs"])).exitCode !== 0) return 1;
  return offerVsCode({
    ...options,
    workspace: join(process.cwd(), workspace),
    about: `Your report is ${report}.`,
    env: { ...facts, KUBECONFIG: process.env["KUBECONFIG"] ?? join(homedir(), ".kube", "config") },
  });
}
