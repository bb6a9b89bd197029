import type { FileCatalog } from "../../facts/fileCatalog.ts";
import type { PythonStatement } from "../../facts/python/pythonFact.ts";
import { evaluate, truthOf, type Surroundings } from "./evaluate.ts";
import { parsedExpression } from "./expression.ts";
import type { ModuleFinder } from "./moduleFinder.ts";
import { sourceModule } from "./moduleIndex.ts";

const deepest = 12;

/** By image and search path: another estimate of the same image asks the same. */
const remembered = new WeakMap<FileCatalog, Map<string, Map<string, boolean>>>();

/**
 * Whether an import raises ImportError, because a module that it needs for certain is not installed: what `try: import a` /
 * `except ImportError: import b` turns on. Only imports that run for certain count.
 */
export class Importability {
  private readonly catalog: FileCatalog;
  private readonly finder: ModuleFinder;
  private readonly minor: number;
  /** While a module is looked at it counts as importable: imports may go in circles. */
  private readonly known: Map<string, boolean>;

  constructor(catalog: FileCatalog, finder: ModuleFinder, minor: number) {
    this.catalog = catalog;
    this.finder = finder;
    this.minor = minor;
    let byPath = remembered.get(catalog);
    if (byPath === undefined) remembered.set(catalog, (byPath = new Map<string, Map<string, boolean>>()));
    let known = byPath.get(finder.key);
    if (known === undefined) byPath.set(finder.key, (known = new Map<string, boolean>()));
    this.known = known;
  }

  succeeds(statement: PythonStatement & { do: "import" | "from" }, packageName: string, depth = 0): boolean {
    if (statement.do === "import") return statement.names.every(([name]) => this.isImportable(name, depth));
    const module = absoluteName(statement.module, statement.level, packageName);
    if (module === undefined) return true;
    if (!this.isImportable(module, depth)) return false;
    return statement.names.every(
      ([name]) => this.finder.find(`${module}.${name}`) === undefined || this.isImportable(`${module}.${name}`, depth),
    );
  }

  /** Whether it was asked for, in a `try`, and raises. */
  isKnownToFail(name: string): boolean {
    return this.known.get(name) === false;
  }

  private isImportable(name: string, depth: number): boolean {
    for (let dot = name.indexOf("."); ; dot = name.indexOf(".", dot + 1)) {
      if (!this.loads(dot < 0 ? name : name.slice(0, dot), depth)) return false;
      if (dot < 0) return true;
    }
  }

  private loads(name: string, depth: number): boolean {
    const before = this.known.get(name);
    if (before !== undefined || depth > deepest) return before ?? true;
    const spec = this.finder.find(name);
    if (spec === undefined) {
      this.known.set(name, false);
      return false;
    }
    this.known.set(name, true);
    if (spec.kind !== "package" && spec.kind !== "module") return true;
    const module = sourceModule(this.catalog, spec.path);
    if (module === undefined) return true;
    const packageName = spec.kind === "package" ? name : name.slice(0, Math.max(0, name.lastIndexOf(".")));
    const result = this.runs(module.fact.body, packageName, spec.path, depth + 1);
    this.known.set(name, result);
    return result;
  }

  private runs(body: readonly PythonStatement[], packageName: string, path: string, depth: number): boolean {
    for (const statement of body) {
      if (statement.do === "import" || statement.do === "from") {
        if (!this.succeeds(statement, packageName, depth)) return false;
      } else if (statement.do === "raise") return false;
      else if (statement.do === "if") {
        for (const branch of statement.branches) {
          const truth =
            branch.test === ""
              ? true
              : branch.test === "?"
                ? undefined
                : truthOf(evaluate(parsedExpression(branch.test), this.surroundings(path)));
          if (truth === true && !this.runs(branch.body, packageName, path, depth)) return false;
          if (truth !== false) break;
        }
      }
    }
    return true;
  }

  private surroundings(path: string): Surroundings {
    const nothing = (): undefined => undefined;
    return {
      env: new Map(),
      cwd: "/",
      file: path,
      minor: this.minor,
      isMain: false,
      hasModule: (name) => this.finder.find(name) !== undefined,
      hasPart: () => false,
      lookUp: nothing,
    };
  }
}

/** What a relative name means in a package; undefined when it leaves the top. */
export function absoluteName(module: string, level: number, packageName: string): string | undefined {
  if (level === 0) return module;
  const parts = packageName === "" ? [] : packageName.split(".");
  if (level - 1 > parts.length || parts.length === 0) return undefined;
  const base = parts.slice(0, parts.length - (level - 1));
  const name = [...base, ...(module === "" ? [] : [module])].join(".");
  return name === "" ? undefined : name;
}
