/** The panel with a scripted host in a plain browser: every state, every theme, the keyboard and a long list. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axeViolations } from "../parts/axe.ts";
import { poll } from "../parts/process.ts";
import { startBrowser, type TestBrowser } from "./workbench.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const themes = ["vscode-light", "vscode-dark", "vscode-high-contrast", "vscode-high-contrast-light"] as const;
const scenarios = ["edited", "traced", "hostile", "small", "loading", "failed", "bug", "empty"] as const;
/** The full view in every theme, the other states in one of each kind of contrast. */
const looks = [
  ...themes.map((theme) => ["image", theme] as const),
  ...scenarios.map((scenario, index) => [scenario, themes[index % themes.length] ?? "vscode-dark"] as const),
];

let browser: TestBrowser;
let url: string;
let server: ReturnType<typeof spawn>;

beforeAll(async () => {
  server = spawn(process.execPath, ["esbuild.mjs", "--serve"], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  server.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  url = await poll("the panel's server", async () => /(http:\/\/\S+?)\/\?/.exec(said)?.[1]);
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  server.kill();
});

/** Opens a scenario and hands its page to `use`; whatever the page complains of fails the test. */
async function withPanel(scenario: string, theme: string, use: (page: Page) => Promise<void>): Promise<void> {
  const page = await browser.context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  try {
    await page.goto(`${url}/?scenario=${scenario}&theme=${theme}`);
    await page.locator("main[data-state] h1").waitFor();
    await use(page);
    expect(complaints).toEqual([]);
  } finally {
    await page.close();
  }
}

test.each(looks)("%s in %s breaks no rule of accessibility or content security", async (scenario, theme) => {
  await withPanel(scenario, theme, async (page) => {
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate<boolean>("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  });
});

test("the chosen measure rules verdict, layers and chart", async () => {
  await withPanel("image", "vscode-dark", async (page) => {
    const verdict = page.locator(".verdict .big");
    const before = await verdict.innerText();
    expect(before).toContain("4 KiB pages");
    await page.getByLabel("Files opened").check();
    await poll("the verdict in files", async () => /of 30,920 files/.test(await verdict.innerText()));
    expect(await page.locator("canvas").getAttribute("aria-label")).toContain("files, ");
  });
});

test("layers open to packages and those to files with their reasons, by keyboard alone", async () => {
  await withPanel("image", "vscode-light", async (page) => {
    await page.locator('button[data-key="layer 3"]').focus();
    await page.keyboard.press("Enter");
    await page.locator('button[data-key="3 pip torch"]').waitFor();
    expect(await page.evaluate<string>("document.activeElement.dataset.key")).toBe("layer 3");
    // The next stop of the Tab key is the first package, the heaviest that is not read.
    await page.keyboard.press("Tab");
    expect(await page.evaluate<string>("document.activeElement.dataset.key")).toBe("3 pip torch");
    await page.keyboard.press("Space");
    await page.getByText("needed by torch/_C.cpython-311-x86_64-linux-gnu.so").first().waitFor();
    await page.keyboard.press("Space");
    await page.locator("tr.level-3").first().waitFor({ state: "detached" });
  });
});

test("100,000 files: few rows exist, scrolling and keys reach the end, search answers", async () => {
  await withPanel("many", "vscode-dark", async (page) => {
    const view = page.getByRole("grid");
    await page.getByText("100,000 files", { exact: false }).first().waitFor();
    await view.focus();
    await page.keyboard.press("End");
    await page.locator('[aria-rowindex="100000"]').waitFor();
    expect(await page.getByRole("row").count()).toBeLessThan(200);
    expect(await view.getAttribute("aria-activedescendant")).toBe("file-99999");
    // Each step leads to rows that were not drawn before.
    const frameMs = await page.evaluate<number>(`(async () => {
      const list = document.querySelector(".view");
      const started = performance.now();
      for (let step = 0; step < 60; step++) {
        list.scrollTop = step * 40_000;
        await new Promise((done) => requestAnimationFrame(done));
      }
      return (performance.now() - started) / 60;
    })()`);
    console.log(`measured panel: ${frameMs.toFixed(1)} ms per frame while scrolling through 100,000 files`);
    const search = page.getByRole("textbox", { name: "Search by path or package" });
    await search.fill("libtorch_cuda");
    await page.getByText("1 file, 902 MB.").waitFor();
    await page.getByText("Opened until ready, probability 98.0 %", { exact: false }).waitFor();
    await search.fill("no such file at all");
    await page.getByText("No file matches.").waitFor();
  });
});

test("what could be left out, weights, and a recorded start beside the estimate, which can be taken away again", async () => {
  await withPanel("image", "vscode-dark", async (page) => {
    await page.getByText("What could be left out: 535 MB").waitFor();
    await page.getByRole("rowheader", { name: /model.safetensors serve.py:11/ }).waitFor();
    await page.getByRole("button", { name: "Compare with a trace…" }).click();
    await page.getByText("of the traced files were predicted").waitFor();
    await page.getByText("Traced, not predicted: 2 files").waitFor();
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("button", { name: "Compare with a trace…" }).waitFor();
  });
});

test("files that only the first request opens are a list of their own", async () => {
  await withPanel("image", "vscode-light", async (page) => {
    await page.getByRole("combobox", { name: "Which files" }).click();
    await page.getByRole("option", { name: "Opened by the first request" }).click();
    await page.getByText("1 file, 3.1 kB.").waitFor();
    await page.getByText("Opened by the first request, probability 90.0 %", { exact: false }).waitFor();
  });
});

test("a package leads to its files, and back to all", async () => {
  await withPanel("image", "vscode-light", async (page) => {
    await page.getByRole("button", { name: /^triton 3.1.0/ }).click();
    await page.getByText("Only pip triton").waitFor();
    await page.getByText("Show all files").click();
    await page.getByText("30,920 files", { exact: false }).first().waitFor();
  });
});

test("names from a hostile image stay text", async () => {
  await withPanel("hostile", "vscode-light", async (page) => {
    expect(await page.locator("main img, main script").count()).toBe(0);
    expect(await page.locator("h1").innerText()).toContain("<img src=x onerror=alert(1)>");
    expect(await page.locator("h1").innerText()).not.toContain("\u202e");
  });
});

test("a failure says what to do and can be tried again", async () => {
  await withPanel("failed", "vscode-dark", async (page) => {
    await page.getByText("Log in with: docker login registry.example.com").waitFor();
    await page.getByText("Try again").click();
    await page.getByText("3 of 8 layers, 1.2 GB of 3.4 GB", { exact: false }).waitFor();
    await page.getByText("Cancel").click();
    await page.getByText("No image yet").waitFor();
  });
});
