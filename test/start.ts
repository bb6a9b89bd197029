/**
 * `npm start`: the main job on a sample image. Builds the image of `test/sample/Dockerfile`, pushes it to a registry on this
 * machine, inspects it in the terminal, benchmarks its cold start on a Kubernetes that is made on this machine, reads a node's boot, writes the report
 * as a page, and opens VS Code in the browser on all of it, with the extension installed. `--context` benchmarks on a cluster of the user's instead.
 */
import { spawn } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatDuration } from "../src/base/format.ts";
import { keptFolder } from "./real/parts/cache.ts";
import { startCodeServer } from "./real/parts/codeServer.ts";
import { isClusterUp, kubeconfigFile, stopCluster } from "./real/parts/cluster.ts";
import { copyImage } from "./real/parts/images.ts";
import { freePort, poll } from "./real/parts/process.ts";
import { startRegistry } from "./real/parts/registry.ts";
import { buildSampleImage, makeBaseImage, sampleFiles, sampleFolder, sampleTools } from "./real/parts/sampleImage.ts";
import { benchmarkSample } from "./startBench.ts";
import { bootChain } from "./startBoot.ts";
import { benchmarkOn, startLimited } from "./startLimited.ts";
import { step, work } from "./steps.ts";

const usage = `npm start [-- --yes] [-- --headless] [-- --context NAME --image IMAGE [--ready WHEN]]
  --yes       install missing system packages without asking (as root on Debian)
  --headless  do everything but open the browser, check that VS Code answers, and end
  --context   benchmark on this cluster of your kubeconfig, in place of one that is made here
  --image     the image to benchmark there
  --ready     when it counts as ready: http:8000/health, tcp:5432, log:REGEX, pod, …
`;

/** How `test/setup` ends where this machine lacks what cannot be installed. */
const missingParts = 3;

/** What `test/sample/compose.yaml` names. */
const samplePort = 5087;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      yes: { type: "boolean" },
      headless: { type: "boolean" },
      context: { type: "string" },
      image: { type: "string" },
      ready: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const started = performance.now();
  // Until everything runs, an interruption ends this process at once; its servers end with it.
  let ready = false;
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => (ready ? resolve() : process.exit(130)));
  });
  process.chdir(join(import.meta.dirname, ".."));
  if (values.context !== undefined) {
    if (values.image !== undefined) return benchmarkOn(values.context, values.image, values.ready);
    console.error("Which image? The sample of this repository is in no registry that your cluster reaches: add --image IMAGE.");
    return 2;
  }

  const setup = await step("system packages and code-server", ["bash", "test/setup", ...(values.yes ? [] : ["--ask"])], { shown: true });
  if (setup.exitCode === missingParts) return startLimited();
  if (setup.exitCode !== 0) return 1;

  const clusterWasUp = isClusterUp();
  const tools = sampleTools();
  await work("base image from Debian packages", () => makeBaseImage(tools));
  const local = await work("sample image, built by buildah", () => buildSampleImage(tools));
  const port = (await isFree(samplePort)) ? samplePort : await freePort();
  const registry = await work(`registry on port ${port}`, () => startRegistry({ port, storage: keptFolder("registry") }));
  try {
    const image = `localhost:${port}/tickets:dev`;
    await work(`image pushed as ${image}`, () => copyImage(tools, local, `docker://${image}`));

    const facts = { COLDSTART_CACHE_DIR: keptFolder("facts") };
    const inspected = await step(`coldstart inspect ${image}`, ["node", "src/cli/main.ts", "inspect", image], { env: facts, shown: true });
    if (inspected.exitCode !== 0) return 1;

    if ((await step("extension built", ["npm", "run", "-s", "build"])).exitCode !== 0) return 1;
    if ((await step("extension packaged", ["npm", "run", "-s", "package"])).exitCode !== 0) return 1;
    const workspace = copyOfSample(port);
    const { layout } = await work("sample image as an OCI layout", () => sampleFiles(tools));
    const report = await benchmarkSample(workspace, layout, facts);
    if (report === undefined) return 1;
    if ((await bootChain(workspace, facts)) === undefined) return 1;
    const page = join(workspace, "tickets.html");
    const argv = ["node", "src/cli/main.ts", "report", report, "--format", "html", "--output", page];
    if ((await step(`the report as one page, ${page}`, argv)).exitCode !== 0) return 1;
    const server = await work("VS Code started with the extension", () =>
      startCodeServer({
        home: keptFolder("start"),
        extensions: [join("out", "coldstart.vsix")],
        env: { ...facts, KUBECONFIG: kubeconfigFile },
      }),
    );
    try {
      const url = server.folderUrl(workspace);
      await work("workbench answers", () => poll("the workbench", () => servesWorkbench(url)));
      console.log(`Ready after ${formatDuration(performance.now() - started)}.`);
      if (values.headless) return 0;
      console.log(
        `\n  ${url}\n\nOpen the Dockerfile, the plan and the reports there. ${workspace} is a copy: edit it as you like. Ctrl+C ends everything.`,
      );
      openInBrowser(url);
      ready = true;
      await interrupted;
      return 0;
    } finally {
      await server.stop();
    }
  } finally {
    await registry.stop();
    if (!clusterWasUp && isClusterUp()) await work("Kubernetes ended", stopCluster);
  }
}

/** The workspace is a copy, new at each start, so that edits stay out of the checkout. */
function copyOfSample(port: number): string {
  const workspace = join(keptFolder(), "tickets");
  rmSync(workspace, { recursive: true, force: true });
  cpSync(sampleFolder, workspace, { recursive: true });
  const compose = join(workspace, "compose.yaml");
  writeFileSync(compose, readFileSync(compose, "utf8").replace(`:${samplePort}/`, `:${port}/`));
  return workspace;
}

async function servesWorkbench(url: string): Promise<boolean> {
  const response = await fetch(url);
  return response.ok && (await response.text()).includes("workbench");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

function openInBrowser(url: string): void {
  if (!process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return;
  const opener = spawn("xdg-open", [url], { stdio: "ignore", detached: true });
  opener.once("error", () => {}); // the address stands in the terminal
  opener.unref();
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
