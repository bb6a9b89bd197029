import { join } from "node:path";
import { listContexts } from "../../src/cluster/contexts.ts";
import { keptFolder } from "../real/parts/cache.ts";
import { step, work } from "../steps.ts";
import { coldstart } from "./coldstart.ts";
import { makeOwnImage } from "./ownImage.ts";
import type { Interruption } from "./interruption.ts";
import { offerVsCode } from "./vsCode.ts";
import { aboutCopy, copyOfSample } from "./workspace.ts";

const sample = join("media", "sample.coldstart.json");

export interface LimitedOptions {
  readonly headless: boolean;
  readonly interruption: Interruption;
  readonly startedMs: number;
}

/**
 * What `npm start` does where images cannot be built and no cluster can be made: without root, on macOS, on Windows. Inspects an image that it makes
 * without tools, writes the sample report as a page, opens VS Code where that can be had, and says what else works here. Returns the exit code.
 */
export async function startLimited(options: LimitedOptions): Promise<number> {
  console.log(
    "Building images and making a Kubernetes needs root on Debian. Here the rest is done: an image inspected, a report opened, VS Code.",
  );
  if ((await step("extension and command line built", [process.execPath, "esbuild.mjs"])).exitCode !== 0) return 1;
  const facts = { COLDSTART_CACHE_DIR: keptFolder("facts") };
  const image = await work("an image of this command line, to have one", async () => makeOwnImage(join(keptFolder("start"), "own-image")));
  if ((await coldstart(`coldstart inspect ${image}`, ["inspect", image], { env: facts })).exitCode !== 0) return 1;
  const workspace = copyOfSample();
  const page = join(workspace, "sample-report.html");
  const pageOf = ["report", sample, "--format", "html", "--output", page];
  if ((await coldstart("the sample report as a page", pageOf, { quiet: true })).exitCode !== 0) return 1;
  console.log(await whatWorks(page));
  return offerVsCode({ ...options, workspace, about: aboutCopy(workspace), env: facts });
}

async function whatWorks(page: string): Promise<string> {
  const { value: contexts } = await listContexts({ allowCommands: false }).catch(() => ({ value: [] }));
  const names = contexts.map((context) => context.name).join(", ");
  return `
What works here:

  npm run -s cli -- inspect IMAGE              any image of a registry, Docker, Podman, an archive or a folder
  npm run -s cli -- clusters                   any cluster of your kubeconfig, kind too${names === "" ? " (there is none yet)" : `: ${names}`}
  npm start -- --context NAME --image IMAGE    benchmarks that image there; asks before it starts
  npm run -s cli -- boot ssh://HOST            the boot of a machine that you may sign in to
  ${page}   the sample report, in any browser
`;
}
