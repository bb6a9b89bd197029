import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { startCodeServer, type CodeServer } from "../parts/codeServer.ts";
import { temporaryFolder } from "../parts/process.ts";
import { benchCluster, benchNamespace, type BenchCluster } from "./benchCluster.ts";
import { kubernetesStandIn } from "./kubernetesStandIn.ts";
import { check, choose, accept, type } from "./questions.ts";
import { savedSample } from "./savedSample.ts";
import { inWindow, packagedExtension, startBrowser, type TestBrowser } from "./workbench.ts";

/** VS Code with the packaged extension, set up for the test cluster. */
export interface BenchWindow {
  readonly cluster: BenchCluster;
  readonly server: CodeServer;
  readonly browser: TestBrowser;
  /** Opens a fresh folder with a saved report, and with `files` by their paths. */
  inFolder(
    name: string,
    use: (page: Page, folder: string) => Promise<void>,
    options?: { readonly files?: Readonly<Record<string, string>> },
  ): Promise<void>;
  /** Answers every question of a benchmark; `trials` of overlayfs and stargz with one image each. */
  answerAll(page: Page, trials: number): Promise<void>;
  close(): Promise<void>;
}

export async function startBenchWindow(): Promise<BenchWindow> {
  const cluster = await benchCluster();
  const standIn = await kubernetesStandIn([
    { name: cluster.node, kind: "Node" },
    { name: "shown", kind: "Deployment", namespace: benchNamespace },
    { name: "front", kind: "Service", namespace: benchNamespace },
  ]);
  const server = await startCodeServer({
    extensions: [packagedExtension(), standIn],
    settings: { "workbench.colorTheme": "Default Dark Modern" },
    machineSettings: {
      "coldstart.kubernetes.kubeconfig": cluster.kubeconfigPath,
      "coldstart.bench.namespace": benchNamespace,
      "coldstart.bench.probeImage": cluster.probeImage,
      "coldstart.bench.pricePerNodeHour": 2,
      "coldstart.registry.plainHttpHosts": [cluster.registryHost],
    },
    env: { COLDSTART_CACHE_DIR: temporaryFolder("facts") },
  });
  const browser = await startBrowser();
  const parent = temporaryFolder("bench");
  return {
    cluster,
    server,
    browser,
    async inFolder(name, use, { files = {} } = {}) {
      const folder = mkdtempSync(join(parent, "workspace-"));
      const all = { "README.md": "A folder.\n", "saved.coldstart.json": savedSample(cluster), ...files };
      for (const [path, content] of Object.entries(all)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
      await inWindow(browser, `bench ${name}`, server.folderUrl(folder), (page) => use(page, folder));
    },
    async answerAll(page, trials) {
      await choose(page, "On which cluster?", cluster.context);
      await choose(page, "On which nodes?", cluster.node);
      await type(page, "Which image?", cluster.image);
      await choose(page, "How many GPUs", "No GPU");
      await check(page, "What is compared?", ["overlayfs", "stargz"]);
      await accept(page, "Image for the arm stargz");
      await type(page, "When is it ready?", "http:8080/health");
      await type(page, "How many trials", String(trials));
      await choose(page, "May a privileged pod", "Allow the privileged pod for this run");
    },
    async close() {
      await browser.close();
      await server.stop();
      await cluster.close();
    },
  };
}
