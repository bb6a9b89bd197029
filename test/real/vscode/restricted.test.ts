/** A workspace that is not trusted: no program of a kubeconfig runs and no cluster is contacted. Needs none. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCodeServer, type CodeServer } from "../parts/codeServer.ts";
import { poll, temporaryFolder } from "../parts/process.ts";
import { savedSample } from "./savedSample.ts";
import {
  answerFileDialog,
  extensionLog,
  inWindow,
  ownIcon,
  packagedExtension,
  panelOf,
  runCommand,
  startBrowser,
  trustWorkspace,
  type TestBrowser,
} from "./workbench.ts";

/** Whether the program that signs in to the kubeconfig's cluster was run. */
let wasRun: () => boolean;
let kubeconfig: string;
let server: CodeServer;
let browser: TestBrowser;

beforeAll(async () => {
  const place = temporaryFolder("exec");
  const touched = join(place, "was-run");
  wasRun = () => existsSync(touched);
  const program = join(place, "sign-in");
  writeFileSync(program, `#!/bin/sh\ntouch ${touched}\nexit 1\n`);
  chmodSync(program, 0o755);
  kubeconfig = join(place, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "hostile",
    contexts: [{ name: "hostile", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "u", user: { exec: { apiVersion: "client.authentication.k8s.io/v1", command: program, interactiveMode: "Never" } } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  server = await startCodeServer({
    extensions: [packagedExtension()],
    restricted: true,
    settings: { "security.workspace.trust.untrustedFiles": "open" },
    env: { KUBECONFIG: kubeconfig },
  });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test("no program of a kubeconfig runs and no cluster is contacted before the workspace is trusted; a report is still shown", async () => {
  const folder = temporaryFolder("restricted");
  writeFileSync(join(folder, "saved.coldstart.json"), savedSample({ node: "node-a", context: "elsewhere" }));
  // A workspace may not say which kubeconfig is used, either.
  mkdirSync(join(folder, ".vscode"));
  writeFileSync(join(folder, ".vscode", "settings.json"), JSON.stringify({ "coldstart.kubernetes.kubeconfig": kubeconfig }));
  await inWindow(browser, "restricted", server.folderUrl(folder), async (page) => {
    for (const command of ["Benchmark Cold Start…", "Clean Up Cluster…"]) {
      await runCommand(page, `Coldstart: ${command}`);
      await page.locator(".notification-toast", { hasText: "Coldstart contacts no cluster in Restricted Mode." }).first().waitFor();
      await page.locator(".notification-toast").first().hover();
      await page.locator(".notification-toast .codicon-notifications-clear").first().click();
    }
    await ownIcon(page).click();
    await page.locator(".pane-body .monaco-list-row", { hasText: "sample:1" }).first().waitFor();
    expect(await page.locator(".pane-body .monaco-list-row", { hasText: "hostile" }).count()).toBe(0);
    await runCommand(page, "Coldstart: Open Report…");
    await answerFileDialog(page, join(folder, "saved.coldstart.json"));
    await panelOf(page).locator('main[data-state="ready"]').waitFor();
    expect(wasRun()).toBe(false);
    expect(extensionLog(server)).not.toContain("hostile");

    // Trusted, the context is listed from the file alone; only who opens it signs in.
    await trustWorkspace(page);
    await page.locator(".monaco-modal-editor-block .codicon-close, .modal-editor-part .codicon-close").first().click();
    const context = page.locator(".pane-body .monaco-list-row", { hasText: "hostile" });
    await context.waitFor();
    expect(wasRun()).toBe(false);
    await context.click();
    await poll("the program that signs in", async () => wasRun());
    await page.locator(".pane-body .monaco-list-row", { hasText: 'Signing in to the context "hostile" failed' }).waitFor();
  });
  expect(browser.outside).toEqual([]);
});
