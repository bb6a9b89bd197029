/** Benchmarks by clicks alone: the packaged extension in a real VS Code, on the cluster of `test/cluster/up`. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readDocument } from "../../../src/results/readDocument.ts";
import { documentOf, documentText, type ReportDocument } from "../../../src/results/document.ts";
import { sampleRun } from "../../bench/sampleRun.ts";
import { startCodeServer, type CodeServer } from "../parts/codeServer.ts";
import { poll, temporaryFolder } from "../parts/process.ts";
import { benchCluster, benchNamespace, plantedSecret, type BenchCluster } from "./benchCluster.ts";
import { kubernetesStandIn } from "./kubernetesStandIn.ts";
import { accept, check, choose, dialog, question, type } from "./questions.ts";
import {
  answerFileDialog,
  openFile,
  openFolder,
  panelOf,
  runCommand,
  startBrowser,
  trustWorkspace,
  type TestBrowser,
} from "./workbench.ts";

const vsix = join(import.meta.dirname, "..", "..", "..", "out", "coldstart.vsix");

let cluster: BenchCluster;
let server: CodeServer;
let browser: TestBrowser;
let parent: string;
/** A report that lies in every folder, as if it had been measured on the cluster's node. */
let savedReport: string;

beforeAll(async () => {
  if (!existsSync(vsix)) throw new Error("The extension is not packaged: npm run package");
  cluster = await benchCluster();
  const settings = {
    "workbench.colorTheme": "Default Dark Modern",
    "coldstart.kubernetes.kubeconfig": cluster.kubeconfigPath,
    "coldstart.bench.namespace": benchNamespace,
    "coldstart.bench.probeImage": cluster.probeImage,
    "coldstart.bench.pricePerNodeHour": 2,
    "coldstart.registry.plainHttpHosts": [cluster.registryHost],
  };
  const home = temporaryFolder("code-server");
  // The machine's settings are there before an extension is; a user's come some time after the window.
  mkdirSync(join(home, "data", "Machine"), { recursive: true });
  writeFileSync(join(home, "data", "Machine", "settings.json"), JSON.stringify(settings));
  const standIn = await kubernetesStandIn([
    { name: cluster.node, kind: "Node" },
    { name: "shown", kind: "Deployment", namespace: benchNamespace },
    { name: "front", kind: "Service", namespace: benchNamespace },
  ]);
  server = await startCodeServer({ home, extensions: [vsix, standIn], settings, env: { COLDSTART_CACHE_DIR: temporaryFolder("facts") } });
  browser = await startBrowser();
  parent = temporaryFolder("bench");
  const sample = sampleRun([
    { name: "overlayfs", started: [5000, 5100], ready: [9000, 9100], trial: () => ({ node: cluster.node }) },
    { name: "stargz", isLazy: true, started: [1000, 1100], ready: [8000, 8100], trial: () => ({ node: cluster.node }) },
  ]);
  const run = { ...sample, plan: { ...sample.plan, name: "sample:1", context: cluster.context } };
  savedReport = documentText(documentOf({ bench: run }, { atEpochMs: Date.now(), version: "0.1.0" }));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await cluster?.close();
});

const ourIcon = ".activitybar .action-label[aria-label^='Coldstart']";

