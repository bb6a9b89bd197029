// Builds the three programs of this package: the extension, the command line and the panel.
// `node esbuild.mjs [--minify] [--watch] [--only extension|cli|webview|filePage|cliFilePage] [--out FOLDER]`
// `node esbuild.mjs --serve` shows the panel in a plain browser with a scripted host.
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as esbuild from "esbuild";
import { noticesText, ownLicence } from "./thirdPartyNotices.mjs";

const { values: options } = parseArgs({
  options: {
    minify: { type: "boolean" },
    watch: { type: "boolean" },
    serve: { type: "boolean" },
    only: { type: "string", multiple: true },
    out: { type: "string", default: "dist" },
  },
});

/** CommonJS packages inside ES modules still ask for `require`. */
const requireBanner = {
  js: 'import { createRequire as createRequireForBundle } from "node:module";\nconst require = createRequireForBundle(import.meta.url);',
};

const common = {
  bundle: true,
  format: "esm",
  minify: options.minify ?? false,
  sourcemap: options.minify ? false : "linked",
  // The notices of all packages are in THIRD_PARTY_NOTICES.txt.
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
};

/**
 * Of the Kubernetes client only its kubeconfig is used. Its package does not say that its 870 models may be left out when nothing names
 * them, so all 16 MB of it would be bundled.
 */
const kubernetesWithoutModels = {
  name: "kubernetes-without-models",
  setup(build) {
    build.onResolve({ filter: /./ }, async ({ path, pluginData, ...from }) => {
      const isOfClient = path === "@kubernetes/client-node" || /[\\/]@kubernetes[\\/]client-node[\\/]/.test(from.importer);
      if (!isOfClient || pluginData === "asked") return undefined;
      const resolved = await build.resolve(path, { ...from, pluginData: "asked" });
      return { ...resolved, sideEffects: false };
    });
  },
};

/** Chunks lie beside the entries: the worker is found relative to the chunk that starts it. */
const node = {
  ...common,
  platform: "node",
  target: "node22",
  splitting: true,
  chunkNames: "chunk-[hash]",
  banner: requireBanner,
  plugins: [kubernetesWithoutModels],
};

/** The command line is started by its name. */
const executableBanner = { js: `#!/usr/bin/env node\n${requireBanner.js}` };

const browser = { ...common, platform: "browser", target: "es2023" };

/** The page leaves in files of their own, so the licences of what it is made of leave with it. */
const noticesBeside = {
  name: "notices-beside",
  setup(build) {
    build.onEnd(({ metafile }) => {
      if (!metafile) return;
      const head = `The page of this report is a part of Coldstart:\n\n${ownLicence()}\n\nIt contains the following packages.`;
      writeFileSync(join(build.initialOptions.outdir, "reportFile.notices.txt"), noticesText(head, [metafile]));
    });
  },
};

/** Small in every build: it is copied into each exported report. */
const filePage = {
  ...browser,
  plugins: [noticesBeside],
  minify: true,
  sourcemap: false,
  entryPoints: [
    { in: "webview/file/main.ts", out: "reportFile" },
    { in: "webview/file/file.css", out: "reportFile" },
  ],
};

/** @type {Record<string, import("esbuild").BuildOptions>} */
const builds = {
  extension: {
    ...node,
    entryPoints: { extension: "src/extension/extension.ts", factsWorker: "src/facts/factsWorker.ts" },
    outdir: options.out,
    external: ["vscode"],
  },
  // Its own build and without `vscode` as external: an engine file that reaches for VS Code fails here.
  cli: {
    ...node,
    banner: executableBanner,
    entryPoints: { main: "src/cli/main.ts", factsWorker: "src/facts/factsWorker.ts" },
    outdir: join(options.out, "cli"),
  },
  webview: {
    ...browser,
    entryPoints: [
      { in: "webview/main.ts", out: "panel" },
      { in: "webview/panel.css", out: "panel" },
      // Two pages, each whole: a shared chunk would be a script without the page's nonce.
      { in: "webview/report/main.ts", out: "report" },
      { in: "webview/report/report.css", out: "report" },
    ],
    outdir: join(options.out, "webview"),
  },
  // What a report in one HTML file holds; the extension and the command line each ship it.
  filePage: { ...filePage, outdir: join(options.out, "webview") },
  cliFilePage: { ...filePage, outdir: join(options.out, "cli") },
  // Served from memory only, beside `webview/dev/index.html`.
  dev: {
    ...browser,
    entryPoints: [
      { in: "webview/dev/main.ts", out: "panel" },
      { in: "webview/panel.css", out: "panel" },
      { in: "webview/dev/reportMain.ts", out: "report" },
      { in: "webview/report/report.css", out: "report" },
      { in: "webview/themes.css", out: "themes" },
    ],
    outdir: "webview/dev/built",
    write: false,
  },
};

if (options.serve) {
  const context = await esbuild.context(builds.dev);
  const { port } = await context.serve({ host: "127.0.0.1", servedir: "webview/dev" });
  console.log(`http://127.0.0.1:${port}/?scenario=image&theme=vscode-dark`);
  console.log(`http://127.0.0.1:${port}/report.html?scenario=arms&theme=vscode-dark`);
}
const wanted = options.serve ? [] : (options.only ?? ["extension", "cli", "webview", "filePage", "cliFilePage"]);
if (!options.only && !options.watch && !options.serve) rmSync(options.out, { recursive: true, force: true });
const metafiles = [];
for (const name of wanted) {
  const build = builds[name];
  if (!build) throw new Error(`There is no build named ${name}; there are ${Object.keys(builds).join(", ")}.`);
  const entries = Array.isArray(build.entryPoints) ? build.entryPoints.map((entry) => entry.in) : Object.values(build.entryPoints ?? {});
  const missing = entries.filter((entry) => !existsSync(entry));
  if (missing.length > 0) throw new Error(`The build ${name} lacks its entry ${missing.join(", ")}.`);
  if (options.watch) await (await esbuild.context(build)).watch();
  else metafiles.push((await esbuild.build(build)).metafile);
}
// Of a part of the programs it would be a part.
if (metafiles.length > 0 && !options.only)
  writeFileSync(join(options.out, "THIRD_PARTY_NOTICES.txt"), noticesText("Coldstart contains the following packages.", metafiles));
