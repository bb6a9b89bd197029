import type { FileCatalog } from "../../facts/fileCatalog.ts";
import { folderOf, joinPath } from "../paths.ts";
import { exportTarget, importTarget } from "./exportsMap.ts";
import { packagesIn, type PackageJson, type Packages } from "./packageJson.ts";

/** Where a specifier leads. */
export interface ResolvedModule {
  /** The module's file, symlinks resolved; absent for Node's own modules and for what is not there. */
  readonly path?: string;
  readonly isBuiltin: boolean;
  /** package.json files that finding it reads. */
  readonly packageFiles: readonly string[];
}

export type ResolveMode = "require" | "import";

export interface ModuleResolver {
  /** `folder`: of the asking file, symlinks resolved. */
  resolve(specifier: string, folder: string, mode: ResolveMode): ResolvedModule;
}

/** `nodePath`: folders that `require` searches last. Node's resolution of CommonJS and ES modules (nodejs.org/api/modules.html and esm.html, the pseudocode there). */
export function moduleResolver(catalog: FileCatalog, nodePath: readonly string[], extraConditions: readonly string[] = []): ModuleResolver {
  const packages = packagesIn(catalog);
  const known = knownIn(catalog, `${nodePath.join(":")}\n${extraConditions.join()}`);
  const conditionsOf = (mode: ResolveMode): ReadonlySet<string> => new Set(["node", "node-addons", mode, ...extraConditions]);
  const conditions = { require: conditionsOf("require"), import: conditionsOf("import") };
  const search: Search = { catalog, packages, nodePath };

  return {
    resolve(specifier, folder, mode) {
      const key = `${mode}\n${folder}\n${specifier}`;
      let found = known.get(key);
      if (!found) {
        const packageFiles: string[] = [];
        const isBuiltin = isNodeModule(specifier);
        const path = isBuiltin ? undefined : find(search, specifier, folder, mode, conditions[mode], packageFiles, 0);
        found = { ...(path !== undefined && { path }), isBuiltin, packageFiles };
        known.set(key, found);
      }
      return found;
    },
  };
}

/** A catalog does not change, so another command of the same image finds the same modules. */
const knownByCatalog = new WeakMap<FileCatalog, Map<string, Map<string, ResolvedModule>>>();

function knownIn(catalog: FileCatalog, settings: string): Map<string, ResolvedModule> {
  const bySettings = knownByCatalog.get(catalog) ?? new Map<string, Map<string, ResolvedModule>>();
  knownByCatalog.set(catalog, bySettings);
  const known = bySettings.get(settings) ?? new Map<string, ResolvedModule>();
  bySettings.set(settings, known);
  return known;
}

interface Search {
  readonly catalog: FileCatalog;
  readonly packages: Packages;
  readonly nodePath: readonly string[];
}