interface FolderOptions {
  readonly at?: CodeServer;
  /** Files beside the saved report; there before the folder is opened. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
}

async function inFolder(
  name: string,
  use: (page: Page, folder: string) => Promise<void>,
  { at = server, files = {} }: FolderOptions = {},
): Promise<void> {
  const folder = mkdtempSync(join(parent, "workspace-"));
  writeFileSync(join(folder, "README.md"), "A folder.\n");
  writeFileSync(join(folder, "saved.coldstart.json"), savedReport);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const page = await browser.context.newPage();
  try {
    await openFolder(page, at.folderUrl(folder));
    // What extensions contribute comes after the files.
    await page.locator(ourIcon).waitFor();
    await use(page, folder);
  } catch (error) {
    const picture = join(process.env["COLDSTART_PICTURES"] ?? temporaryFolder("picture"), `bench-${name.replace(/\W+/g, "-")}.png`);
    await page.screenshot({ path: picture }).catch(() => undefined);
    console.error(`${name}: see ${picture}`);
    throw error;
  } finally {
    await page.close();
  }
}

/** Answers every question; `trials` of overlayfs and stargz with one image each. */
async function answerAll(page: Page, trials: number): Promise<void> {
  await choose(page, "On which cluster?", cluster.context);
  await choose(page, "On which nodes?", cluster.node);
  await type(page, "Which image?", cluster.image);
  await choose(page, "How many GPUs", "No GPU");
  await check(page, "What is compared?", ["overlayfs", "stargz"]);
  await accept(page, "Image for the arm stargz");
  await type(page, "When is it ready?", "http:8080/health");
  await type(page, "How many trials", String(trials));
  await choose(page, "May a privileged pod", "Allow the privileged pod for this run");
}

/** For people, where `COLDSTART_PICTURES` names a folder. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["COLDSTART_PICTURES"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `bench-${name}.png`) });
}

function reportsIn(folder: string): readonly string[] {
  const place = join(folder, ".coldstart");
  return existsSync(place) ? readdirSync(place).map((name) => join(place, name)) : [];
}

function read(path: string): ReportDocument {
  return readDocument(readFileSync(path, "utf8"), path).value;
}

function extensionLog(at: CodeServer = server): string {
  const logs = join(at.home, "data", "logs");
  const files = readdirSync(logs, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("Coldstart.log"));
  return files.map((name) => readFileSync(join(logs, name), "utf8")).join("\n");
}

test(
  "from the command by clicks to the report: questions, confirmation, progress, live panel, saved file",
  { timeout: 420_000 },
  async () => {
    await inFolder("run", async (page, folder) => {
      await runCommand(page, "Coldstart: Benchmark Cold Start…");
      await answerAll(page, 2);
      const asked = dialog(page);
      await asked.getByText("Benchmark tiny:1?").waitFor();
      const detail = await asked.innerText();
      for (const part of [cluster.context, "Pods: 4", cluster.image, "GET http:8080/health", "privileged pod", "USD", cluster.node])
        expect(detail).toContain(part);
      await picture(page, "confirm");
      await asked.getByRole("button", { name: "Start 4 Pods" }).click();

      const toast = page.locator(".notification-toast", { hasText: "Benchmark tiny:1" });
      await toast.getByText(/trial 1 of 4 · (overlayfs|stargz) · /).waitFor();
      const live = panelOf(page);
      await live.locator('main[data-state="running"]').waitFor();
      await picture(page, "live");
      await toast.getByText(/trial 3 of 4/).waitFor({ timeout: 180_000 });
      await live.locator('main[data-state="ready"]').waitFor({ timeout: 180_000 });
      await toast.getByText(/trial/).waitFor({ state: "hidden" });
      await picture(page, "report");

      const [saved] = reportsIn(folder);
      if (saved === undefined) throw new Error("no report was saved");
      const { bench } = read(saved);
      expect(bench?.run.ending).toEqual({ kind: "complete" });
      expect(bench?.run.trials.map(({ outcome }) => outcome.kind)).toEqual(["ready", "ready", "ready", "ready"]);
      expect(new Set(bench?.run.trials.map(({ node }) => node))).toEqual(new Set([cluster.node]));
      // Others may run the same image on a shared cluster; how cold each start was is `test/real/bench`'s.
      expect(bench?.run.trials.map(({ coldness }) => coldness.wanted)).toEqual(["L3", "L3", "L3", "L3"]);
      expect(bench?.run.trials.map(({ coldness }) => coldness.reached)).toContain("L3");
      expect(await cluster.leftPods()).toEqual([]);
    });
  },
);

test("cancelled from the notification, a run keeps what was measured and leaves nothing", { timeout: 300_000 }, async () => {
  await inFolder("cancel", async (page, folder) => {
    await runCommand(page, "Coldstart: Benchmark Cold Start…");
    await answerAll(page, 5);
    await dialog(page).getByRole("button", { name: "Start 10 Pods" }).click();
    const toast = page.locator(".notification-toast", { hasText: "Benchmark tiny:1" });
    await toast.getByText(/trial 2 of 10/).waitFor({ timeout: 120_000 });
    await toast.hover();
    await toast.getByRole("button", { name: "Cancel" }).click();
    await panelOf(page).locator('main[data-state="ready"]').waitFor({ timeout: 90_000 });
    const [saved] = reportsIn(folder);
    const run = read(saved ?? "").bench?.run;
    expect(run?.ending).toEqual({ kind: "cancelled" });
    expect(run?.trials.length).toBeGreaterThanOrEqual(1);
    expect(run?.trials[0]?.outcome.kind).toBe("ready");
    expect(await cluster.leftPods()).toEqual([]);
    // Cancellation is no failure.
    expect(await page.locator(".notification-toast", { hasText: /bug|failed/i }).count()).toBe(0);
  });
});

test("a Deployment is benchmarked as it is, and its secrets show nowhere", { timeout: 300_000 }, async () => {
  await cluster.deploy("web");
  await inFolder("deployment", async (page, folder) => {
    await runCommand(page, "Coldstart: Benchmark Cold Start…");
    await choose(page, "On which cluster?", cluster.context);
    await choose(page, "On which nodes?", cluster.node);
    await choose(page, "Which image?", `${benchNamespace}/web`);
    await check(page, "What is compared?", ["overlayfs"]);
    // The Deployment has a probe of its own, which is offered first.
    await accept(page, "When is it ready?");
    await type(page, "How many trials", "1");
    await choose(page, "May a privileged pod", "Run without it, at coldness L0");
    await dialog(page).getByText("deployment/web in").waitFor();
    await dialog(page).getByRole("button", { name: "Start 1 Pod" }).click();
    const panel = panelOf(page);
    await panel.locator('main[data-state="ready"]').waitFor({ timeout: 120_000 });
    const [saved = ""] = reportsIn(folder);
    const run = read(saved).bench?.run;
    expect(run?.trials.map(({ outcome }) => outcome.kind)).toEqual(["ready"]);
    expect(run?.plan.readiness).toEqual({ kind: "pod" });
    expect(readFileSync(saved, "utf8")).not.toContain(plantedSecret);
    expect(await panel.locator("main").innerHTML()).not.toContain(plantedSecret);
    expect(extensionLog()).not.toContain(plantedSecret);
  });
});

test("a window that is loaded anew in the middle of a run ends it, and nothing stays on the cluster", { timeout: 300_000 }, async () => {
  await inFolder("reload", async (page, folder) => {
    await runCommand(page, "Coldstart: Benchmark Cold Start…");
    await answerAll(page, 5);
    await dialog(page).getByRole("button", { name: "Start 10 Pods" }).click();
    const toast = page.locator(".notification-toast", { hasText: "Benchmark tiny:1" });
    await toast.getByText(/trial 2 of 10/).waitFor({ timeout: 120_000 });
    expect((await cluster.leftPods()).length).toBeGreaterThan(0);
    await runCommand(page, "Developer: Reload Window");
    await page.locator(".monaco-workbench").waitFor({ state: "detached" });
    await poll("the pods to be removed", async () => (await cluster.leftPods()).length === 0, 60_000);
    // What was measured is there, and its editor is back.
    await panelOf(page).locator('main[data-state="ready"]').waitFor();
    const [saved = ""] = reportsIn(folder);
    expect(read(saved).bench?.run.trials.length).toBeGreaterThanOrEqual(1);
  });
});

test("a plan's file is run from its lens; a mistake in it is marked and not run", { timeout: 300_000 }, async () => {
  const plan = `context: ${cluster.context}\nnode: ${cluster.node}\nimage: ${cluster.image}\narms: [overlayfs]\nready: http:8080/health\ntrials: 1\ncoldness: L0\n`;
  const files = { "tiny.coldstart.yaml": plan.replace("trials: 1", "trails: 1") };
  await inFolder(
    "plan",
    async (page, folder) => {
      await openFile(page, "tiny.coldstart.yaml");
      await page.locator(".codelens-decoration", { hasText: "This plan has mistakes" }).waitFor();
      await page.locator(".squiggly-error").first().waitFor();
      writeFileSync(join(folder, "tiny.coldstart.yaml"), plan);
      await page.locator(".codelens-decoration a", { hasText: "Run this plan: 1 arm × 1 trial" }).click();
      const asked = dialog(page);
      // Unprivileged, so nobody is asked about the probe.
      await asked.getByText("how cold is not known").waitFor();
      await asked.getByRole("button", { name: "Start 1 Pod" }).click();
      await panelOf(page).locator('main[data-state="ready"]').waitFor({ timeout: 120_000 });
      const run = read(reportsIn(folder)[0] ?? "").bench?.run;
      expect(run?.ending).toEqual({ kind: "complete" });
      expect(run?.trials[0]?.coldness.reached).toBe("L0");
    },
    { files },
  );
});

test("a saved report opens from the explorer, and follows its file: newer, cut off, whole again", async () => {
  await inFolder("file", async (page, folder) => {
    const path = join(folder, "saved.coldstart.json");
    const text = readFileSync(path, "utf8");
    await openFile(page, "saved.coldstart.json");
    const panel = panelOf(page);
    await panel.locator('main[data-state="ready"]').waitFor();
    await panel.getByText("overlayfs").first().waitFor();
    writeFileSync(path, text.replace('"schemaVersion": 1', '"schemaVersion": 9'));
    await panel.locator('main[data-state="newer"]').waitFor();
    await panel.getByText("version 9").waitFor();
    writeFileSync(path, text.slice(0, text.length / 2));
    await panel.locator('main[data-state="failed"]').waitFor();
    await panel.getByText("cut off").waitFor();
    writeFileSync(path, text);
    await panel.locator('main[data-state="ready"]').waitFor();
  });
});

test("a report of 200 MB is refused in words and without waiting", async () => {
  const files = { "large.coldstart.json": Buffer.alloc(200_000_000, " ") };
  await inFolder(
    "large",
    async (page) => {
      await openFile(page, "large.coldstart.json");
      await panelOf(page).locator('main[data-state="failed"]').waitFor();
      await panelOf(page).getByText("larger than 150 MB").waitFor();
    },
    { files },
  );
});

test("the tree: contexts, pools, nodes and the runs on them; nothing is contacted before a context is opened", async () => {
  await inFolder("tree", async (page) => {
    await page.locator(ourIcon).click();
    const row = (text: string | RegExp) => page.locator(".pane-body .monaco-list-row", { hasText: text });
    await row(cluster.context).waitFor();
    await row("sample:1").first().waitFor();
    await row(cluster.context).click();
    await row(/gpu-test.*GPU/).click();
    await row(cluster.node).waitFor();
    await row(cluster.node).click();
    await row(/sample:1.*2 × 2 trials/)
      .first()
      .waitFor();
    await row(/sample:1.*2 × 2 trials/)
      .first()
      .click();
    await panelOf(page).locator('main[data-state="ready"]').waitFor();
    await picture(page, "tree");
    // The node's own menu begins with the node already chosen.
    await row(cluster.node).hover();
    await row(cluster.node).locator(".action-label[aria-label^='Benchmark Cold Start']").click();
    await question(page, "Which image?");
    await page.keyboard.press("Escape");
  });
});

test("in the Kubernetes extension's tree, a node and a Deployment are benchmarked; a Service is not", async () => {
  await cluster.deploy("shown");
  await inFolder("kubernetes", async (page) => {
    await page.locator(".activitybar .action-label[aria-label^='Kubernetes']").click();
    const menuItem = page.locator(".context-view .action-item", { hasText: "Benchmark Cold Start…" });
    const openMenu = async (name: string): Promise<void> => {
      await page.locator(".pane-body .monaco-list-row", { hasText: name }).click({ button: "right" });
    };
    const benchmarkFromMenu = async (name: string): Promise<void> => {
      await openMenu(name);
      await menuItem.waitFor();
      // A menu takes no click in its first moments.
      await page.waitForTimeout(500);
      await menuItem.click();
    };
    await benchmarkFromMenu(cluster.node);
    // The cluster is the current one, and the node is known.
    await question(page, "Which image?");
    await page.keyboard.press("Escape");
    await benchmarkFromMenu("shown");
    await choose(page, "On which nodes?", cluster.node);
    await question(page, "What is compared?");
    await page.keyboard.press("Escape");
    await openMenu("front");
    await page.waitForTimeout(1000);
    expect(await menuItem.count()).toBe(0);
  });
});

test("the cluster is cleaned up with a receipt", async () => {
  await inFolder("clean up", async (page) => {
    await runCommand(page, "Coldstart: Clean Up Cluster…");
    await choose(page, "Which cluster?", cluster.context);
    const answered = page.locator(".notification-toast", { hasText: /Nothing was left on|were? removed from/ });
    const inUse = dialog(page).getByRole("button", { name: "Cancel" });
    await answered.or(inUse).first().waitFor();
    // Others may be running benchmarks on this cluster: theirs are left alone.
    if (await inUse.isVisible()) await inUse.click();
    await answered.waitFor();
  });
});

test("a report is opened by its command, without any cluster", async () => {
  await inFolder("open", async (page, folder) => {
    await runCommand(page, "Coldstart: Open Report…");
    await answerFileDialog(page, join(folder, "saved.coldstart.json"));
    await panelOf(page).locator('main[data-state="ready"]').waitFor();
  });
});

test("Restricted Mode: no program of a kubeconfig runs and no cluster is contacted; a report is still shown", async () => {
  const traces = temporaryFolder("exec");
  const touched = join(traces, "was-run");
  const program = join(traces, "sign-in");
  writeFileSync(program, `#!/bin/sh\ntouch ${touched}\nexit 1\n`);
  chmodSync(program, 0o755);
  const kubeconfig = join(traces, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "hostile",
    contexts: [{ name: "hostile", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "u", user: { exec: { apiVersion: "client.authentication.k8s.io/v1", command: program, interactiveMode: "Never" } } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const restricted = await startCodeServer({
    extensions: [vsix],
    restricted: true,
    settings: { "security.workspace.trust.untrustedFiles": "open" },
    env: { KUBECONFIG: kubeconfig },
  });
  try {
    await inFolder(
      "restricted",
      async (page, folder) => {
        for (const command of ["Benchmark Cold Start…", "Clean Up Cluster…"]) {
          await runCommand(page, `Coldstart: ${command}`);
          await page.locator(".notification-toast", { hasText: "Coldstart contacts no cluster in Restricted Mode." }).first().waitFor();
          await page.locator(".notification-toast").first().hover();
          await page.locator(".notification-toast .codicon-notifications-clear").first().click();
        }
        await page.locator(ourIcon).click();
        await page.locator(".pane-body .monaco-list-row", { hasText: "sample:1" }).first().waitFor();
        expect(await page.locator(".pane-body .monaco-list-row", { hasText: "hostile" }).count()).toBe(0);
        await runCommand(page, "Coldstart: Open Report…");
        await answerFileDialog(page, join(folder, "saved.coldstart.json"));
        await panelOf(page).locator('main[data-state="ready"]').waitFor();
        expect(existsSync(touched)).toBe(false);
        expect(extensionLog(restricted)).not.toContain("hostile");

        // Trusted, the context is listed from the file alone; only who opens it signs in.
        await trustWorkspace(page);
        await page.locator(".monaco-modal-editor-block .codicon-close, .modal-editor-part .codicon-close").first().click();
        const context = page.locator(".pane-body .monaco-list-row", { hasText: "hostile" });
        await context.waitFor();
        expect(existsSync(touched)).toBe(false);
        await context.click();
        await poll("the program that signs in", async () => existsSync(touched));
        await page.locator(".pane-body .monaco-list-row", { hasText: 'Signing in to the context "hostile" failed' }).waitFor();
      },
      // A workspace may not say which kubeconfig is used, either.
      { at: restricted, files: { ".vscode/settings.json": JSON.stringify({ "coldstart.kubernetes.kubeconfig": kubeconfig }) } },
    );
  } finally {
    await restricted.stop();
  }
});

test("nothing is left on the cluster, and nothing outside was asked", async () => {
  expect(await cluster.leftPods()).toEqual([]);
  expect(browser.outside).toEqual([]);
});
