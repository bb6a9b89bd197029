import { scanJavaScript } from "../../facts/javascript/scan.ts";
import { folderOf, joinPath, nameOf } from "../paths.ts";
import { unknownWord, type Command, type Runtime, type StartupWalk } from "../walk.ts";
import { ModuleGraph } from "./moduleGraph.ts";
import { moduleResolver, type ModuleResolver } from "./moduleResolution.ts";
import { nodeArguments, type NodeArguments } from "./nodeArguments.ts";
import { nextBuild } from "./nextBuild.ts";
import { nodeVersion, requiresModules } from "./nodeVersion.ts";
import { launchOf, shellFor } from "./packageManagers.ts";
import { packagesIn } from "./packageJson.ts";

/** Programs started by `node`, by a package manager's scripts, or by a `#!` line that names node. */
export const nodeRuntime: Runtime = {
  name: "node",
  matches: (programName, executable) => isNode(programName) || isNode(nameOf(executable)),
  start(command, executable, _invokedPath, walk) {
    const options = nodeArguments(command.argv.slice(1), command.env.get("NODE_OPTIONS")?.split(/\s+/).filter(Boolean) ?? []);
    const libraries = walk.elf.closure(executable, command.env);
    openDistributionFiles(command, libraries, walk);
    if (!libraries.some((path) => /\/libcrypto\.so/.test(path)))
      walk.open("/etc/ssl/openssl.cnf", "openssl", command.probability * 0.95, `${nameOf(executable)} starts its own OpenSSL`);
    if (options.onlyPrints) return;
    for (const file of options.envFiles)
      walk.open(joinPath(command.cwd, file), "node-env-file", command.probability, `node --env-file=${file}`);
    const conditions = requiresModules(nodeVersion(walk.catalog, command, libraries))
      ? ["module-sync", ...options.conditions]
      : options.conditions;
    const resolver = moduleResolver(walk.catalog, searchFolders(command, executable, libraries), conditions);
    // A server looks the name up that it listens on.
    if (options.script !== undefined)
      walk.open("/etc/nsswitch.conf", "name", command.probability * 0.7, `${nameOf(executable)} looks names up`);
    const graph = new ModuleGraph(walk, command, resolver);
    graph.readsSourceMaps = options.readsSourceMaps;
    for (const { specifier, mode } of options.preloads) {
      graph.addModule(
        specifier,
        command.cwd,
        mode,
        1,
        "node-preload",
        `node ${mode === "require" ? "--require" : "--import"} ${specifier}`,
      );
    }
    graph.follow();
    startProgram(command, options, resolver, graph, walk);
  },
};

function isNode(name: string): boolean {
  return /^node(?:js)?(?:-?\d+(?:\.\d+)*)?$/.test(name);
}

/** NODE_PATH and the executable's own `lib/node`, which are searched after all `node_modules`. */
function searchFolders(command: Command, executable: string, libraries: readonly string[]): readonly string[] {
  const listed = (command.env.get("NODE_PATH") ?? "").split(":").filter((path) => path.startsWith("/"));
  const home = command.env.get("HOME");
  const own = home === undefined ? [] : [`${home}/.node_modules`, `${home}/.node_libraries`];
  // Debian's own Node also looks where Debian installs packages.
  const debian = libraries.some((path) => /\/libnode\.so/.test(path)) ? ["/usr/share/nodejs", "/usr/lib/nodejs"] : [];
  return [...listed, ...own, joinPath(folderOf(executable), "../lib/node"), ...debian];
}

/** Debian builds Node without its copies of these libraries; it reads them from here at every start. */
const debianFiles = [
  "acorn/dist/acorn.js",
  "acorn-walk/dist/walk.js",
  "cjs-module-lexer/lexer.js",
  "cjs-module-lexer/dist/lexer.js",
  "undici/undici-fetch.js",
  "minimatch/dist/cjs/index.bundle.js",
];

function openDistributionFiles(command: Command, libraries: readonly string[], walk: StartupWalk): void {
  if (!libraries.some((path) => /\/libnode\.so/.test(path))) return;
  for (const file of debianFiles)
    walk.open(`/usr/share/nodejs/${file}`, "node-distribution", command.probability * 0.95, "Debian's Node keeps parts of itself here");
}

