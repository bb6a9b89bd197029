import type { FileCatalog } from "../../facts/fileCatalog.ts";
import type { PythonClass, PythonDefinition } from "../../facts/python/pythonFact.ts";
import type { Surroundings } from "./evaluate.ts";
import { dottedName, parsedExpression } from "./expression.ts";
import { absoluteName } from "./importability.ts";
import { lazySubmodules } from "./lazyPackages.ts";
import type { PythonLayout } from "./layout.ts";
import type { ModuleFinder } from "./moduleFinder.ts";
import { nameIndex, sourceModule, type NameIndex } from "./moduleIndex.ts";
import type { ClassInScope, Scope } from "./scope.ts";

/** Bases without hooks, or with hooks that import nothing. */
export const plainBases = new Set(["Exception", "ValueError", "RuntimeError", "TypeError", "str", "int", "dict", "list", "Enum", "ABC", "Protocol", "Generic", "NamedTuple", "TypedDict", "tuple", "set"]); // prettier-ignore
/** Something that a name in another module turned out to be. */
export type Found =
  { readonly kind: "function"; readonly node: PythonDefinition; readonly scope: Scope } | ({ readonly kind: "class" } & ClassInScope);

/** What an expression may depend on beside the text: of the process that runs it. */
export interface ProcessFacts {
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  /** `sys.executable`. */
  readonly executable: string;
}

/** What names stand for, here and in other modules. Looks and never opens or imports anything. */
export class NameResolver {
  private readonly catalog: FileCatalog;
  private readonly finder: ModuleFinder;
  private readonly layout: PythonLayout;
  private readonly process: ProcessFacts;

  constructor(catalog: FileCatalog, finder: ModuleFinder, layout: PythonLayout, process: ProcessFacts) {
    this.catalog = catalog;
    this.finder = finder;
    this.layout = layout;
    this.process = process;
  }

  /** What names mean to an expression that stands in this scope. `isTest`: names that get several values count as unknown. */
  surroundings(scope: Scope, isTest = false): Surroundings {
    const at: Surroundings = {
      env: this.process.env,
      cwd: this.process.cwd,
      file: scope.module.path,
      minor: this.layout.minor,
      isMain: scope.isMain,
      module: scope.name,
      package: scope.package,
      executable: this.process.executable,
      hasModule: (name) => this.finder.find(name) !== undefined,
      hasPart: (name) => scope.package !== "" && this.finder.find(`${scope.package.split(".", 1)[0]}.${name}`) !== undefined,
      majorVersion: (name) => this.majorVersion(name),
      lookUp: (name) => {
        const bound = scope.bindings?.get(name);
        if (bound !== undefined) return { expression: { kind: "constant", value: bound }, surroundings: at };
        const assigned = this.assigned(name, scope, isTest);
        if (assigned === undefined) return undefined;
        return {
          expression: parsedExpression(assigned.text),
          surroundings: assigned.scope === scope ? at : this.surroundings(assigned.scope, isTest),
        };
      },
    };
    return at;
  }

  /** What a name was assigned, here or in the module that it is imported from; modules may import from each other in circles. */
  private assigned(name: string, scope: Scope, isTest = false, hops = 0): { readonly text: string; readonly scope: Scope } | undefined {
    const index = scope.locals?.values.has(name) === true ? scope.locals : scope.module.index;
    const text = index.values.get(name);
    if (text !== undefined) {
      if (!isTest || !index.rebound.has(name)) return { text, scope };
      const isFound = text === "None" || text === "False" ? this.importedName(name, index, scope) : undefined;
      return isFound === undefined ? undefined : { text: isFound ? "True" : text, scope };
    }
    const alias = hops > 5 ? undefined : (scope.locals?.aliases.get(name) ?? scope.module.index.aliases.get(name));
    if (alias?.attribute === undefined) return undefined;
    const other = this.scopeOf(absoluteName(alias.module, alias.level, scope.package));
    return other && this.assigned(alias.attribute, other, isTest, hops + 1);
  }

  /** `try: import name` with `name = None` as the fallback: whether it is there; undefined when nothing imports it. */
  private importedName(name: string, index: NameIndex, scope: Scope): boolean | undefined {
    const alias = index.typeOnly.has(name) ? undefined : index.aliases.get(name);
    const module = alias && absoluteName(alias.module, alias.level, scope.package);
    return module === undefined ? undefined : this.finder.find(module) !== undefined;
  }

  private versions: Map<string, number> | undefined;

  /** Of an installed distribution, told by the name of its metadata's folder. */
  private majorVersion(name: string): number | undefined {
    if (this.versions === undefined) {
      this.versions = new Map();
      for (const folder of this.finder.searchPath)
        for (const entry of this.finder.entriesOf(folder)) {
          const [, distribution, major] = /^(.+?)-(\d+)[^-]*\.(?:dist-info|egg-info)$/.exec(entry) ?? [];
          if (distribution !== undefined) this.versions.set(distribution.toLowerCase(), Number(major));
        }
    }
    return this.versions.get(name.toLowerCase());
  }

