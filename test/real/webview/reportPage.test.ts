import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axeViolations } from "../parts/axe.ts";

/**
 * The page of a report in a real browser, on the canned reports of `webview/dev`: every view in every theme without a fault of
 * accessibility or a breach of the content policy, by keyboard, and as quick as promised. Pictures go to `out/report`.
 */
const root = join(import.meta.dirname, "../../..");
const pictures = join(root, "out/report");
const themes = ["vscode-light", "vscode-dark", "vscode-high-contrast", "vscode-high-contrast-light"];

let server: ChildProcess;
let origin = "";
let browser: Browser;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  server = spawn(process.execPath, ["esbuild.mjs", "--serve"], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  origin = await new Promise((resolve, reject) => {
    let said = "";
    server.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve(found[0]);
    });
    server.on("exit", () => reject(new Error(`the page is not served: ${said}`)));
  });
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", chromiumSandbox: false });
});

afterAll(async () => {
  await browser?.close();
  server?.kill();
});

interface Shown {
  readonly page: Page;
  /** Errors, breaches of the policy, dialogs: what may not happen. */
  readonly wrong: string[];
}

async function show(query: string, width = 940): Promise<Shown> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const wrong: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") wrong.push(message.text());
  });
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("dialog", (dialog) => {
    wrong.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`${origin}/report.html?${query}`);
  await page.locator("main[data-state]").waitFor();
  await page.waitForFunction("document.fonts.status === 'loaded'");
  return { page, wrong };
}

const views: readonly (readonly [string, string])[] = [
  ["summary", "scenario=arms"],
  ["waterfall", "scenario=arms&tab=waterfall&arm=SOCI&overlay=arms&openTables=observations"],
  ["trials", "scenario=200&tab=trials"],
  ["boot", "scenario=arms&tab=boot&openTables=units,systemdChain"],
  ["image", "scenario=arms&tab=image"],
  ["compare", "scenario=arms&tab=compare&compared=a"],
  ["compare-four", "scenario=arms&tab=compare&compared=a,b,c"],
  ["compare-refused", "scenario=arms&tab=compare&compared=b,c"],
  ["compare-boots", "scenario=arms&tab=compare&compared=d"],
  ["compare-all", "scenario=arms&tab=compare&compared=a,d,e"],
  ["running", "scenario=running"],
  ["lost", "scenario=lost"],
  ["close", "scenario=close"],
  ["empty", "scenario=empty"],
  ["loading", "scenario=loading"],
  ["failed", "scenario=failed"],
  ["newer", "scenario=newer"],
];

test.each(themes)("every view is without faults in %s", async (theme) => {
  for (const [name, query] of views) {
    const { page, wrong } = await show(`${query}&theme=${theme}`);
    await page.screenshot({ path: join(pictures, `${name}-${theme.slice("vscode-".length)}.png`), fullPage: true });
    expect(await axeViolations(page), `${name} in ${theme}`).toEqual([]);
    expect(wrong, `${name} in ${theme}`).toEqual([]);
    await page.close();
  }
});

test("hostile names are text in every view", async () => {
  for (const tab of [
    "summary",
    "waterfall&arm=SOCI&openTables=observations",
    "trials",
    "boot&openTables=units,systemdChain",
    "image",
    "compare&compared=a",
  ]) {
    const { page, wrong } = await show(`scenario=hostile&tab=${tab}`);
    expect(await page.locator("main img, main script, main svg[onload]").count()).toBe(0);
    await expect.poll(() => page.locator("h1").textContent()).toContain("<img src=x onerror=alert(1)>");
    expect(wrong).toEqual([]);
    await page.close();
  }
});

test("tabs, badges, menu and list go by keyboard", async () => {
  const { page, wrong } = await show("scenario=arms");
  await page.locator("#tab-summary").focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => page.evaluate("document.activeElement?.id")).toBe("tab-waterfall");
  await page.keyboard.press("End");
  await expect.poll(() => page.locator("#tab-compare").getAttribute("aria-selected")).toBe("true");
  await page.getByRole("button", { name: "Failed: 2 failed" }).press("Enter");
  await expect.poll(() => page.locator(".trials .row:not(.head)").count()).toBe(2);
  await page.getByRole("grid", { name: "Trials" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(".trial-title").textContent()).toContain("SOCI, trial");
  await expect.poll(() => page.evaluate("document.activeElement?.id")).toBe("panel");
  await page.getByRole("button", { name: "Export" }).press("Enter");
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => page.evaluate("document.activeElement?.textContent")).toBe("One HTML file, to read anywhere");
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("menu").count()).toBe(0);
  expect(wrong).toEqual([]);
  await page.close();
});

