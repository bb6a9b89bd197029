import type { FileCatalog } from "../../facts/fileCatalog.ts";
import type { PythonClass, PythonDefinition, PythonFact, PythonStatement } from "../../facts/python/pythonFact.ts";

/** What an imported local name stands for: a module, or with `attribute` a name in it. */
export interface Alias {
  readonly module: string;
  /** Leading dots, relative to the importing module's package. */
  readonly level: number;
  readonly attribute?: string;
}

/** The names that a block of statements binds, branches included, nested functions not. */
export interface NameIndex {
  readonly functions: ReadonlyMap<string, PythonDefinition>;
  readonly classes: ReadonlyMap<string, PythonClass>;
  readonly aliases: ReadonlyMap<string, Alias>;
  /** Modules of `from x import *`. */
  readonly stars: readonly Alias[];
  /** Assigned expressions as text (application code only), the first assignment of each name. */
  readonly values: ReadonlyMap<string, string>;
  /** Names that get more than one value, so that tests cannot rely on the first. */
  readonly rebound: ReadonlySet<string>;
  /** Names that are imported for type checkers. */
  readonly typeOnly: ReadonlySet<string>;
}

const indexes = new WeakMap<readonly PythonStatement[], NameIndex>();

export function nameIndex(body: readonly PythonStatement[]): NameIndex {
  let index = indexes.get(body);
  if (index === undefined) {
    const made = {
      functions: new Map<string, PythonDefinition>(),
      classes: new Map<string, PythonClass>(),
      aliases: new Map<string, Alias>(),
      stars: [] as Alias[],
      values: new Map<string, string>(),
      rebound: new Set<string>(),
      typeOnly: new Set<string>(),
    };
    collect(body, made);
    for (const name of made.values.keys())
      if (made.aliases.has(name) || made.functions.has(name) || made.classes.has(name)) made.rebound.add(name);
    indexes.set(body, (index = made));
  }
  return index;
}

interface MutableIndex {
  readonly functions: Map<string, PythonDefinition>;
  readonly classes: Map<string, PythonClass>;
  readonly aliases: Map<string, Alias>;
  readonly stars: Alias[];
  readonly values: Map<string, string>;
  readonly rebound: Set<string>;
  readonly typeOnly: Set<string>;
}

function collect(body: readonly PythonStatement[], into: MutableIndex): void {
  for (const statement of body) {
    switch (statement.do) {
      case "import":
        for (const [name, alias] of statement.names) {
          const local = alias ?? name.split(".", 1)[0] ?? name;
          into.aliases.set(local, { module: alias === undefined ? local : name, level: 0 });
        }
        break;
      case "from":
        for (const [name, alias] of statement.names) {
          const from = { module: statement.module, level: statement.level };
          if (name === "*") into.stars.push(from);
          // What a fallback in `except ImportError` binds does not replace the first choice.
          else if (!into.aliases.has(alias ?? name)) into.aliases.set(alias ?? name, { ...from, attribute: name });
        }
        break;
      case "if":
        for (const branch of statement.branches) {
          collect(branch.body, into);
          if (branch.test.includes("TYPE_CHECKING"))
            for (const inner of branch.body)
              if (inner.do === "import" || inner.do === "from") for (const [name, alias] of inner.names) into.typeOnly.add(alias ?? name);
        }
        break;
      case "try":
        collect(statement.body, into);
        collect(statement.rest, into);
        collect(statement.handlers, into);
        break;
      case "maybe":
        collect(statement.body, into);
        break;
      case "def":
        if (!into.functions.has(statement.name)) into.functions.set(statement.name, statement);
        break;
      case "class":
        if (!into.classes.has(statement.name)) into.classes.set(statement.name, statement);
        break;
      case "set":
        if (!into.values.has(statement.name)) into.values.set(statement.name, statement.value);
        else if (into.values.get(statement.name) !== statement.value) into.rebound.add(statement.name);
        break;
      case "call":
      case "calls":
      case "expression":
      case "raise":
    }
  }
}

/** One Python file, decoded once per image. */
export interface SourceModule {
  readonly path: string;
  readonly fact: PythonFact;
  readonly index: NameIndex;
}

const sources = new WeakMap<FileCatalog, Map<string, SourceModule | null>>();

/** The summary of a source file; undefined when there is none, or its content has not been read. */
export function sourceModule(catalog: FileCatalog, path: string): SourceModule | undefined {
  let known = sources.get(catalog);
  if (known === undefined) sources.set(catalog, (known = new Map<string, SourceModule | null>()));
  let module = known.get(path);
  if (module === undefined) {
    const entry = catalog.file(path);
    const fact = entry && catalog.fact(entry);
    module = fact?.kind === "python" ? { path, fact, index: nameIndex(fact.body) } : null;
    // What is still to be fetched is asked for again next time.
    if (module !== null || entry === undefined || !catalog.wanted.has(entry)) known.set(path, module);
  }
  return module ?? undefined;
}
