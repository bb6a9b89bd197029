import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { documentOf, type ReportDocument } from "../../../src/results/document.ts";
import { chartForms, chartNames } from "../../../src/results/pictures/chartNames.ts";
import { pagePartFiles, reportHtml, type ReportPageParts } from "../../../src/results/reportHtml.ts";
import { sampleBench } from "../../../webview/dev/sampleBench.ts";
import { sampleBoots } from "../../../webview/dev/sampleBoots.ts";
import { formatCount } from "../../../src/base/format.ts";
import { sampleFiles, savedReport } from "../../../webview/dev/sampleImage.ts";
import { sampleReport } from "../../results/reportSample.ts";
import { axeViolations } from "../parts/axe.ts";

/**
 * A report in one HTML file, opened from disk in a real browser without a network: it asks for nothing, breaks no rule of its own policy,
 * shows every view in light and dark, and gives its data away again. Pictures go to `out/report`.
 */
const root = join(import.meta.dirname, "../../..");
const pictures = join(root, "out/report");
const folder = mkdtempSync(join(tmpdir(), "report-file-"));
const built = join(folder, "built");

let browser: Browser;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  execFileSync(process.execPath, ["esbuild.mjs", "--only", "filePage", "--out", built], { cwd: root });
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", chromiumSandbox: false });
});

afterAll(async () => {
  await browser?.close();
});

const made = { atEpochMs: 1_795_000_000_000, version: "0.1.0" };
const whole = documentOf({ bench: sampleBench(), boots: sampleBoots(false), image: sampleReport }, made);

interface Opened {
  readonly page: Page;
  /** Every address that was asked for, the file's own left out. */
  readonly asked: string[];
  /** Errors, breaches of the policy, dialogs. */
  readonly wrong: string[];
}

async function open(document: ReportDocument, name: string, colorScheme: "light" | "dark"): Promise<Opened> {
  const part = (name: keyof ReportPageParts): string => readFileSync(join(built, "webview", pagePartFiles[name]), "utf8");
  const path = join(folder, `${name}.html`);
  writeFileSync(path, reportHtml(document, { script: part("script"), style: part("style"), notices: part("notices") }));
  const context = await browser.newContext({ colorScheme, viewport: { width: 940, height: 900 }, acceptDownloads: true, offline: true });
  const opened: Opened = { page: await context.newPage(), asked: [], wrong: [] };
  opened.page.on("request", (request) => {
    if (request.url() !== `file://${path}`) opened.asked.push(request.url());
  });
  opened.page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") opened.wrong.push(message.text());
  });
  opened.page.on("pageerror", (error) => opened.wrong.push(error.message));
  opened.page.on("dialog", (dialog) => {
    opened.wrong.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await opened.page.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))",
  );
  await opened.page.goto(`file://${path}`);
  await opened.page.locator("main[data-state=ready]").waitFor();
  return opened;
}

test.each(["light", "dark"] as const)(
  "every view of the file in %s: nothing asked for, no breach, no fault of accessibility",
  async (scheme) => {
    const { page, asked, wrong } = await open(whole, `whole-${scheme}`, scheme);
    expect(await page.locator("[role=tab]").allTextContents()).toEqual(["Summary", "Waterfall", "Trials", "Boot", "Image"]);
    for (const tab of ["Summary", "Waterfall", "Trials", "Boot", "Image"]) {
      await page.getByRole("tab", { name: tab }).click();
      await page.screenshot({ path: join(pictures, `file-${tab.toLowerCase()}-${scheme}.png`), fullPage: true });
      expect(await axeViolations(page), tab).toEqual([]);
    }
    expect(wrong).toEqual([]);
    expect(asked).toEqual([]);
    await page.context().close();
  },
);