function startProgram(command: Command, options: NodeArguments, resolver: ModuleResolver, graph: ModuleGraph, walk: StartupWalk): void {
  if (options.run !== undefined) {
    const scope = packagesIn(walk.catalog).scopeOf(command.cwd);
    const argv = scope && shellFor(scope.scripts, options.run, options.rest);
    if (scope) walk.open(scope.path, "node-package-json", command.probability, `node --run ${options.run}`);
    if (argv) walk.run({ ...command, argv, startedBy: `package.json script "${options.run}"` });
    return;
  }
  if (options.code !== undefined) {
    followCode(options.code, command, graph);
    return;
  }
  const { script } = options;
  if (script === undefined) return;
  if (script.includes(unknownWord)) {
    walk.flag({
      code: "unknown-command",
      message: `${command.startedBy} starts node with a script whose name only running the container would tell.`,
    });
    return;
  }
  // `node server` finds server.js, as require would.
  const path = resolver.resolve(joinPath(command.cwd, script), command.cwd, "require").path;
  if (path === undefined) {
    walk.flag({ code: "missing-script", message: `${command.startedBy} starts node with ${script}, which the image does not have.` });
    return;
  }
  const launch = launchOf(path, options.rest, command, walk);
  const program = launch ? new ModuleGraph(walk, command, resolver, launch.functionLikelihood) : graph;
  program.readsSourceMaps = options.readsSourceMaps;
  program.addEntry(path, launch ? "node-package-manager" : "node-entry", `started by ${command.startedBy}`);
  const isFramework = /\/next\/dist\/bin\/next$/.test(path);
  const build =
    isFramework && options.rest[0] !== "start" ? undefined : nextBuild(walk.catalog, isFramework ? command.cwd : folderOf(path));
  if (build) {
    const evidence = "Next.js loads its build output when it starts";
    for (const file of build.files) walk.open(file, "node-framework", command.probability * 0.9, evidence);
    for (const module of ["next/dist/server/next-server", "next/dist/server/lib/start-server"])
      program.addModule(module, folderOf(path), "require", 0.95, "node-framework", evidence);
    // Which page comes first is not known; an application of few is likely to show it.
    for (const route of build.routes)
      walk.open(route, "node-framework", command.probability * Math.min(0.5, 1 / build.routes.length), evidence, {
        moment: "firstRequest",
      });
    for (const module of build.modules) program.addModule(module, folderOf(path), "require", 0.85, "node-framework", evidence);
  }
  program.follow();
  if (launch?.argv) walk.run({ ...command, argv: launch.argv, env: launch.env, startedBy: [nameOf(script), ...options.rest].join(" ") });
  if (!build) flagWhatIsNotFollowed(path, options, walk);
}

/** `node -e "require('./x')"`. */
function followCode(code: string, command: Command, graph: ModuleGraph): void {
  for (const load of scanJavaScript(new TextEncoder().encode(code), "[eval].js").loads) {
    const mode = load.kind === "require" ? "require" : "import";
    if (!load.partial) graph.addModule(load.specifier, command.cwd, mode, 1, `node-${mode}`, `${command.startedBy} → ${load.specifier}`);
  }
  graph.follow();
}

/** Programs that read or compile their modules in ways that imports do not show. */
const opaquePrograms: readonly { readonly path: RegExp; readonly code: string; readonly message: string }[] = [
  {
    path: /\/(?:ts-node|tsx|esbuild-register|@swc-node|@babel\/node|sucrase)\/|\.[cm]?tsx?$/,
    code: "typescript-runner",
    message: "TypeScript is compiled while the program starts; what its sources load is not followed.",
  },
  {
    path: /\/next\/dist\/bin\/next$/,
    code: "framework",
    message: "Next.js finds pages and its build output by its own rules; files under .next are not followed.",
  },
];

function flagWhatIsNotFollowed(path: string, options: NodeArguments, walk: StartupWalk): void {
  const words = [path, ...options.preloads.map(({ specifier }) => `/${specifier}/`)];
  for (const { path: pattern, code, message } of opaquePrograms) if (words.some((word) => pattern.test(word))) walk.flag({ code, message });
}
