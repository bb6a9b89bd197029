/**
 * `npm start`: the main job on a sample image. Builds the image of `test/sample/Dockerfile`, pushes it to a registry on this
 * machine, inspects it in the terminal, benchmarks its cold start on a Kubernetes that is made on this machine, reads a node's boot, writes the report
 * as a page, and opens VS Code in the browser on all of it, with the extension installed. `--context` benchmarks on a cluster of the user's instead.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { catchInterruption, type Interruption } from "./start/interruption.ts";
import { startLimited } from "./start/limited.ts";
import { startOnCluster } from "./start/onCluster.ts";
import { startWhole } from "./start/whole.ts";

const usage = `npm start [-- --yes] [-- --headless] [-- --context NAME --image IMAGE [--ready WHEN] [--probe-image IMAGE]]
  --yes          install missing system packages without asking (as root on Debian)
  --headless     do everything but open the browser, check that VS Code answers, and end
  --context      benchmark on this cluster of your kubeconfig, in place of one that is made here
  --image        the image to benchmark there
  --probe-image  what makes a node cold and proves it, where the cluster does not reach docker.io; it needs sh and nsenter
  --ready        when it counts as ready: http:8000/health, tcp:5432, log:REGEX, pod, …
`;

async function main(interruption: Interruption): Promise<number> {
  const startedMs = performance.now();
  const values = options();
  if (typeof values === "number") return values;
  process.chdir(join(import.meta.dirname, ".."));
  const job = { yes: values.yes ?? false, headless: values.headless ?? false, interruption, startedMs };
  const { context, image, ready } = values;
  if (context !== undefined && image !== undefined)
    return startOnCluster({ ...job, context, image, ready, probeImage: values["probe-image"] });
  return process.platform === "linux" && process.getuid?.() === 0 ? startWhole(job) : startLimited(job);
}

/** What was asked for, or the exit code where that is nothing to be done. */
function options() {
  try {
    const { values } = parseArgs({
      options: {
        yes: { type: "boolean" },
        headless: { type: "boolean" },
        context: { type: "string" },
        image: { type: "string" },
        ready: { type: "string" },
        "probe-image": { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    if (values.context !== undefined && values.image === undefined)
      throw new Error("Which image? The sample of this repository is in no registry that your cluster reaches: add --image IMAGE.");
    if (values.context === undefined && (values.image !== undefined || values.ready !== undefined))
      throw new Error(
        "On which cluster? --image and --ready are for one of yours: add --context NAME. Without them, the sample is benchmarked.",
      );
    return values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
}

const interruption = catchInterruption();
const exitCode = await main(interruption).catch((error: unknown) => {
  if (!interruption.happened()) console.error(error instanceof Error ? error.message : error);
  return 1;
});
process.exitCode = interruption.happened() && exitCode !== 0 ? 130 : exitCode;
