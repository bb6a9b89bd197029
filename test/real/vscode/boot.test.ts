/** Boots by clicks alone: the packaged extension in a real VS Code, on a node of the test cluster that really boots. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listOwned } from "../../../src/cluster/cleanup.ts";
import { readDocument } from "../../../src/results/readDocument.ts";
import type { ReportDocument } from "../../../src/results/document.ts";
import { sampleFiles } from "../../boot/sampleBoots.ts";
import { bootNode, startBootNode } from "../boot/bootNode.ts";
import { makeNamespace, type OwnNamespace } from "../cluster/ownNamespace.ts";
import { kubeconfigFile, tinyImage } from "../parts/cluster.ts";
import { startCodeServer, type CodeServer } from "../parts/codeServer.ts";
import { poll, temporaryFolder } from "../parts/process.ts";
import { accept, check, choose, dialog } from "./questions.ts";
import { inWindow, ownIcon, packagedExtension, panelOf, runCommand, startBrowser, type TestBrowser } from "./workbench.ts";

const sample = "nspawn-timeout";

let own: OwnNamespace;
let server: CodeServer;
let browser: TestBrowser;
let end = async (): Promise<void> => {};

beforeAll(async () => {
  end = await startBootNode();
  own = await makeNamespace();
  const machineSettings = {
    "coldstart.kubernetes.kubeconfig": kubeconfigFile,
    "coldstart.bench.namespace": own.name,
    "coldstart.bench.probeImage": tinyImage,
  };
  server = await startCodeServer({ extensions: [packagedExtension()], machineSettings });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await own?.remove();
  await end();
});

/** A folder with one boot in `boot`, opened in a window of its own. */
async function inFolder(name: string, use: (page: Page, folder: string) => Promise<void>, at: CodeServer = server): Promise<void> {
  const folder = mkdtempSync(join(temporaryFolder("boots"), "workspace-"));
  mkdirSync(join(folder, "boot"));
  for (const [file, text] of Object.entries(sampleFiles(sample))) writeFileSync(join(folder, "boot", file), text);
  await inWindow(browser, `boot ${name}`, at.folderUrl(folder), (page) => use(page, folder));
}

/** The one report below the workspace's folder. */
function savedReport(folder: string): ReportDocument {
  const place = join(folder, ".coldstart");
  const [file, ...others] = readdirSync(place);
  expect(others).toEqual([]);
  expect(file).toMatch(/^boot-.*\.coldstart\.json$/);
  return readDocument(readFileSync(join(place, file ?? ""), "utf8"), file ?? "").value;
}

async function bootTabSays(page: Page, text: string): Promise<void> {
  const report = panelOf(page);
  await report.locator('main[data-state="ready"]').waitFor();
  await report.getByText(text).first().waitFor();
}

/** Types a folder's path into the workbench's dialog, which at first stands in the workspace; Enter before it has gone there would mean that one. */
async function openBootFolder(page: Page, path: string): Promise<void> {
  await runCommand(page, "Coldstart: Open Boot Files…");
  await choose(page, "Where do the boots lie?", "Folders");
  const input = page.locator(".quick-input-widget input[type=text]");
  const rows = page.locator(".quick-input-list .monaco-list-row");
  const own = page.locator('.quick-input-list .monaco-list-row[aria-label="boot"]');
  await own.waitFor();
  await input.fill(`${path}/`);
  await poll("the dialog to be in the folder", async () => (await rows.count()) === 1 && (await own.count()) === 0);
  await page.keyboard.press("Enter");
}

const leftPods = async (): Promise<readonly string[]> => (await listOwned(own.admin, { namespace: own.name }, {})).map(({ name }) => name);

test("from the command by clicks to the Boot tab, by a pod without privileges", { timeout: 180_000 }, async () => {
  await inFolder("analyze", async (page, folder) => {
    await runCommand(page, "Coldstart: Analyze Node Boot…");
    await choose(page, "On which cluster?", own.admin.context);
    await check(page, "Whose boot?", [bootNode]);
    await choose(page, "How may the nodes be asked?", "Pod without privileges");
    await bootTabSays(page, "nvidia-driver-install.service");
    const { boots } = savedReport(folder);
    expect(boots?.boots.map(({ name, sources }) => [name, sources[0]])).toEqual([[bootNode, "systemctl show"]]);
    expect(await leftPods()).toEqual([]);
  });
});

test("from a node's menu in the tree, without a pod", { timeout: 180_000 }, async () => {
  await inFolder("tree", async (page, folder) => {
    await ownIcon(page).click();
    const row = (name: string) => page.locator(".pane-body .monaco-list-row", { hasText: name }).first();
    await row(own.admin.context).click();
    await row("Nodes without GPUs").click();
    await row(bootNode).click({ button: "right" });
    const item = page.locator(".context-view .action-item", { hasText: "Analyze Node Boot…" });
    await item.waitFor();
    // A menu takes no click in its first moments.
    await page.waitForTimeout(500);
    await item.click();
    await accept(page, "How may the nodes be asked?");
    await bootTabSays(page, "nvidia-driver-install.service");
    expect(savedReport(folder).boots?.boots[0]?.sources[0]).toBe("journal");
  });
});

test("a privileged pod is asked for when nothing else is left, and no means no", { timeout: 180_000 }, async () => {
  await inFolder("consent", async (page, folder) => {
    await runCommand(page, "Coldstart: Analyze Node Boot…");
    await choose(page, "On which cluster?", own.admin.context);
    await check(page, "Whose boot?", ["node-a"]);
    await choose(page, "How may the nodes be asked?", "With as little as possible");
    await dialog(page).getByText("Only a privileged pod can ask node-a.").waitFor();
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await page.locator(".notification-toast", { hasText: "No way that is allowed tells of the boot of node node-a." }).waitFor();
    expect(existsSync(join(folder, ".coldstart"))).toBe(false);
    expect(await leftPods()).toEqual([]);
  });
});

test("boot files of a folder end in the same report", { timeout: 120_000 }, async () => {
  await inFolder("files", async (page, folder) => {
    await openBootFolder(page, join(folder, "boot"));
    await bootTabSays(page, "kubelet.service");
    expect(savedReport(folder).boots?.boots.map(({ name }) => name)).toEqual(["boot"]);
    expect(readdirSync(join(folder, ".coldstart"))[0]).toMatch(/^boot-boot-/);
  });
});

test("in Restricted Mode no node is asked, and only the workspace's own files are read", { timeout: 180_000 }, async () => {
  const outside = temporaryFolder("outside");
  for (const [file, text] of Object.entries(sampleFiles(sample))) writeFileSync(join(outside, file), text);
  const restricted = await startCodeServer({ extensions: [packagedExtension()], restricted: true, env: { KUBECONFIG: kubeconfigFile } });
  try {
    await inFolder(
      "restricted",
      async (page, folder) => {
        symlinkSync(outside, join(folder, "link"));
        await runCommand(page, "Coldstart: Analyze Node Boot…");
        await page.locator(".notification-toast", { hasText: "Coldstart contacts no cluster in Restricted Mode." }).waitFor();
        for (const place of [outside, join(folder, "link")]) {
          await openBootFolder(page, place);
          await page
            .locator(".notification-toast", { hasText: `${place} is not in this workspace` })
            .first()
            .waitFor();
        }
        await openBootFolder(page, join(folder, "boot"));
        await bootTabSays(page, "kubelet.service");
      },
      restricted,
    );
  } finally {
    await restricted.stop();
  }
});