function find(
  search: Search,
  specifier: string,
  folder: string,
  mode: ResolveMode,
  conditions: ReadonlySet<string>,
  packageFiles: string[],
  depth: number,
): string | undefined {
  const { catalog, packages } = search;
  if (depth > 4 || specifier === "") return undefined;
  const text = specifier.startsWith("file://") ? specifier.slice(7) : specifier;
  if (/^\.{0,2}(?:\/|$)/.test(text)) {
    const path = joinPath(folder, mode === "import" ? text.replace(/[?#].*$/, "") : text);
    if (mode === "import") return catalog.file(path)?.path;
    return (
      (text.endsWith("/") || text.endsWith("..") || text === "." ? undefined : asFile(catalog, path)) ??
      asFolder(search, path, packageFiles)
    );
  }
  if (text.startsWith("#")) {
    const scope = packages.scopeOf(folder);
    const target = scope && importTarget(scope.imports, text, conditions);
    if (!scope || target === undefined) return undefined;
    packageFiles.push(scope.path);
    if (target.startsWith("./")) return catalog.file(joinPath(scope.folder, target))?.path;
    return find(search, target, scope.folder, mode, conditions, packageFiles, depth + 1);
  }
  const match = /^(@[^/]+\/[^/]+|[^@/][^/]*)(\/.*)?$/.exec(text);
  if (!match) return undefined;
  const name = match[1] as string;
  const subpath = match[2] ?? "";
  const own = packages.scopeOf(folder);
  // Asking whether the package means itself reads its description.
  if (own) packageFiles.push(own.path);
  if (own?.name === name && own.exports !== undefined && own.exports !== null)
    return exported(search, own, subpath, conditions, packageFiles);
  for (const place of moduleFolders(folder)) {
    if (catalog.resolve(place)?.type !== "directory") continue;
    const found = inFolder(search, place, name, subpath, mode, conditions, packageFiles);
    if (found) return found.path;
  }
  // ES modules look in node_modules only.
  if (mode === "import") return undefined;
  for (const place of search.nodePath) {
    const found = inFolder(search, place, name, subpath, mode, conditions, packageFiles);
    if (found?.path !== undefined) return found.path;
  }
  return undefined;
}

/** `node_modules` of the folder and of those above. */
function moduleFolders(folder: string): string[] {
  const folders: string[] = [];
  for (let current = folder; ; current = folderOf(current)) {
    if (!current.endsWith("/node_modules")) folders.push(current === "/" ? "/node_modules" : `${current}/node_modules`);
    if (current === "/") return folders;
  }
}

/** Undefined: the search goes on in the next folder. A package that is there but does not have it ends the search. */
function inFolder(
  search: Search,
  place: string,
  name: string,
  subpath: string,
  mode: ResolveMode,
  conditions: ReadonlySet<string>,
  packageFiles: string[],
): { readonly path: string | undefined } | undefined {
  const { catalog, packages } = search;
  const folder = `${place}/${name}`;
  const entry = catalog.resolve(folder);
  if (entry?.type !== "directory") {
    const file = mode === "require" ? asFile(catalog, folder + subpath) : undefined;
    return file === undefined ? undefined : { path: file };
  }
  const description = packages.at(entry.path);
  if (description?.exports !== undefined && description.exports !== null)
    return { path: exported(search, description, subpath, conditions, packageFiles) };
  if (description) packageFiles.push(description.path);
  const path = entry.path + subpath;
  if (mode === "import") {
    return { path: subpath === "" ? asMain(catalog, entry.path, description) : catalog.file(path)?.path };
  }
  const found = (subpath === "" ? undefined : asFile(catalog, path)) ?? asFolder(search, path, packageFiles);
  return found === undefined ? undefined : { path: found };
}

function exported(
  search: Search,
  description: PackageJson,
  subpath: string,
  conditions: ReadonlySet<string>,
  packageFiles: string[],
): string | undefined {
  packageFiles.push(description.path);
  const target = exportTarget(description.exports, `.${subpath}`, conditions);
  return target?.startsWith("./") ? search.catalog.file(joinPath(description.folder, target))?.path : undefined;
}

function asFile(catalog: FileCatalog, path: string): string | undefined {
  for (const extension of ["", ".js", ".json", ".node"]) {
    const entry = catalog.file(path + extension);
    if (entry) return entry.path;
  }
  return undefined;
}

function asFolder({ catalog, packages }: Search, path: string, packageFiles: string[]): string | undefined {
  const entry = catalog.resolve(path);
  if (entry?.type !== "directory") return undefined;
  const description = packages.at(entry.path);
  if (description && !packageFiles.includes(description.path)) packageFiles.push(description.path);
  return asMain(catalog, entry.path, description);
}

/** `main`, else the index file. */
function asMain(catalog: FileCatalog, folder: string, description: PackageJson | undefined): string | undefined {
  const main = description?.main;
  if (main !== undefined && main !== "") {
    const path = joinPath(folder, main);
    const found = asFile(catalog, path) ?? asFile(catalog, `${path}/index`);
    if (found !== undefined) return found;
  }
  return asFile(catalog, folder === "/" ? "/index" : `${folder}/index`);
}

const nodeModules = new Set(
  (
    "assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os path " +
    "perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib"
  ).split(" "),
);

/** Modules that are part of Node: they touch no file. */
export function isNodeModule(specifier: string): boolean {
  if (specifier.startsWith("node:")) return true;
  if (nodeModules.has(specifier)) return true;
  return /^(?:fs|dns|stream|timers|readline|inspector)\/(?:promises|web|consumers)$|^(?:assert\/strict|path\/(?:posix|win32)|util\/types)$/.test(
    specifier,
  );
}
