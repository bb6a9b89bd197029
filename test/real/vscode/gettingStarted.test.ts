/** The way in: what a newcomer sees in the packaged extension, without any cluster or image. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCodeServer, type CodeServer } from "../parts/codeServer.ts";
import { temporaryFolder } from "../parts/process.ts";
import { inWindow, ownIcon, packagedExtension, panelOf, picture, runCommand, startBrowser, type TestBrowser } from "./workbench.ts";

let server: CodeServer;
let browser: TestBrowser;
let parent: string;

beforeAll(async () => {
  // Neither the machine's kubeconfig nor one of the environment.
  const env = { KUBECONFIG: join(temporaryFolder("no-kubeconfig"), "none"), COLDSTART_CACHE_DIR: temporaryFolder("facts") };
  server = await startCodeServer({ extensions: [packagedExtension()], settings: { "workbench.colorTheme": "Default Dark Modern" }, env });
  browser = await startBrowser();
  parent = temporaryFolder("start");
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function inFreshFolder(name: string, use: (page: Page) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(parent, "workspace-"));
  writeFileSync(join(folder, "README.md"), "A folder.\n");
  await inWindow(browser, name, server.folderUrl(folder), async (page) => {
    await use(page);
    await picture(page, name);
  });
}

test("each view says what to do while it is empty, and the sample report opens from there", async () => {
  await inFreshFolder("empty-views", async (page) => {
    await ownIcon(page).click();
    const button = (text: string) => page.locator(".pane-body .welcome-view-content").getByRole("button", { name: text });
    for (const text of ["Inspect Image…", "Choose Kubeconfig…", "Benchmark Cold Start…", "Open Report…", "Open Sample Report"])
      await button(text).first().waitFor();
    await button("Open Sample Report").click();
    const panel = panelOf(page);
    await panel.locator('main[data-state="ready"]').waitFor();
    await panel.getByText("Sample, not measured on your cluster").first().waitFor();
  });
});

test("the walkthrough leads through five steps, and a step is done when its command was used", async () => {
  await inFreshFolder("walkthrough", async (page) => {
    await runCommand(page, "Coldstart: Get Started");
    const steps = page.locator(".gettingStartedContainer .getting-started-step");
    await steps.first().waitFor();
    const titles = ["Inspect an image", "Choose a cluster", "Benchmark a cold start", "Read the report", "Act on it"];
    for (const title of titles) await page.locator(".getting-started-step .step-title", { hasText: title }).first().waitFor();
    expect(await steps.count()).toBe(titles.length);
    // What stands beside a step: text of our own for one, a picture for the other.
    await steps.filter({ hasText: "Choose a cluster" }).first().click();
    const beside = page.locator(".getting-started-media iframe").contentFrame().locator("iframe#active-frame").contentFrame();
    await beside.getByText("What Coldstart needs of a cluster").waitFor();
    await steps.filter({ hasText: "Inspect an image" }).first().click();
    await beside.getByText("Runs python3 /app/serve.py").waitFor();
    await steps.filter({ hasText: "Read the report" }).first().click();
    await page.locator(".getting-started-step.expanded").getByRole("button", { name: "Open Sample Report" }).click();
    await panelOf(page).locator('main[data-state="ready"]').waitFor();
    await runCommand(page, "Coldstart: Get Started");
    await steps.filter({ hasText: "Read the report" }).locator(".codicon-getting-started-step-checked").first().waitFor();
  });
});

test("nothing outside was asked", () => {
  expect(browser.outside).toEqual([]);
});
