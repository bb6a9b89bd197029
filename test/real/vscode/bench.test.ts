/** Benchmarks by clicks alone: the packaged extension in a real VS Code, on the cluster of `test/cluster/up`. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readDocument } from "../../../src/results/readDocument.ts";
import type { ReportDocument } from "../../../src/results/document.ts";
import { poll } from "../parts/process.ts";
import { benchNamespace, plantedSecret, type BenchCluster } from "./benchCluster.ts";
import { startBenchWindow, type BenchWindow } from "./benchWindow.ts";
import { accept, check, choose, dialog, question, type } from "./questions.ts";
import { extensionLog, openFile, ownIcon, panelOf, picture, runCommand } from "./workbench.ts";

let window: BenchWindow;
let cluster: BenchCluster;

beforeAll(async () => {
  window = await startBenchWindow();
  cluster = window.cluster;
});
afterAll(() => window?.close());

function reportsIn(folder: string): readonly string[] {
  const place = join(folder, ".coldstart");
  return existsSync(place) ? readdirSync(place).map((name) => join(place, name)) : [];
}

function read(path: string): ReportDocument {
  return readDocument(readFileSync(path, "utf8"), path).value;
}

test(
  "from the command by clicks to the report: questions, confirmation, progress, live panel, saved file",
  { timeout: 420_000 },
  async () => {
    await window.inFolder("run", async (page, folder) => {
      await runCommand(page, "Coldstart: Benchmark Cold Start…");
      await window.answerAll(page, 2);
      const asked = dialog(page);
      await asked.getByText("Benchmark tiny:1?").waitFor();
      const detail = await asked.innerText();
      for (const part of [cluster.context, "Pods: 4", cluster.image, "GET http:8080/health", "privileged pod", "USD", cluster.node])
        expect(detail).toContain(part);
      await picture(page, "bench-confirm");
      await asked.getByRole("button", { name: "Start 4 Pods" }).click();

      const toast = page.locator(".notification-toast", { hasText: "Benchmark tiny:1" });
      await toast.getByText(/trial 1 of 4 · (overlayfs|stargz) · /).waitFor();
      const live = panelOf(page);
      await live.locator('main[data-state="running"]').waitFor();
      await picture(page, "bench-live");
      await toast.getByText(/trial 3 of 4/).waitFor({ timeout: 180_000 });
      await live.locator('main[data-state="ready"]').waitFor({ timeout: 180_000 });
      await toast.getByText(/trial/).waitFor({ state: "hidden" });
      await picture(page, "bench-report");

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
  await window.inFolder("cancel", async (page, folder) => {
    await runCommand(page, "Coldstart: Benchmark Cold Start…");
    await window.answerAll(page, 5);
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
  await window.inFolder("deployment", async (page, folder) => {
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
    expect(extensionLog(window.server)).not.toContain(plantedSecret);
  });
});

test("a window that is loaded anew in the middle of a run ends it, and nothing stays on the cluster", { timeout: 300_000 }, async () => {
  await window.inFolder("reload", async (page, folder) => {
    await runCommand(page, "Coldstart: Benchmark Cold Start…");
    await window.answerAll(page, 5);
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
  await window.inFolder(
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

test("the tree: contexts, pools, nodes and the runs on them; nothing is contacted before a context is opened", async () => {
  await window.inFolder("tree", async (page) => {
    await ownIcon(page).click();
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
    await picture(page, "bench-tree");
    // The node's own menu begins with the node already chosen.
    await row(cluster.node).hover();
    await row(cluster.node).locator(".action-label[aria-label^='Benchmark Cold Start']").click();
    await question(page, "Which image?");
    await page.keyboard.press("Escape");
  });
});

test("in the Kubernetes extension's tree, a node and a Deployment are benchmarked; a Service is not", async () => {
  await cluster.deploy("shown");
  await window.inFolder("kubernetes", async (page) => {
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
  await window.inFolder("clean up", async (page) => {
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

test("nothing is left on the cluster, and nothing outside was asked", async () => {
  expect(await cluster.leftPods()).toEqual([]);
  expect(window.browser.outside).toEqual([]);
});
