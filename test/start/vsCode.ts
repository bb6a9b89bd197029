import { spawn } from "node:child_process";
import { join } from "node:path";
import { formatDuration } from "../../src/base/format.ts";
import { keptFolder } from "../real/parts/cache.ts";
import { startCodeServer } from "../real/parts/codeServer.ts";
import { poll } from "../real/parts/process.ts";
import { step, work } from "../steps.ts";
import type { Interruption } from "./interruption.ts";
import { codeServerProblems } from "./preflight.ts";

export interface VsCodeOptions {
  readonly workspace: string;
  /** What is to be seen there. */
  readonly about: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends once VS Code answers. */
  readonly headless: boolean;
  readonly interruption: Interruption;
  /** When `npm start` began, in this process's time. */
  readonly startedMs: number;
}

/** VS Code in the browser, with the packaged extension, on a folder, until the user interrupts. */
export async function serveVsCode(options: VsCodeOptions): Promise<void> {
  const server = await work("VS Code started with the extension", () =>
    startCodeServer({ home: keptFolder("start"), extensions: [join("out", "coldstart.vsix")], env: options.env }),
  );
  try {
    const url = server.folderUrl(options.workspace);
    await work("workbench answers", () => poll("the workbench", () => servesWorkbench(url)));
    console.log(`Ready after ${formatDuration(performance.now() - options.startedMs)}.`);
    if (options.headless) return;
    console.log(`\n  ${url}\n\n${options.about} Ctrl+C ends everything.`);
    openInBrowser(url);
    await options.interruption.wait();
  } finally {
    await server.stop();
  }
}

/** The same where VS Code may be missing: installs it if that needs no more than this user may, else says why it is left out. Returns the exit code. */
export async function offerVsCode(options: VsCodeOptions): Promise<number> {
  const without = await noVsCode();
  if (without !== undefined) {
    console.log(`VS Code in the browser is left out: ${without}`);
    return 0;
  }
  if ((await step("extension packaged", ["npm", "run", "-s", "package"])).exitCode !== 0) return 1;
  await serveVsCode(options);
  return 0;
}

/** Why VS Code cannot run here; undefined once it is installed. */
async function noVsCode(): Promise<string | undefined> {
  if (process.platform !== "linux")
    return "it is set up on Linux only. Install out/coldstart.vsix, which npm run package makes, into your own VS Code.";
  const problems = await codeServerProblems();
  if (problems.length > 0) return problems.join(" ");
  const installed = await step("code-server", ["bash", "test/setup", "--code-server"], { shown: true });
  return installed.exitCode === 0 ? undefined : "see above what is missing.";
}

async function servesWorkbench(url: string): Promise<boolean> {
  const response = await fetch(url);
  return response.ok && (await response.text()).includes("workbench");
}

function openInBrowser(url: string): void {
  if (!process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return;
  const opener = spawn("xdg-open", [url], { stdio: "ignore", detached: true });
  opener.once("error", () => {}); // the address stands in the terminal
  opener.unref();
}
