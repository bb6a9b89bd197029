import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { step } from "./steps.ts";

const sample = join("media", "sample.coldstart.json");

/**
 * What `npm start` does where images cannot be built and no cluster can be made: without root, on macOS, on Windows. Reads the sample report, writes
 * it as a page, and says what works here.
 */
export async function startLimited(): Promise<number> {
  const page = join("out", "sample-report.html");
  mkdirSync("out", { recursive: true });
  const built = await step("extension and command line built", ["npm", "run", "-s", "build"]);
  const printed = await step("coldstart report, of the sample", ["node", "src/cli/main.ts", "report", sample], { shown: true });
  const written = await step("the same as a page", ["node", "src/cli/main.ts", "report", sample, "--format", "html", "--output", page]);
  console.log(`
Building images and making a Kubernetes needs root on Debian; see above what is missing. What works here:

  npm run -s cli -- inspect IMAGE                 any image of a registry, Docker, Podman, an archive or a folder
  npm run -s cli -- clusters                      any cluster of your kubeconfig, kind too
  npm start -- --context NAME --image IMAGE       benchmark that image there; asks before it starts
  npm run -s cli -- boot ssh://HOST               the boot of a machine that you may sign in to
  ${page}                     the sample report, in any browser
`);
  return built.exitCode === 0 && printed.exitCode === 0 && written.exitCode === 0 ? 0 : 1;
}

/** Benchmarks an image on a cluster of the user's own; what it takes is shown and confirmed there. */
export async function benchmarkOn(context: string, image: string, ready: string | undefined): Promise<number> {
  const out = join("out", "bench.coldstart.json");
  mkdirSync("out", { recursive: true });
  const argv = [
    "node",
    "src/cli/main.ts",
    "bench",
    image,
    "--context",
    context,
    "--out",
    out,
    ...(ready === undefined ? [] : ["--ready", ready]),
  ];
  const benched = await step(`coldstart bench ${image} on ${context}`, argv, { shown: true });
  if (benched.exitCode !== 0) return 1;
  const page = join("out", "bench.html");
  const written = await step("the report as a page", ["node", "src/cli/main.ts", "report", out, "--format", "html", "--output", page]);
  if (written.exitCode === 0) console.log(`\n  ${page}\n`);
  return written.exitCode === 0 ? 0 : 1;
}
