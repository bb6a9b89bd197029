import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Frame, type FrameLocator, type Locator, type Page } from "playwright-core";
import type { CodeServer } from "../parts/codeServer.ts";
import { poll, temporaryFolder } from "../parts/process.ts";

export interface TestBrowser {
  readonly browser: Browser;
  readonly context: BrowserContext;
  /** Addresses outside this machine that a page asked for; VS Code's own webview resources never leave the browser. */
  readonly outside: string[];
  close(): Promise<void>;
}

/** Debian's Chromium, cut off from every host but this one. */
export async function startBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    chromiumSandbox: false,
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
  const context = await browser.newContext({ viewport: { width: 1500, height: 950 }, reducedMotion: "reduce" });
  context.setDefaultTimeout(60_000);
  const outside: string[] = [];
  context.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol) && hostname !== "127.0.0.1" && !hostname.endsWith(".vscode-resource.vscode-cdn.net"))
      outside.push(request.url());
  });
  return { browser, context, outside, close: () => browser.close() };
}

/** The extension as `npm run package` made it, or another one that `COLDSTART_VSIX` names. */
export function packagedExtension(): string {
  const path = process.env["COLDSTART_VSIX"] ?? join(import.meta.dirname, "..", "..", "..", "out", "coldstart.vsix");
  if (!existsSync(path)) throw new Error("The extension is not packaged: npm run package");
  return path;
}

/** Opens a folder in a page of its own for as long as `use` takes, with the extensions there. Where that fails, a picture of it is taken. */
export async function inWindow(browser: TestBrowser, name: string, url: string, use: (page: Page) => Promise<void>): Promise<void> {
  const page = await browser.context.newPage();
  try {
    await openFolder(page, url);
    // What extensions contribute comes after the files.
    await ownIcon(page).waitFor();
    await use(page);
  } catch (error) {
    const path = join(picturesFolder ?? temporaryFolder("picture"), `failed-${fileName(name)}`);
    await page.screenshot({ path }).catch(() => undefined);
    console.error(`${name}: see ${path}`);
    throw error;
  } finally {
    await page.close();
  }
}

const picturesFolder = process.env["COLDSTART_PICTURES"];

/** For people, where `COLDSTART_PICTURES` names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  if (picturesFolder !== undefined) await page.screenshot({ path: join(picturesFolder, fileName(name)) });
}

function fileName(name: string): string {
  return `${name.replace(/\W+/g, "-")}.png`;
}

/** What Coldstart has written to its log in any window of the server. */
export function extensionLog({ home }: CodeServer): string {
  const logs = join(home, "data", "logs");
  const files = readdirSync(logs, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("Coldstart.log"));
  return files.map((name) => readFileSync(join(logs, name), "utf8")).join("\n");
}

/** Coldstart's icon in the bar. */
export function ownIcon(page: Page): Locator {
  return page.locator(".activitybar .action-label[aria-label^='Coldstart']");
}

export async function openFolder(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: "commit" });
  await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: 90_000 });
}

export async function openFile(page: Page, name: string): Promise<void> {
  const tab = page.locator(`.tab[data-resource-name="${name}"]`);
  await page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).first().dblclick();
  await tab.waitFor();
}

/**
 * Opens a report as its panel. A window that remembers the extension's icon shows it before it has read what the extension contributes, and a
 * file that is opened until then stays text.
 */
export async function openReport(page: Page, name: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    await openFile(page, name);
    try {
      await page.locator("iframe.webview.ready").last().waitFor({ timeout: 8_000 });
      return;
    } catch (error) {
      if (tries === 5) throw error;
      await page.locator(`.tab[data-resource-name="${name}"] .action-label.codicon-close`).click();
    }
  }
}

export function lens(page: Page, text: string | RegExp): Locator {
  return page.locator(".codelens-decoration", { hasText: text }).first();
}

/** Clicks the part of a lens line that has this text. Lenses are drawn anew now and then, so a click may need another try. */
export async function clickLens(page: Page, text: string | RegExp): Promise<void> {
  await page.locator(".codelens-decoration a", { hasText: text }).first().click();
}

/**
 * Runs a command from the palette. A key pressed while a webview takes the focus is lost, and a palette that opens before the extensions
 * were read never learns of their commands, hence the tries.
 */
export async function runCommand(page: Page, title: string): Promise<void> {
  const input = page.locator(".quick-input-widget .input");
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first();
  for (let tries = 0; ; tries++) {
    await page.keyboard.press("F1");
    try {
      await input.waitFor({ timeout: 4_000 });
      await input.fill(`>${title}`);
      await row.waitFor({ timeout: 6_000 });
      break;
    } catch (error) {
      if (tries === 8) throw error;
      await page.keyboard.press("Escape");
    }
  }
  await page.keyboard.press("Enter");
}

export async function trustWorkspace(page: Page): Promise<void> {
  await page.locator(".part.banner a", { hasText: "Manage" }).click();
  await page
    .locator(".workspace-trust-buttons-row")
    .getByRole("button", { name: /^Trust/ })
    .first()
    .click();
  await page.locator(".part.banner", { hasText: "Restricted Mode" }).waitFor({ state: "hidden" });
}

/** The workbench's own file dialog: a path is typed. */
export async function answerFileDialog(page: Page, path: string): Promise<void> {
  const input = page.locator(".quick-input-widget input[type=text]");
  await input.waitFor();
  await poll("the dialog of files", async () => (await input.inputValue()).startsWith("/"));
  // The dialog lists folders meanwhile, and takes an answer only once it has caught up with what is typed.
  await poll("the dialog of files to take the path", async () => {
    if (!(await input.isVisible())) return true;
    await input.fill(path, { timeout: 1000 }).catch(() => undefined);
    await page.keyboard.press("Enter");
    return !(await input.isVisible());
  });
}

/** The inner document of a webview. */
export function panelOf(page: Page): FrameLocator {
  return page.frameLocator("iframe.webview.ready").last().frameLocator("iframe#active-frame");
}

/** The frame of the panel, for what a locator cannot do. */
export async function panelFrame(page: Page): Promise<Frame> {
  for (const frame of page.frames()) {
    if (frame.isDetached() || !/fake\.html/.test(frame.url())) continue;
    if ((await frame.locator("main[data-state]").count()) > 0) return frame;
  }
  throw new Error("no panel is open");
}
