import type { CatalogEntry, FileCatalog } from "../facts/fileCatalog.ts";
import type { FileFact } from "../facts/fileFact.ts";
import type { PythonStatement } from "../facts/python/pythonFact.ts";
import { folderOf, joinPath, nameOf } from "../startup/paths.ts";
import type { Inspection } from "./inspection.ts";

/** A place in another file that names a file. */
export interface Reference {
  /** The file that holds it. */
  readonly path: string;
  /** From 1; absent in compiled files. */
  readonly line?: number | undefined;
  /** When it takes effect: as soon as the file is loaded, under a condition, or only when a function runs that holds it. */
  readonly when: "always" | "maybe" | "in a function";
}

/** Who names which file of an image: imports, requires, needed libraries. */
export interface References {
  to(path: string): readonly Reference[];
}

/** References that are kept in all; a hostile image could hold any number. */
const maxReferences = 2_000_000;
const known = new WeakMap<Inspection, References>();

/** Looks through the facts of the whole image once. Contents that were never fetched are not asked for. */
export function referencesOf(inspection: Inspection): References {
  const made = known.get(inspection) ?? readReferences(inspection);
  known.set(inspection, made);
  return made;
}

function readReferences({ catalog, layerFacts }: Inspection): References {
  const byName = new Map<string, Reference[]>();
  let count = 0;
  const add = (name: string, reference: Reference): void => {
    if (++count > maxReferences) return;
    const all = byName.get(name);
    if (all) all.push(reference);
    else byName.set(name, [reference]);
  };
  const modules = new PythonModules(catalog);
  for (const entry of catalog.files()) {
    if (layerFacts[entry.layerIndex]?.isPending(entry.entryIndex)) continue;
    const fact = catalog.fact(entry);
    if (fact) collect(entry, fact, catalog, modules, add);
  }
  return {
    to(path) {
      const names = [`path ${path}`, `library ${nameOf(path)}`];
      const entry = catalog.get(path);
      const fact = entry && catalog.fact(entry);
      if (fact?.kind === "elf" && fact.soname !== undefined && fact.soname !== nameOf(path)) names.push(`library ${fact.soname}`);
      const module = modules.nameOf(path);
      if (module !== undefined) names.push(`module ${module}`);
      return names.flatMap((name) => byName.get(name) ?? []).filter((reference) => reference.path !== path);
    },
  };
}

function collect(
  { path }: CatalogEntry,
  fact: FileFact,
  catalog: FileCatalog,
  modules: PythonModules,
  add: (name: string, reference: Reference) => void,
): void {
  if (fact.kind === "elf") for (const soname of fact.needed) add(`library ${soname}`, { path, when: "always" });
  else if (fact.kind === "python") {
    const own = modules.nameOf(path) ?? "";
    const packageName = nameOf(path) === "__init__.py" ? own : own.slice(0, Math.max(0, own.lastIndexOf(".")));
    pythonImports(fact.body, packageName, "always", (module, line, when) => add(`module ${module}`, { path, line, when }));
  } else if (fact.kind === "javascript")
    for (const load of fact.loads) {
      if (load.partial || !/^\.{0,2}\//.test(load.specifier)) continue;
      const when =
        load.within?.includes("function") || load.within?.includes("callback") ? "in a function" : load.within ? "maybe" : "always";
      const target = scriptFile(catalog, joinPath(folderOf(path), load.specifier));
      if (target !== undefined) add(`path ${target}`, { path, line: load.line, when });
    }
}

function pythonImports(
  body: readonly PythonStatement[],
  packageName: string,
  when: Reference["when"],
  found: (module: string, line: number, when: Reference["when"]) => void,
): void {
  const inner = when === "always" ? "maybe" : when;
  for (const statement of body)
    switch (statement.do) {
      case "import":
        for (const [name] of statement.names) for (const module of withParents(name)) found(module, statement.line, when);
        break;
      case "from": {
        const base = relativeModule(packageName, statement.level, statement.module);
        if (base === undefined) break;
        for (const module of withParents(base)) found(module, statement.line, when);
        for (const [name] of statement.names) found(base === "" ? name : `${base}.${name}`, statement.line, when);
        break;
      }
      case "if":
        for (const branch of statement.branches) pythonImports(branch.body, packageName, inner, found);
        break;
      case "try":
        pythonImports(statement.body, packageName, when, found);
        pythonImports(statement.handlers, packageName, inner, found);
        pythonImports(statement.rest, packageName, inner, found);
        break;
      case "maybe":
        pythonImports(statement.body, packageName, inner, found);
        break;
      case "class":
        pythonImports(statement.body, packageName, when, found);
        break;
      case "def":
        pythonImports(statement.body, packageName, "in a function", found);
        break;
      case "call":
      case "calls":
      case "expression":
      case "raise":
      case "set":
        break;
    }
}

/** `a.b.c` loads `a` and `a.b`, too. */
function withParents(module: string): string[] {
  const parts = module.split(".");
  return parts.map((_, index) => parts.slice(0, index + 1).join(".")).filter(Boolean);
}

function relativeModule(packageName: string, level: number, module: string): string | undefined {
  if (level === 0) return module;
  const parts = packageName.split(".");
  if (level > parts.length) return undefined;
  return [...parts.slice(0, parts.length - level + 1), ...(module === "" ? [] : [module])].join(".");
}

/** The file that a path without its ending means in JavaScript. */
function scriptFile(catalog: FileCatalog, path: string): string | undefined {
  for (const ending of ["", ".js", ".cjs", ".mjs", ".json", "/index.js"]) {
    const entry = catalog.file(path + ending);
    if (entry) return entry.path;
  }
  return undefined;
}

/** Dotted names of Python files: their folders as long as these are packages, which have an `__init__.py`. */
class PythonModules {
  readonly #catalog: FileCatalog;
  /** Folder → its dotted name; empty: no package. */
  readonly #packages = new Map<string, string>();

  constructor(catalog: FileCatalog) {
    this.#catalog = catalog;
  }

  nameOf(path: string): string | undefined {
    let folder = folderOf(path);
    // `__pycache__/name.cpython-311.pyc` is compiled from `name.py`.
    if (path.endsWith(".pyc") && nameOf(folder) === "__pycache__") folder = folderOf(folder);
    else if (!/\.(?:py|so|pyd)$/.test(path)) return undefined;
    const stem = nameOf(path).split(".")[0] ?? "";
    const parent = this.#packageName(folder);
    if (stem === "__init__") return parent === "" ? undefined : parent;
    return parent === "" ? stem : `${parent}.${stem}`;
  }

  #packageName(folder: string): string {
    const before = this.#packages.get(folder);
    if (before !== undefined) return before;
    const isPackage = folder !== "/" && this.#catalog.get(`${folder}/__init__.py`) !== undefined;
    const parent = isPackage ? this.#packageName(folderOf(folder)) : "";
    const name = !isPackage ? "" : parent === "" ? nameOf(folder) : `${parent}.${nameOf(folder)}`;
    this.#packages.set(folder, name);
    return name;
  }
}