test("the licences of all that the page is made of stand in it", async () => {
  const { page, wrong } = await open(whole, "licences", "light");
  await page.getByText("Licences of the software in this file").click();
  const text = await page.locator("footer pre").innerText();
  expect(text).toContain("Copyright (c) 2026 the Coldstart authors");
  for (const name of ["chart.js", "@vscode/webview-ui-toolkit", "@microsoft/fast-element", "@microsoft/fast-foundation"])
    expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\nMIT\n`, "m"));
  expect(await axeViolations(page)).toEqual([]);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test("the files that startup opens are listed, searched and explained", async () => {
  const image = savedReport(sampleFiles(60_000), "image");
  const { page, asked, wrong } = await open(documentOf({ image }, made), "files", "light");
  const count = image.files.length + image.requestFiles.length;
  expect(count).toBeGreaterThan(3000);
  await page.getByText(new RegExp(`^${formatCount(count)} files, `)).waitFor();
  // Only rows in sight exist.
  expect(await page.locator(".files .row").count()).toBeLessThan(60);
  const grid = page.getByRole("grid", { name: "Files of the image" });
  await grid.focus();
  await page.keyboard.press("End");
  await expect.poll(() => page.locator(".files .row.active").getAttribute("aria-rowindex")).toBe(String(count));
  await page.getByRole("textbox", { name: "Search by path" }).fill("serve.py");
  await page.getByText("1 file, ").waitFor();
  await expect.poll(() => page.locator(".files .why").innerText()).toContain("Opened until ready, probability 100 %");
  expect(await page.locator(".files .why").innerText()).not.toContain("of no package");
  expect(await axeViolations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, "file-files-light.png"), fullPage: true });
  expect(wrong).toEqual([]);
  expect(asked).toEqual([]);
  await page.context().close();
});

test("any trial is shown, and the theme follows the reader's system", async () => {
  const { page, wrong } = await open(whole, "trial", "light");
  await page.getByRole("tab", { name: "Trials" }).click();
  await page.getByRole("grid", { name: "Trials" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(".trial-title").textContent()).toMatch(/, trial \d+/);
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(() => page.evaluate("document.body.className")).toBe("vscode-dark");
  expect(wrong).toEqual([]);
  await page.context().close();
});

/** What a line of the Export menu downloads. Chromium drops, without a word, the eleventh that a frame asks for within a second: few a page. */
async function exported(page: Page, label: string): Promise<Buffer> {
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: label }).click()]);
  return readFileSync(await download.path());
}

test("its exports hold what they say", async () => {
  const { page, asked, wrong } = await open(whole, "exports", "light");
  expect(JSON.parse((await exported(page, "JSON, everything")).toString("utf8"))).toEqual(JSON.parse(JSON.stringify(whole)));
  expect((await exported(page, "CSV, trials × stages")).toString("utf8").trimEnd().split("\r\n")).toHaveLength(41);
  expect((await exported(page, "CSV, units of the boots")).toString("utf8")).toContain("efs-wait.mount");
  expect((await exported(page, "Markdown")).toString("utf8")).toMatch(/^### Cold start of/);
  expect(JSON.parse((await exported(page, "Chrome trace")).toString("utf8"))).toHaveProperty("traceEvents");
  expect(wrong).toEqual([]);
  expect(asked.filter((address) => !address.startsWith("blob:"))).toEqual([]);
  await page.context().close();
});

test.each(chartNames)("its chart %s is exported as SVG and PNG", async (name) => {
  const { page, asked, wrong } = await open(whole, `chart-${name}`, "light");
  writeFileSync(join(pictures, `chart-${name}.svg`), await exported(page, `${chartForms[name].label}, SVG`));
  const png = await exported(page, `${chartForms[name].label}, PNG`);
  writeFileSync(join(pictures, `chart-${name}.png`), png);
  expect(png.subarray(0, 8).toString("hex")).toBe("89504e470d0a1a0a");
  // The width in the header: twice 900 px.
  expect(png.readUInt32BE(16)).toBe(1800);
  expect(wrong).toEqual([]);
  expect(asked.filter((address) => !address.startsWith("blob:"))).toEqual([]);
  // As a document of its own: within the page its style would fall under the page's policy.
  const picture = await page.context().newPage();
  await picture.goto(`file://${join(pictures, `chart-${name}.svg`)}`);
  expect(await picture.evaluate("[document.documentElement.localName, document.querySelector('parsererror')]")).toEqual(["svg", null]);
  await picture.screenshot({ path: join(pictures, `chart-${name}-svg.png`) });
  await page.context().close();
});

test.each([
  ["no canvas", "HTMLCanvasElement.prototype.getContext = () => null"],
  ["no canvas of this size", "HTMLCanvasElement.prototype.toDataURL = () => 'data:,'"],
])("a chart that cannot be drawn is said: the browser gives %s", async (_, fault) => {
  const { page, wrong } = await open(whole, "undrawn", "light");
  await page.evaluate(fault);
  const { label } = chartForms.trials;
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: `${label}, PNG` }).click();
  await expect.poll(() => page.getByRole("alert").textContent()).toBe(`“${label}” could not be drawn as PNG. Export it as SVG.`);
  expect(await axeViolations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, "file-undrawn-light.png") });
  expect((await exported(page, `${label}, SVG`)).toString("utf8")).toMatch(/^<svg /);
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(wrong).toEqual([]);
  await page.context().close();
});

test("hostile names are text in the file", async () => {
  const hostile = documentOf(
    { bench: { ...sampleBench({ hostile: true }), id: "</script><img src=x onerror=alert(3)>" }, boots: sampleBoots(true) },
    made,
  );
  const { page, asked, wrong } = await open(hostile, "hostile", "dark");
  for (const tab of ["Summary", "Waterfall", "Trials", "Boot"]) {
    await page.getByRole("tab", { name: tab }).click();
    expect(await page.locator("main img, main script, main svg[onload]").count()).toBe(0);
  }
  expect(await page.title()).toContain("<img src=x onerror=alert(1)>");
  expect(wrong).toEqual([]);
  expect(asked).toEqual([]);
  await page.context().close();
});

test("a file of ten thousand trials opens in seconds", async () => {
  const began = performance.now();
  const { page } = await open(documentOf({ bench: sampleBench({ trialsPerArm: 2500 }) }, made), "many", "light");
  console.log(`ten thousand trials in one HTML file: written and on the screen after ${Math.round(performance.now() - began)} ms`);
  expect(await page.locator(".verdict").first().textContent()).toContain("faster");
  await page.context().close();
});