  private readonly basesOf = new Map<PythonClass, readonly ClassInScope[]>();
  private readonly scopes = new Map<string, Scope>();

  /** The scope of an imported module's own code; undefined when it has no source. */
  scopeOf(name: string | undefined): Scope | undefined {
    if (name === undefined) return undefined;
    const known = this.scopes.get(name);
    if (known !== undefined) return known;
    const spec = this.finder.find(name);
    if (spec === undefined || (spec.kind !== "package" && spec.kind !== "module")) return undefined;
    const module = sourceModule(this.catalog, spec.path);
    if (module === undefined) return undefined;
    const scope: Scope = { module, name, package: spec.kind === "package" ? name : parentOf(name), depth: 0, isMain: false };
    this.scopes.set(name, scope);
    return scope;
  }

  /** What `name` in a module is, through re-exports and lazy packages. */
  lookUp(moduleName: string | undefined, name: string, hops = 0): Found | undefined {
    const scope = hops > 5 ? undefined : this.scopeOf(moduleName);
    if (scope === undefined) return undefined;
    const { index } = scope.module;
    const definition = index.functions.get(name);
    if (definition !== undefined) return { kind: "function", node: definition, scope };
    const node = index.classes.get(name);
    if (node !== undefined) return { kind: "class", node, scope };
    const alias = index.aliases.get(name);
    if (alias?.attribute !== undefined)
      return this.lookUp(absoluteName(alias.module, alias.level, scope.package), alias.attribute, hops + 1);
    const lazy = moduleName === undefined ? undefined : this.lazySubmodules(moduleName, scope.module.path)?.get(name);
    if (lazy !== undefined) return this.lookUp(lazy, name, hops + 1);
    for (const star of index.stars.slice(0, 20)) {
      const found = this.lookUp(absoluteName(star.module, star.level, scope.package), name, hops + 2);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private readonly lazyMaps = new Map<string, ReadonlyMap<string, string> | undefined>();

  /** Name → full name of the submodule that provides it, of a package that loads on first use; undefined for others. */
  lazySubmodules(name: string, path: string): ReadonlyMap<string, string> | undefined {
    if (this.lazyMaps.has(name)) return this.lazyMaps.get(name);
    const fact = sourceModule(this.catalog, path)?.fact;
    const map = fact && lazySubmodules(fact, name, (module) => this.finder.find(module) !== undefined);
    this.lazyMaps.set(name, map);
    return map;
  }

  isDefined({ module: { index } }: Scope, name: string): boolean {
    return index.functions.has(name) || index.classes.has(name) || index.aliases.has(name);
  }

  /** `application.run`, `self.server.start`: a method of what the variable or attribute was assigned. */
  methodOfInstance(parts: readonly string[], scope: Scope): { target: Found; isLocal: boolean; method: string } | undefined {
    if (parts.length < 2 || parts.length > 5) return undefined;
    const [root = "", ...rest] = parts;
    const method = rest.pop() as string;
    let on = root === "self" || root === "cls" ? scope.self : this.instanceOf(root, scope);
    for (const attribute of rest) on = on && this.attributeOf(on, attribute);
    return on === undefined ? undefined : { target: { kind: "class", ...on }, isLocal: true, method };
  }

  /** The class of what a name was assigned, here or in the module that it comes from. */
  instanceOf(name: string, scope: Scope): ClassInScope | undefined {
    const assigned = this.assigned(name, scope);
    return assigned && this.madeBy(assigned.text, assigned.scope, name);
  }

  /** `Class(…)`: that class; undefined for every other expression. */
  private madeBy(text: string, scope: Scope, target: string): ClassInScope | undefined {
    if (!/^[\w.]+\(/.test(text)) return undefined;
    const expression = parsedExpression(text);
    const callee = expression.kind === "call" ? dottedName(expression.callee) : undefined;
    if (callee === undefined || callee === target) return undefined;
    const found = this.findCallee(callee.split("."), scope);
    return found?.target.kind === "class" && found.method === undefined ? found.target : undefined;
  }

  private attributeOf(of: ClassInScope, attribute: string, hops = 0): ClassInScope | undefined {
    const text = attributeTexts(of.node).get(attribute);
    if (text !== undefined) return this.madeBy(text, of.scope, attribute);
    if (hops >= 5) return undefined;
    for (const base of this.bases(of)) {
      const found = this.attributeOf(base, attribute, hops + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A function or class by its dotted name; `method`: the last part names a method of the class. */
  findCallee(parts: readonly string[], scope: Scope): { target: Found; isLocal: boolean; method?: string } | undefined {
    const [root = "", second, ...more] = parts;
    const local = this.localName(root, scope);
    if (local !== undefined) {
      if (second === undefined) return { target: local, isLocal: true };
      return local.kind === "class" && more.length === 0 ? { target: local, isLocal: true, method: second } : undefined;
    }
    const alias = scope.locals?.aliases.get(root) ?? scope.module.index.aliases.get(root);
    if (alias === undefined) return undefined;
    const module = absoluteName(alias.module, alias.level, scope.package);
    if (module === undefined) return undefined;
    const path = alias.attribute === undefined ? [module, ...parts.slice(1)] : [module, alias.attribute, ...parts.slice(1)];
    return this.findByPath(path);
  }

  private localName(name: string, scope: Scope): Found | undefined {
    const definition = scope.locals?.functions.get(name) ?? scope.module.index.functions.get(name);
    if (definition !== undefined) return { kind: "function", node: definition, scope };
    const node = scope.locals?.classes.get(name) ?? scope.module.index.classes.get(name);
    return node === undefined ? undefined : { kind: "class", node, scope: { ...scope, depth: 0 } };
  }

  /** `[module, a, b]`: the longest prefix that is a module, then a name in it, then perhaps a method. */
  private findByPath(path: readonly string[]): { target: Found; isLocal: boolean; method?: string } | undefined {
    for (let length = Math.min(path.length - 1, 4); length >= 1; length--) {
      const module = path.slice(0, length).join(".");
      if (this.finder.find(module) === undefined) continue;
      const [name, method, ...more] = path.slice(length);
      const target = name === undefined ? undefined : this.lookUp(module, name);
      if (target === undefined || more.length > 0) return undefined;
      return { target, isLocal: false, ...(method !== undefined && { method }) };
    }
    return undefined;
  }

  bases(of: ClassInScope): readonly ClassInScope[] {
    const known = this.basesOf.get(of.node);
    if (known !== undefined) return known;
    const bases: ClassInScope[] = [];
    for (const name of of.node.bases.slice(0, 10)) {
      const found = this.findCallee(name.split("."), of.scope);
      if (found?.target.kind === "class" && found.method === undefined && found.target.node !== of.node) bases.push(found.target);
    }
    // What is not found yet may be found when the program has extended the search path.
    if (bases.length === of.node.bases.length) this.basesOf.set(of.node, bases);
    return bases;
  }

  metaclasses(of: ClassInScope, hops = 0): readonly ClassInScope[] {
    return this.bases(of).flatMap((base) => {
      const isMetaclass = base.node.bases.some((name) => /(^|\.)(type|\w*Meta(class)?)$/.test(name));
      return isMetaclass ? [base] : hops < 3 ? this.metaclasses(base, hops + 1) : [];
    });
  }

  /** The package that a local or full name stands for; undefined when there is none. */
  packageNamed(name: string, scope: Scope): string | undefined {
    const alias = scope.locals?.aliases.get(name) ?? scope.module.index.aliases.get(name);
    const module = alias && absoluteName(alias.module, alias.level, scope.package);
    const full = module === undefined ? name : alias?.attribute === undefined ? module : `${module}.${alias.attribute}`;
    return this.finder.find(full)?.kind === "package" ? full : undefined;
  }

  /** The source file that defines a function, class or module by its local name. */
  definingFile(name: string, scope: Scope): string | undefined {
    const found = this.findCallee([name], scope);
    if (found !== undefined) return found.target.scope.module.path;
    const module = this.packageNamed(name, scope);
    const spec = module === undefined ? undefined : this.finder.find(module);
    return spec?.kind === "package" ? spec.path : undefined;
  }

  /** Whether one of the bases is a class that no application code defines, exceptions and plain data left aside. */
  isDerivedFromLibrary(of: ClassInScope): boolean {
    return this.bases(of).some(
      (base) =>
        !this.finder.isApplication(base.scope.module.path) &&
        !plainBases.has(base.node.name) &&
        !/(Error|Exception|Model|Schema|Settings|Enum|Dict|Tuple)$/.test(base.node.name),
    );
  }
}

const attributes = new WeakMap<PythonClass, ReadonlyMap<string, string>>();

/** What a class's own methods and body assign to its attributes, as text; the first assignment of each. */
function attributeTexts(node: PythonClass): ReadonlyMap<string, string> {
  let texts = attributes.get(node) as Map<string, string> | undefined;
  if (texts === undefined) {
    texts = new Map();
    for (const [name, value] of nameIndex(node.body).values) texts.set(name, value);
    for (const method of nameIndex(node.body).functions.values())
      for (const [name, value] of nameIndex(method.body).values)
        if (name.startsWith("self.") && !texts.has(name.slice(5))) texts.set(name.slice(5), value);
    attributes.set(node, texts);
  }
  return texts;
}

/** `a` of `a.b`; empty at the top. */
export function parentOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(0, dot);
}
