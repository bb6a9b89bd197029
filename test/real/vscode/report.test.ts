/** Saved reports in the packaged extension: two of them compared, every part in its tab, and each export checked by what it holds. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { benchPartOf, documentOf, documentText } from "../../../src/results/document.ts";
import { chartForms, chartNames } from "../../../src/results/pictures/chartNames.ts";
import { comparedSamples } from "../../../webview/dev/sampleHistory.ts";
import { sampleBench } from "../../../webview/dev/sampleBench.ts";
import { sampleBoots } from "../../../webview/dev/sampleBoots.ts";
import { sampleReport } from "../../results/reportSample.ts";
import { axeViolations } from "../parts/axe.ts";
import { startCodeServer, type CodeServer } from "../parts/codeServer.ts";
import { poll, temporaryFolder } from "../parts/process.ts";
import { savedSample } from "./savedSample.ts";
import {
  answerFileDialog,
  inWindow,
  openReport,
  packagedExtension,
  panelFrame,
  panelOf,
  runCommand,
  startBrowser,
  type TestBrowser,
} from "./workbench.ts";

const made = { atEpochMs: 1_795_000_000_000, version: "0.1.0" };

let server: CodeServer;
let browser: TestBrowser;
let folder: string;

beforeAll(async () => {
  const env = { KUBECONFIG: join(temporaryFolder("no-kubeconfig"), "none"), COLDSTART_CACHE_DIR: temporaryFolder("facts") };
  server = await startCodeServer({ extensions: [packagedExtension()], settings: { "workbench.colorTheme": "Default Dark Modern" }, env });
  browser = await startBrowser();
  folder = temporaryFolder("reports");
  const [before, after] = comparedSamples(documentOf({ bench: sampleBench() }, made), ["a"]);
  if (!before || !after) throw new Error("the samples are missing");
  mkdirSync(join(folder, ".coldstart"));
  writeFileSync(join(folder, ".coldstart", "before.coldstart.json"), documentText(documentOf({ bench: before.document.bench?.run }, made)));
  const parts = { bench: after.document.bench?.run, boots: sampleBoots(false), image: sampleReport };
  writeFileSync(join(folder, "after.coldstart.json"), documentText(documentOf(parts, made)));
  writeFileSync(join(folder, "boots.coldstart.json"), documentText(documentOf({ boots: sampleBoots(false) }, made)));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function withReport(name: string, use: (page: Page, panel: FrameLocator) => Promise<void>): Promise<void> {
  await inWindow(browser, `report ${name}`, server.folderUrl(folder), async (page) => {
    await openReport(page, name);
    const panel = panelOf(page);
    await panel.locator('main[data-state="ready"]').waitFor();
    await use(page, panel);
  });
}

test("two reports of the workspace are compared: the regression is marked, the settings that changed are listed", async () => {
  await withReport("after.coldstart.json", async (page, panel) => {
    await panel.getByRole("tab", { name: "Compare" }).click();
    await panel.getByRole("checkbox", { name: /before\.coldstart\.json/ }).check();
    await panel.getByText(/of \d+ times became slower/).waitFor();
    expect(await panel.getByText("▲ slower").count()).toBeGreaterThan(0);
    expect(await panel.getByRole("region", { name: "Cold start: Changed settings, table" }).innerText()).toContain("6.1.148");
    expect(await panel.getByRole("checkbox").count()).toBe(2);
    await panel.getByRole("checkbox", { name: /boots\.coldstart\.json/ }).check();
    await panel.getByText("kubelet.service was ready as fast in").waitFor();
    expect(await panel.getByRole("region", { name: "Boots: Units on the chain, table" }).innerText()).toContain(
      "nvidia-driver-install.service",
    );
    expect(await axeViolations(await panelFrame(page))).toEqual([]);
  });
});

test("boots and image have their tabs, also of a report that holds nothing else", async () => {
  await withReport("after.coldstart.json", async (_page, panel) => {
    await panel.getByRole("tab", { name: "Boot" }).click();
    await panel.getByText("Corrected critical chain to kubelet.service").waitFor();
    await panel.getByText("Before and after").waitFor();
    await panel.getByRole("tab", { name: "Image" }).click();
    await panel.getByRole("heading", { name: /^Every byte/ }).waitFor();
  });
  await withReport("boots.coldstart.json", async (page, panel) => {
    expect(await panel.getByRole("tab").allInnerTexts()).toEqual(["Boot", "Compare"]);
    expect(await axeViolations(await panelFrame(page))).toEqual([]);
  });
});

/** A window on a folder that holds one report. */
async function withFile(content: string | Buffer, use: (page: Page, path: string, panel: FrameLocator) => Promise<void>): Promise<void> {
  const own = temporaryFolder("report");
  const path = join(own, "one.coldstart.json");
  writeFileSync(path, content);
  await inWindow(browser, "report one", server.folderUrl(own), (page) => use(page, path, panelOf(page)));
}

