import { scanPython } from "../../facts/python/scan.ts";
import { openGconv, openLocale, openTimezone } from "../libc.ts";
import { folderOf, joinPath, nameOf } from "../paths.ts";
import type { Command, Runtime, StartupWalk } from "../walk.ts";
import { applyFrameworks } from "./frameworks.ts";
import { ImportWalk } from "./importWalk.ts";
import { startupModules } from "./interpreterModules.ts";
import { knownBehaviours } from "./knownBehaviour.ts";
import { mapEditableInstalls } from "./editableInstalls.ts";
import { findLayout } from "./layout.ts";
import { usePath } from "./namedPaths.ts";
import { entryModules, followCommands, followSubcommand } from "./commands.ts";
import { followHooks, followProbe, followRequests } from "./requests.ts";
import { pythonArguments, type PythonArguments } from "./pythonArguments.ts";

/** CPython, started by name, by a virtual environment's link or by a script's first line. */
export const pythonRuntime: Runtime = {
  name: "python",
  matches: (programName, executable) => isPythonName(programName) || isPythonName(nameOf(executable)),
  start(command, executable, invokedPath, walk) {
    const options = pythonArguments(command);
    if (options.onlyPrints) return;
    const scriptPath = options.script === undefined ? undefined : joinPath(command.cwd, options.script);
    const layout = findLayout(command, executable, invokedPath, scriptFolder(command, options, scriptPath, walk), options, walk);
    if (layout === undefined) {
      walk.flag({ code: "unknown-python", message: `The standard library of ${invokedPath} was not found, so its imports are not known.` });
      return;
    }
    const imports = new ImportWalk(
      { ...command, env: new Map(command.env) },
      layout,
      walk,
      librariesOf(command, executable, walk),
      invokedPath,
    );
    startInterpreter(imports, options);
    startProgram(imports, options, scriptPath);
    const entries = entryModules(imports.mainScope);
    followCommands(imports, entries, options.rest);
    followSubcommand(imports, entries, options.rest);
    applyFrameworks(imports, programName(options), options.rest);
    followArguments(imports, options);
    openKnownFiles(imports);
    followHooks(imports);
    followProbe(imports);
    openKnownFiles(imports);
    followRequests(imports);
    openKnownFiles(imports);
  },
};

function isPythonName(name: string): boolean {
  return /^python(\d+(\.\d+)*)?t?$/.test(name);
}

/** `sys.path[0]`: the script's folder with symlinks resolved, else the working directory. */
function scriptFolder(command: Command, options: PythonArguments, scriptPath: string | undefined, walk: StartupWalk): string | undefined {
  if (options.isSafePath) return undefined;
  if (scriptPath === undefined) return command.cwd;
  const target = walk.catalog.resolve(scriptPath);
  return target?.type === "directory" ? target.path : folderOf(target?.path ?? scriptPath);
}

/** soname → path of what the interpreter itself has mapped. */
function librariesOf(command: Command, executable: string, walk: StartupWalk): Map<string, string> {
  const libraries = new Map<string, string>();
  for (const path of walk.elf.closure(executable, command.env)) {
    const entry = walk.catalog.get(path);
    const fact = entry && walk.catalog.fact(entry);
    if (fact?.kind === "elf" && fact.soname !== undefined) libraries.set(fact.soname, path);
  }
  return libraries;
}

/** Everything before the program's first line: encodings, site, path files, customisation modules. */
function startInterpreter(imports: ImportWalk, options: PythonArguments): void {
  const { layout, command, walk } = imports;
  for (const name of startupModules(layout.minor)) {
    if (options.skipsSite && (name === "site" || name === "_sitebuiltins")) continue;
    imports.importModule(name, 1, "py-startup", "the interpreter's own start");
  }
  openLocale(command, walk, "ctype", command.probability);
  if (!command.env.has("LANG") && !command.env.has("LC_ALL")) openCoercedLocale(imports);
  if (options.skipsSite) return;
  for (const { path, line } of layout.pathFileLines) imports.runCode(scanPython(Buffer.from(line), "/path-file.py"), path, 1);
  mapEditableInstalls(imports);
  imports.importModule("sitecustomize", 1, "py-startup", "site imports it");
  if (!options.skipsUserSite) imports.importModule("usercustomize", 1, "py-startup", "site imports it");
  imports.drain();
}

