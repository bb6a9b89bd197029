import type { FileCatalog } from "../../facts/fileCatalog.ts";
import { folderOf, textOf } from "../paths.ts";

/** The fields of a package.json that decide what Node loads. */
export interface PackageJson {
  /** Of the file itself, as it was asked for. */
  readonly path: string;
  readonly folder: string;
  readonly name: string | undefined;
  readonly main: string | undefined;
  readonly type: "module" | "commonjs" | undefined;
  readonly exports: unknown;
  readonly imports: unknown;
  readonly scripts: ReadonlyMap<string, string>;
  /** Names of `dependencies` and `optionalDependencies`. */
  readonly dependencies: ReadonlySet<string>;
  /** Names in `peerDependenciesMeta`: what the package works with when it is there. */
  readonly peers: ReadonlySet<string>;
}

/** Reads package.json files of one catalog, each once. */
export interface Packages {
  /** Of this folder itself; undefined where there is none or it is not readable. */
  at(folder: string): PackageJson | undefined;
  /** The nearest one at or above the folder: a module's scope. It ends at a `node_modules` folder. */
  scopeOf(folder: string): PackageJson | undefined;
}

const packagesByCatalog = new WeakMap<FileCatalog, Packages>();

export function packagesIn(catalog: FileCatalog): Packages {
  const known = packagesByCatalog.get(catalog);
  if (known) return known;
  const byFolder = new Map<string, PackageJson | undefined>();
  const scopes = new Map<string, PackageJson | undefined>();

  function at(folder: string): PackageJson | undefined {
    if (byFolder.has(folder)) return byFolder.get(folder);
    const path = folder === "/" ? "/package.json" : `${folder}/package.json`;
    const text = textOf(catalog, path);
    const parsed = text === undefined ? undefined : parsePackageJson(path, folder, text);
    byFolder.set(folder, parsed);
    return parsed;
  }

  function scopeOf(folder: string): PackageJson | undefined {
    if (scopes.has(folder)) return scopes.get(folder);
    const own = folder.endsWith("/node_modules") ? undefined : at(folder);
    const found = own ?? (folder === "/" || folder.endsWith("/node_modules") ? undefined : scopeOf(folderOf(folder)));
    scopes.set(folder, found);
    return found;
  }

  const packages: Packages = { at, scopeOf };
  packagesByCatalog.set(catalog, packages);
  return packages;
}

function parsePackageJson(path: string, folder: string, text: string): PackageJson | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
  if (typeof fields !== "object" || fields === null) return undefined;
  const values = new Map<string, unknown>(Object.entries(fields));
  const string = (name: string): string | undefined => {
    const value = values.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const type = string("type");
  const scripts = values.get("scripts");
  return {
    path,
    folder,
    name: string("name"),
    main: string("main"),
    type: type === "module" || type === "commonjs" ? type : undefined,
    exports: values.get("exports"),
    imports: values.get("imports"),
    dependencies: new Set(["dependencies", "optionalDependencies"].flatMap((name) => Object.keys(values.get(name) ?? {}))),
    peers: new Set(Object.keys(values.get("peerDependenciesMeta") ?? {})),
    scripts: new Map(
      Object.entries(typeof scripts === "object" && scripts !== null ? scripts : {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string",
      ),
    ),
  };
}
