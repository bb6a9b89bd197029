import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { must, freePort, startServer, temporaryFolder } from "./process.ts";
import { answers } from "./registry.ts";

/** As installed by `test/setup`. */
export const codeServerFolder = join(cacheFolder, "code-server-4.139.1");
const nodeProgram = join(codeServerFolder, "node");
const program = join(codeServerFolder, "node_modules", "code-server");

/** Settings that keep VS Code from greeting, updating and telling. */
const quietSettings = {
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "workbench.enableExperiments": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "git.enabled": false,
};

export interface CodeServerOptions {
  /** Where user data and extensions lie; absent: a temporary folder. */
  readonly home?: string;
  readonly port?: number;
  /** Packaged extensions to install first. */
  readonly extensions?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Over those of the user, and there before an extension is; a user's come some time after the window. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  /** Folders open in Restricted Mode until they are trusted. */
  readonly restricted?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

export interface CodeServer {
  readonly url: string;
  readonly home: string;
  readonly pid: number;
  /** The page that opens this folder. */
  folderUrl(folder: string): string;
  log(): string;
  stop(): Promise<void>;
}

/** VS Code as a server with its workbench in the browser; it looks up nothing outside this machine. */
export async function startCodeServer(options: CodeServerOptions = {}): Promise<CodeServer> {
  const home = options.home ?? temporaryFolder("code-server");
  const at = (...parts: string[]): string => join(home, ...parts);
  mkdirSync(at("data", "User"), { recursive: true });
  writeFileSync(at("config.yaml"), "auth: none\ncert: false\n");
  writeFileSync(at("data", "User", "settings.json"), JSON.stringify({ ...quietSettings, ...options.settings }, undefined, 2));
  if (options.machineSettings) {
    mkdirSync(at("data", "Machine"), { recursive: true });
    writeFileSync(at("data", "Machine", "settings.json"), JSON.stringify(options.machineSettings));
  }
  const folders = ["--config", at("config.yaml"), "--user-data-dir", at("data"), "--extensions-dir", at("extensions")];
  const env: NodeJS.ProcessEnv = {
    PATH: process.env["PATH"],
    LANG: "C.UTF-8",
    HOME: home,
    XDG_CONFIG_HOME: at("xdg"),
    XDG_DATA_HOME: at("xdg"),
    XDG_CACHE_HOME: at("xdg"),
    XDG_RUNTIME_DIR: home,
    TMPDIR: home,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...options.env,
  };
  for (const extension of options.extensions ?? [])
    await must([nodeProgram, program, ...folders, "--install-extension", extension, "--force"], { env });
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const quiet = [
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-getting-started-override",
    "--disable-proxy",
    "--ignore-last-opened",
  ];
  const trust = options.restricted ? [] : ["--disable-workspace-trust"];
  const server = await startServer(
    [nodeProgram, program, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, ...folders, ...quiet, ...trust, ...(options.args ?? [])],
    () => answers(`${url}/healthz`),
    { env, logFile: at("server.log") },
  );
  return {
    url,
    home,
    pid: server.pid,
    folderUrl: (folder) => `${url}/?folder=${encodeURIComponent(folder)}`,
    log: () => server.log(),
    stop: () => server.stop(),
  };
}
