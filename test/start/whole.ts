import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { keptFolder } from "../real/parts/cache.ts";
import { clusterOwnerFile, isClusterUp, kubeconfigFile, stopCluster } from "../real/parts/cluster.ts";
import { copyImage } from "../real/parts/images.ts";
import { freePort } from "../real/parts/process.ts";
import { startRegistry } from "../real/parts/registry.ts";
import { buildSampleImage, makeBaseImage, sampleFiles, sampleTools } from "../real/parts/sampleImage.ts";
import { cleanUp, step, work } from "../steps.ts";
import { benchmarkSample } from "./bench.ts";
import { bootChain } from "./boot.ts";
import { coldstart } from "./coldstart.ts";
import type { Interruption } from "./interruption.ts";
import { startLimited } from "./limited.ts";
import { preflight } from "./preflight.ts";
import { takeTurn } from "./turn.ts";
import { serveVsCode } from "./vsCode.ts";
import { aboutCopy, copyOfSample, samplePort } from "./workspace.ts";

/** Says that the running cluster is of an `npm start`, which ends it; lies where `test/cluster/down` removes it. */
const startedCluster = join(dirname(clusterOwnerFile), "of-npm-start");

/** How `test/setup` ends where this machine lacks what cannot be installed. */
const missingParts = 3;

export interface StartOptions {
  readonly yes: boolean;
  readonly headless: boolean;
  readonly interruption: Interruption;
  readonly startedMs: number;
}

/** The whole job, with a Kubernetes on this machine; as root on Linux. Returns the exit code. */
export async function startWhole(options: StartOptions): Promise<number> {
  const tools = sampleTools();
  const wasKilled = await takeTurn(join(keptFolder("start"), "turn.json"));
  if (wasKilled) await tools.buildah("rm", "--all").catch(() => undefined); // where buildah is not installed, it left nothing
  if (isClusterUp() && existsSync(startedCluster)) await work("Kubernetes of an npm start that was killed ended", stopCluster);
  const problems = await work("room, ports and network looked at", preflight);
  if (problems.length > 0) {
    console.error(`This cannot work here yet:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    return 1;
  }
  const setup = await step("system packages and code-server", ["bash", "test/setup", ...(options.yes ? [] : ["--ask"])], { shown: true });
  if (setup.exitCode === missingParts) return startLimited(options);
  if (setup.exitCode !== 0) return 1;

  await work("base image from Debian packages", () => makeBaseImage(tools));
  const local = await work("sample image, built by buildah", () => buildSampleImage(tools));
  const port = (await isFree(samplePort)) ? samplePort : await freePort();
  if (port !== samplePort) console.log(`  Port ${samplePort} is taken: the registry takes another one.`);
  const registry = await work(`registry on port ${port}`, () => startRegistry({ port, storage: keptFolder("registry") }));
  const clusterIsOurs = !isClusterUp();
  try {
    const image = `localhost:${port}/tickets:dev`;
    await work(`image pushed as ${image}`, () => copyImage(tools, local, `docker://${image}`));

    const facts = { COLDSTART_CACHE_DIR: keptFolder("facts") };
    if ((await coldstart(`coldstart inspect ${image}`, ["inspect", image], { env: facts })).exitCode !== 0) return 1;

    if ((await step("extension built", ["npm", "run", "-s", "build"])).exitCode !== 0) return 1;
    if ((await step("extension packaged", ["npm", "run", "-s", "package"])).exitCode !== 0) return 1;
    const workspace = copyOfSample(port);
    const { layout } = await work("sample image as an OCI layout", () => sampleFiles(tools));
    if (clusterIsOurs) claimCluster();
    const report = await benchmarkSample(workspace, layout, facts);
    if (report === undefined) return 1;
    if ((await bootChain(workspace, facts)) === undefined) return 1;
    const page = join(workspace, "tickets.html");
    const pageOf = ["report", report, "--format", "html", "--output", page];
    if ((await coldstart(`the report as one page, ${page}`, pageOf, { quiet: true })).exitCode !== 0) return 1;
    await serveVsCode({ ...options, workspace, about: aboutCopy(workspace), env: { ...facts, KUBECONFIG: kubeconfigFile } });
    return 0;
  } finally {
    await registry.stop();
    if (clusterIsOurs && isClusterUp()) await cleanUp("Kubernetes ended", stopCluster);
    else if (clusterIsOurs) rmSync(startedCluster, { force: true });
  }
}

function claimCluster(): void {
  mkdirSync(dirname(startedCluster), { recursive: true });
  writeFileSync(startedCluster, "");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