/** In the C locale Python asks for C.UTF-8 instead (PEP 538). */
function openCoercedLocale({ walk, command }: ImportWalk): void {
  const evidence = "Python replaces the C locale by C.UTF-8";
  walk.open("/usr/share/locale/locale.alias", "locale", command.probability * 0.9, evidence);
  for (const name of ["C.utf8", "C.UTF-8"]) walk.open(`/usr/lib/locale/${name}/LC_CTYPE`, "locale", command.probability, evidence);
  walk.open("/usr/lib/locale/locale-archive", "locale", command.probability * 0.5, evidence);
  openGconv(walk, command.probability * 0.95, evidence);
}

function startProgram(imports: ImportWalk, options: PythonArguments, scriptPath: string | undefined): void {
  const { walk } = imports;
  if (options.code !== undefined) imports.runCode(scanPython(Buffer.from(options.code), "/command-line.py"), "-c", 1);
  else if (options.module !== undefined) startModule(imports, options.module);
  else if (scriptPath !== undefined) startScript(imports, scriptPath);
  else walk.flag({ code: "standard-input", message: "Python reads its program from standard input, which is not in the image." });
  imports.drain();
}

/** `-m name`: runpy imports the parents, then runs the module, or the package's `__main__`. */
function startModule(imports: ImportWalk, module: string): void {
  const { finder, walk } = imports;
  const isPackage = finder.find(module)?.kind === "package";
  const name = isPackage ? `${module}.__main__` : module;
  const spec = finder.find(name);
  if (spec === undefined || !("path" in spec)) {
    walk.flag({ code: "unknown-entrypoint", message: `Python has no module "${module}" here, so "python -m ${module}" would fail.` });
    return;
  }
  imports.importModule("runpy", 1, "py-startup", "python -m uses runpy");
  const parent = name.slice(0, Math.max(0, name.lastIndexOf(".")));
  if (parent !== "") imports.importModule(parent, 1, "py-script", `python -m ${module}`);
  imports.openSource(spec.path, 1, "py-script", `python -m ${module}`);
  imports.runFile(spec.path, "__main__", parent, 1, true);
}

/** A file, or a folder or zip with `__main__.py`. */
function startScript(imports: ImportWalk, scriptPath: string): void {
  const { walk } = imports;
  const isFolder = walk.catalog.resolve(scriptPath)?.type === "directory";
  const path = isFolder ? `${scriptPath}/__main__.py` : scriptPath;
  const entry = walk.catalog.file(path);
  if (entry === undefined) {
    walk.flag({ code: "unknown-entrypoint", message: `The program ${path} is not in the image.` });
    return;
  }
  imports.open(path, "py-script", 1, `${imports.command.startedBy} starts it`);
  const fact = walk.catalog.fact(entry);
  if (fact?.kind === "pyc" || (fact?.kind !== "python" && /\.(pyz|pyzw|pex|zip|shiv)$/.test(path)))
    walk.flag({
      code: "script-not-read",
      message: `${path} is ${fact?.kind === "pyc" ? "compiled" : "an archive of modules"}, so what it imports is not known.`,
    });
  imports.runFile(entry.path, "__main__", "", 1, true);
}

/** What frameworks know the program by. */
function programName(options: PythonArguments): string {
  return options.module ?? nameOf(options.script ?? "").replace(/\.exe$/, "");
}

/** Arguments and environment variables that are paths. */
function followArguments(imports: ImportWalk, options: PythonArguments): void {
  const { command } = imports;
  const words = options.rest.flatMap((word) => (/^-{0,2}[\w.-]+=/.test(word) ? [word, word.slice(word.indexOf("=") + 1)] : [word]));
  for (const word of words)
    if (word !== "" && !word.startsWith("-")) usePath(imports, joinPath(command.cwd, word), 0.95, `argument ${word}`);
  for (const [name, value] of command.env)
    if (value.startsWith("/") && !notPaths.has(name)) usePath(imports, value, 0.6, `environment variable ${name}`);
  imports.drain();
}

const notPaths = new Set(["PATH", "HOME", "PWD", "SHELL", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV", "LD_PRELOAD", "PYTHONHOME"]);

function openKnownFiles(imports: ImportWalk): void {
  const { command, walk } = imports;
  const applied = new Set<string>();
  for (let round = 0; round < 3; round++) {
    for (const [at, row] of knownBehaviours.entries()) {
      const probability = imports.probabilityOf(row.imported) * row.probability;
      if (probability < 0.1 || applied.has(`${at} ${probability}`)) continue;
      applied.add(`${at} ${probability}`);
      const evidence = `${row.imported}: ${row.reason}`;
      for (const module of row.modules ?? []) imports.importModule(module, probability, "py-known", evidence);
      for (const file of row.files ?? []) imports.open(file, "py-known", probability, evidence);
    }
    imports.drain();
  }
  openTimezone(command, walk, command.probability * 0.8);
}