test("a report that is open follows its file: newer, cut off, whole again", async () => {
  const text = savedSample({ node: "node-a", context: "gpu" });
  await withFile(text, async (page, path, panel) => {
    await openReport(page, "one.coldstart.json");
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
  await withFile(Buffer.alloc(200_000_000, " "), async (page, _path, panel) => {
    await openReport(page, "one.coldstart.json");
    await panel.locator('main[data-state="failed"]').waitFor();
    await panel.getByText("larger than 150 MB").waitFor();
  });
});

test("a report is opened by its command, without any cluster", async () => {
  await withFile(savedSample({ node: "node-a", context: "gpu" }), async (page, path, panel) => {
    await runCommand(page, "Coldstart: Open Report…");
    await answerFileDialog(page, path);
    await panel.locator('main[data-state="ready"]').waitFor();
  });
});

const exports: readonly (readonly [label: string, ending: string, check: (content: Buffer) => void])[] = [
  [
    "Markdown",
    "md",
    (content) => expect(content.toString()).toMatch(/^### Cold start of fastapi-sklearn[^]*### Boot of 3 nodes[^]*### Image docker/),
  ],
  [
    "One HTML file",
    "html",
    (content) => {
      const [, data = ""] = /id="report">([^]*?)<\/script>/.exec(content.toString()) ?? [];
      expect(Object.keys(JSON.parse(data) as object)).toEqual(expect.arrayContaining(["bench", "boots", "image"]));
      expect(content.toString()).not.toMatch(/<link|src="/);
    },
  ],
  ["CSV, trials", "csv", (content) => expect(content.toString().trimEnd().split("\r\n")).toHaveLength(41)],
  ["CSV, units", "units.csv", (content) => expect(content.toString()).toContain("efs-wait.mount,storage")],
  ["CSV, files", "files.csv", (content) => expect(content.toString()).toContain("/home/app/serve.py")],
  [
    "CSV, packages",
    "packages.csv",
    (content) =>
      expect(content.toString().trimEnd().split("\r\n").slice(1)).toEqual([
        "docker://localhost:5000/demo:dev,pip,nvidia-cudnn-cu12,9.1.0.70,2,40,1074000000,1,105000,105000,1073895000",
        "docker://localhost:5000/demo:dev,pip,torch,2.5.1,2,11000,1500000000,900,1400000000,60000000,1440000000",
      ]),
  ],
  ...chartNames.flatMap((name) => {
    const { label } = chartForms[name];
    return [
      [`${label}, SVG`, `${name}.svg`, (content: Buffer) => expect(content.toString()).toMatch(/^<svg [^]*<\/svg>\n$/)],
      [
        `${label}, PNG`,
        `${name}.png`,
        (content: Buffer) => expect([content.subarray(1, 4).toString(), content.readUInt32BE(16)]).toEqual(["PNG", 1800]),
      ],
    ] as const;
  }),
  ["Chrome trace", "trace.json", (content) => expect(JSON.parse(content.toString())).toHaveProperty("traceEvents")],
  [
    "JSON, everything",
    "json",
    (content) =>
      expect(JSON.parse(content.toString())).toMatchObject({
        kind: "coldstart-report",
        bench: { run: { id: benchPartOf(sampleBench()).run.id } },
      }),
  ],
];

/** Beside the report, under its name, as the dialog offers. */
async function acceptPlace(page: Page, path: string): Promise<void> {
  const input = page.locator(".quick-input-widget input[type=text]");
  await poll(`the place ${path} to be offered`, async () => (await input.isVisible()) && (await input.inputValue()) === path);
  await poll("the dialog to take it", async () => {
    if (!(await input.isVisible())) return true;
    await page.keyboard.press("Enter");
    return !(await input.isVisible());
  });
}

test("each export holds what it says", async () => {
  await withReport("after.coldstart.json", async (page, panel) => {
    for (const [label, ending, check] of exports) {
      const target = join(folder, `after.${ending}`);
      await panel.getByRole("button", { name: "Export" }).click();
      await panel.getByRole("menuitem", { name: label }).click();
      await acceptPlace(page, target);
      await poll(`the export ${label}`, async () => existsSync(target) && readFileSync(target).length > 0);
      check(readFileSync(target));
    }
  });
});