test("reports are picked and compared by keyboard; a regression has a sign and a word, a refusal its reason", async () => {
  const { page, wrong } = await show("scenario=arms&tab=compare");
  const box = page.getByRole("checkbox", { name: /gpu-pool-a-before-upgrade/ });
  await box.focus();
  await page.keyboard.press("Space");
  await page.getByText(/of \d+ times became slower and \d+ faster than in/).waitFor();
  expect(await page.getByText("▲ slower").count()).toBeGreaterThan(0);
  expect(await page.getByText("▼ faster").count()).toBeGreaterThan(0);
  await expect.poll(() => page.getByRole("region", { name: "Cold start: Changed settings, table" }).textContent()).toContain("6.1.148");
  await expect.poll(() => page.evaluate("document.activeElement?.id")).toBe("compare-0");
  await page.keyboard.press("Space");
  await expect.poll(() => page.getByRole("region", { name: "Cold start: Changed settings, table" }).count()).toBe(0);
  await page.getByRole("checkbox", { name: /page-cache-kept/ }).check();
  await page.getByText("times of starts that were not equally cold are not subtracted").waitFor();
  expect(wrong).toEqual([]);
  await page.close();
});

test("boots and images are compared beside benchmarks, and what cannot be is said", async () => {
  const { page, wrong } = await show("scenario=arms&tab=compare&compared=a,d");
  await page.getByText(/kubelet\.service was ready [\d.]+ s sooner in .*before-upgrade.* than in .*g6-boots/).waitFor();
  await page.getByText("so 2 more of gpu-pool-a").waitFor();
  await page.getByText(/The image of gpu-pool-a is .* larger than that of/).waitFor();
  await page.getByText("g6-boots holds no benchmark").waitFor();
  const units = page.getByRole("region", { name: "Boots: Units on the chain, table" });
  expect(await units.getByRole("row", { name: /nvidia-driver-install/ }).textContent()).toContain("▼ faster");
  const packages = page.getByRole("region", { name: "Image: Packages that differ, table" });
  expect(await packages.getByRole("row", { name: /pip torch/ }).textContent()).toContain("≠ other version");
  expect(await packages.getByRole("row", { name: /pip triton/ }).textContent()).toContain("▲ added");
  expect(wrong).toEqual([]);
  await page.close();
});

test("four reports are compared without scrolling sideways at 940 px", async () => {
  const { page } = await show("scenario=arms&tab=compare&compared=a,b,c");
  await page.getByText("▲ slower").first().waitFor();
  const tables = await page
    .locator(".comparison")
    .evaluateAll((all) => all.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
  expect(tables.length).toBeGreaterThan(6);
  expect(tables.filter((over) => over > 0)).toEqual([]);
  expect(await page.locator(".comparison").nth(1).locator("thead th").allTextContents()).toHaveLength(5);
  await page.close();
});

test("the ladder begins from what boots and trials measured, follows its sliders and says where they began", async () => {
  const { page } = await show("scenario=two");
  const node = page.getByRole("slider", { name: "New node" });
  await expect.poll(() => node.getAttribute("aria-valuetext")).toMatch(/^[\d.]+ s, median of 3 boots in this report, ± /);
  await expect
    .poll(() => page.getByRole("slider", { name: "Application start" }).getAttribute("aria-valuetext"))
    .toMatch(/^[\d.]+× measured: /);
  const rung = page.locator(".rung").filter({ hasText: "with a new node" });
  const before = await rung.textContent();
  await node.fill("600");
  await expect.poll(() => rung.textContent()).not.toBe(before);
  await page.getByRole("slider", { name: "Application start" }).fill("200");
  await expect.poll(() => page.locator(".rung").filter({ hasText: "application ready" }).textContent()).toContain("slower");
  await expect.poll(() => page.getByRole("slider", { name: "Application start" }).getAttribute("aria-valuetext")).toContain("measured");
  await page.close();
});

test("marks of a running trial come into sight within 250 ms, and its end reaches every view", async () => {
  const { page } = await show("scenario=live");
  await page.locator(".live-trial .segment.stage-pull").waitFor({ timeout: 6000 });
  await page.getByText("22 of 40 trials have ended").waitFor({ timeout: 10_000 });
  const delays = await page.evaluate(() => {
    const drawn = performance.getEntriesByName("live-drawn").map(({ startTime }) => startTime);
    return performance
      .getEntriesByName("mark-observed")
      .map(({ startTime }) => (drawn.find((at) => at >= startTime) ?? Infinity) - startTime);
  });
  console.log(`${delays.length} marks, drawn after at most ${Math.max(...delays).toFixed(1)} ms`);
  expect(delays.length).toBeGreaterThan(8);
  expect(Math.max(...delays)).toBeLessThan(250);
  await page.close();
});

test.each([
  ["200", 300],
  ["10000", 1000],
])("a report of %s trials is on the screen in time", async (scenario, limitMs) => {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const { page } = await show(`scenario=${scenario}`);
    await page.waitForFunction(() => performance.getEntriesByName("page-painted").length > 0);
    times.push(
      await page.evaluate(() => {
        const at = (name: string): number => performance.getEntriesByName(name)[0]?.startTime ?? NaN;
        return at("page-painted") - at("page-starts");
      }),
    );
    await page.close();
  }
  const middle = times.toSorted((a, b) => a - b)[1];
  console.log(`first paint of ${scenario} trials: ${times.map((ms) => Math.round(ms)).join(", ")} ms`);
  expect(middle).toBeLessThan(limitMs);
});
