import type { PythonClass, PythonDefinition, PythonFact, PythonStatement } from "../../facts/python/pythonFact.ts";
import { compiledFile } from "./compiledFile.ts";
import type { Moment, Reading } from "../startupSet.ts";
import type { Command, StartupWalk } from "../walk.ts";
import { evaluate, truthOf, type Surroundings } from "./evaluate.ts";
import { dottedName, parsedExpression } from "./expression.ts";
import type { ClassInScope, Scope } from "./scope.ts";
import { openExtension } from "./extensionModules.ts";
import { lazySubmodules } from "./lazyPackages.ts";
import type { PythonLayout } from "./layout.ts";
import { absoluteName, Importability } from "./importability.ts";
import { ModuleFinder } from "./moduleFinder.ts";
import { nameIndex, sourceModule, type SourceModule } from "./moduleIndex.ts";
import { ModuleQueue } from "./moduleQueue.ts";
import { followSpecialCall } from "./specialCalls.ts";
import { followText } from "./applicationText.ts";

/** Probabilities of what cannot be decided, fitted on traced images: how often the branch is taken. */
const likelihood = {
  /** Below it nothing is followed. */
  least: 0.12,
  undecidedIf: 0.6,
  /** In functions tests ask for options, which are mostly off. */
  undecidedInCall: 0.52,
  undecidedElse: 0.5,
  /** An `except` clause whose `try` finds all its imports. */
  handler: 0.05,
  /** `else` and `finally` together, of a `try` that fails. */
  elseAfterFailure: 0.1,
  case: 0.5,
  /** `if TYPE_CHECKING or …`: written for type checkers first. */
  typeChecking: 0.15,
  /** Per hop of a call: overriding, early returns, dispatch that the text does not show. */
  localCall: 0.98,
  importedCall: 0.96,
  method: 0.97,
  /** That a body gets past its early returns. */
  body: 0.98,
} as const;

const deepestCall = 8;
/**
 * Decorators and helpers that read the source of the file which uses them: torch compiles overloads and scripts from source,
 * triton its kernels; anyio and torch's settings look for names in it.
 */
const readsOwnSource =
  /(^|\.)(_overload|_overload_method|jit\.(script|interface)|triton\.jit|install_config_module|install_lazy_importer)$/;
/** Bases without hooks, or with hooks that import nothing. */
const plainBases = new Set(["Exception", "ValueError", "RuntimeError", "TypeError", "str", "int", "dict", "list", "Enum", "ABC", "Protocol", "Generic", "NamedTuple", "TypedDict", "tuple", "set"]); // prettier-ignore
/** Statements looked at in one process; a hostile file cannot make it run longer. */
const statementsLimit = 3_000_000;

/** Something that a name in another module turned out to be. */
type Found =
  { readonly kind: "function"; readonly node: PythonDefinition; readonly scope: Scope } | ({ readonly kind: "class" } & ClassInScope);

/** Follows what one Python process imports at startup. */
export class ImportWalk {
  readonly finder: ModuleFinder;
  readonly layout: PythonLayout;
  /** Its environment is this process's own: the program may set variables. */
  readonly command: Command & { readonly env: Map<string, string> };
  readonly walk: StartupWalk;
  /** soname → path of what the process has mapped. */
  readonly libraries: Map<string, string>;
  /** `sys.executable`: the interpreter as it was called, for processes that the program starts with it. */
  readonly executable: string;
  /** What is opened from here on is opened until then. */
  moment: Moment = "ready";
  /** What happens at the first request beyond the application's handlers. */
  readonly later: (() => void)[] = [];
  /** Of the program itself; of a path file's line as long as that runs. */
  mainScope: Scope | undefined;
  /** Scopes of the application's own modules that run, in the order in which they are met. */
  readonly applicationScopes: Scope[] = [];
  /** Expressions of application code that were met, as text. */
  readonly applicationTexts: string[] = [];
  private readonly queue = new ModuleQueue();
  private readonly queued = new Map<string, number>();
  private readonly imported = new Map<string, number>();
  /** Function and class of `self` → the best probability with which it was walked. */
  private readonly calledFunctions = new Map<string, number>();
  private readonly calledNodes = new Set<PythonDefinition>();
  private readonly importability: Importability;
  private statementsLeft = statementsLimit;

  constructor(
    command: Command & { readonly env: Map<string, string> },
    layout: PythonLayout,
    walk: StartupWalk,
    libraries: Map<string, string>,
    executable: string,
  ) {
    this.executable = executable;
    this.command = command;
    this.layout = layout;
    this.walk = walk;
    this.libraries = libraries;
    this.finder = new ModuleFinder(walk.catalog, layout);
    this.importability = new Importability(walk.catalog, this.finder, layout.minor);
  }

  /** How probably the module is imported, so far; 0 when not at all. */
  probabilityOf(name: string): number {
    return this.imported.get(name) ?? 0;
  }

  /** Notes that a file is opened; probabilities are relative to the process. */
  open(path: string, rule: string, probability: number, evidence: string, reading?: Reading): void {
    this.walk.open(path, rule, probability * this.command.probability, evidence, { moment: this.moment, reading });
  }

  /** Imports `a`, `a.b`, `a.b.c`; false when one of them is not there. */
  importModule(name: string, probability: number, rule: string, evidence: string): boolean {
    for (let dot = name.indexOf("."); ; dot = name.indexOf(".", dot + 1)) {
      const part = dot < 0 ? name : name.slice(0, dot);
      if (this.finder.find(part) === undefined) return false;
      this.enqueue(part, probability, rule, evidence);
      if (dot < 0) return true;
    }
  }

  /** `from name import names`. */
  importFrom(name: string, names: readonly string[], probability: number, rule: string, evidence: string, hops = 0): boolean {
    if (!this.importModule(name, probability, rule, evidence)) return false;
    const spec = this.finder.find(name);
    if (spec === undefined || !("folders" in spec)) return true;
    const lazy = spec.kind === "package" ? this.lazySubmodules(name, spec.path) : undefined;
    for (const imported of names) {
      if (imported === "*") continue;
      const isSubmodule = this.finder.find(`${name}.${imported}`) !== undefined;
      if (isSubmodule) this.enqueue(`${name}.${imported}`, probability, rule, evidence);
      const provider = lazy?.get(imported);
      // The provider may be lazy itself, as transformers.models.auto is.
      if (provider !== undefined && hops < 5) this.importFrom(provider, [imported], probability, "py-lazy", evidence, hops + 1);
      else if (!isSubmodule && spec.kind === "package") this.askForName(name, imported, probability);
    }
    return true;
  }

  /** Runs a package's own `__getattr__` for a name that it does not define (PEP 562). */
  private askForName(module: string, name: string, probability: number): void {
    const scope = this.scopeOf(module);
    const node = scope?.module.index.functions.get("__getattr__");
    if (scope === undefined || node === undefined || this.isDefined(scope, name)) return;
    const key = `${scope.module.path}:__getattr__:${name}`;
    if (this.calledFunctions.has(key)) return;
    this.calledFunctions.set(key, probability);
    const bindings = new Map([["name", name], ["attr", name], ["item", name], ["key", name]]); // prettier-ignore
    this.statements(node.body, { ...scope, locals: nameIndex(node.body), bindings, depth: 1 }, probability * likelihood.localCall);
  }

  private isDefined({ module: { index } }: Scope, name: string): boolean {
    return index.functions.has(name) || index.classes.has(name) || index.aliases.has(name);
  }

  private enqueue(name: string, probability: number, rule: string, evidence: string): void {
    if (probability < likelihood.least || (this.queued.get(name) ?? 0) >= probability) return;
    this.queued.set(name, probability);
    this.queue.add({ name, probability, rule, evidence });
  }

  /** Imports everything that is queued, and what that imports in turn. */
  drain(): void {
    for (let next = this.queue.take(); next !== undefined; next = this.queue.take()) {
      if ((this.imported.get(next.name) ?? 0) >= next.probability) continue;
      this.imported.set(next.name, next.probability);
      const spec = this.finder.find(next.name);
      if (spec === undefined || spec.kind === "builtin" || spec.kind === "namespace") continue;
      if (spec.kind === "extension") {
        openExtension(this, next.name, spec.path, next);
        continue;
      }
      if (spec.kind !== "frozen") this.openSource(spec.path, next.probability, next.rule, next.evidence);
      const isPackage = spec.kind === "package";
      this.runFile(spec.path, next.name, isPackage ? next.name : parentOf(next.name), next.probability);
    }
  }

  /** A source that is imported: its compiled file when that is valid, else itself. */
  openSource(path: string, probability: number, rule: string, evidence: string): void {
    const compiled = this.command.env.has("PYTHONPYCACHEPREFIX") ? undefined : compiledFile(this.walk.catalog, path, this.layout.minor);
    if (compiled !== undefined) this.open(compiled.path, rule, probability, evidence);
    if (compiled === undefined) this.open(path, rule, probability, evidence);
    else if (!compiled.isValid) this.open(path, "py-stale-pyc", probability, evidence);
  }

  /** Runs the body of a source file, as an import or as the program. */
  runFile(path: string, name: string, packageName: string, probability: number, isMain = false): void {
    const module = sourceModule(this.walk.catalog, path);
    if (module !== undefined) this.runModule(module, name, packageName, probability, isMain);
  }

  /** Runs code that lies in no file: `-c`, lines of path files. */
  runCode(fact: PythonFact, origin: string, probability: number): void {
    this.runModule({ path: origin, fact, index: nameIndex(fact.body) }, "__main__", "", probability, true);
  }

  private runModule(module: SourceModule, name: string, packageName: string, probability: number, isMain: boolean): void {
    const scope: Scope = { module, name, package: packageName, depth: 0, isMain };
    if (isMain) this.mainScope = scope;
    if (probability > 0.3 && this.applicationScopes.length < 2000 && this.finder.isApplication(module.path))
      this.applicationScopes.push(scope);
    this.statements(module.fact.body, scope, probability);
  }

  /** Runs statements; returns how probably they come to their end without raising, which ends the block. */
  private statements(body: readonly PythonStatement[], scope: Scope, probability: number, isTried = false): number {
    let survival = 1;
    for (const [at, statement] of body.entries()) {
      const p = probability * survival;
      if (p < likelihood.least || --this.statementsLeft < 0) return survival;
      switch (statement.do) {
        case "import":
        case "from":
          // Outside of a `try` a module that was not found is rather one that we cannot find: the program is taken to work.
          if (!this.importStatement(statement, scope, p) && (isTried || this.isExpectedToFail(scope))) return 0;
          if (isTried && !this.importability.succeeds(statement, scope.package)) return 0;
          break;
        case "if":
          survival *= this.conditional(statement, scope, p, isTried);
          break;
        case "try":
          this.attempt(statement, scope, p);
          break;
        case "raise":
          return 0;
        case "class":
          this.statements(statement.body, { ...scope, definedIn: { node: statement, scope } }, p);
          if (statement.bases.length > 0) this.makeClass(statement, scope, p);
          break;
        case "maybe":
          this.statements(statement.body, scope, p * likelihood.case);
          break;
        case "calls":
          for (const name of statement.names) this.followCall(name, scope, p);
          break;
        case "call":
          followSpecialCall(this, statement, scope, p);
          break;
        case "set":
          followText(this, statement.value, statement.line, scope, p, []);
          break;
        case "expression":
          followText(this, statement.text, statement.line, scope, p, body.slice(at + 1, at + 8));
          break;
        case "def":
      }
    }
    return survival;
  }

  /** Whether a `try` elsewhere expects the module's import to raise, so that what is missing here is really missing. */
  private isExpectedToFail(scope: Scope): boolean {
    return scope.depth === 0 && !scope.isMain && this.importability.isKnownToFail(scope.name);
  }

  private importStatement(statement: PythonStatement & { do: "import" | "from" }, scope: Scope, probability: number): boolean {
    const rule = scope.depth === 0 ? "py-import" : "py-call-import";
    const place = `${this.shortPath(scope.module.path)}:${statement.line}`;
    if (statement.do === "import") {
      let found = true;
      for (const [name] of statement.names) found = this.importModule(name, probability, rule, `${place} → ${name}`) && found;
      return found;
    }
    const name = absoluteName(statement.module, statement.level, scope.package);
    if (name === undefined || name === "") return true;
    const names = statement.names.map(([one]) => one);
    return this.importFrom(name, names, probability, rule, `${place} → ${name}`);
  }

  /** Returns how probably no branch raises, see `statements`. */
  private conditional(statement: PythonStatement & { do: "if" }, scope: Scope, probability: number, isTried: boolean): number {
    let rest = 1;
    let survival = 1;
    for (const branch of statement.branches) {
      const truth = branch.test === "" ? true : branch.test === "?" ? undefined : this.truth(branch.test, scope);
      if (truth === false) continue;
      const isForTypeCheckers = branch.test.includes("TYPE_CHECKING");
      const undecided = scope.depth > 0 && !isTried ? likelihood.undecidedInCall : likelihood.undecidedIf;
      const share = truth === true ? rest : rest * (isForTypeCheckers ? likelihood.typeChecking : undecided);
      const end = this.statements(branch.body, scope, probability * share, isTried);
      // Checks that end the program do not fire in an image that works; those inside a `try` choose between alternatives.
      if (isTried) survival -= share * (1 - end);
      if (truth === true) return survival;
      if (!isForTypeCheckers) rest *= likelihood.undecidedElse;
    }
    return survival;
  }

  private attempt(statement: PythonStatement & { do: "try" }, scope: Scope, probability: number): void {
    const survival = this.statements(statement.body, scope, probability, true);
    this.statements(statement.handlers, scope, probability * Math.max(likelihood.handler, 1 - survival));
    this.statements(statement.rest, scope, probability * Math.max(likelihood.elseAfterFailure, survival));
  }

  private truth(test: string, scope: Scope): boolean | undefined {
    return truthOf(evaluate(parsedExpression(test), this.surroundings(scope)));
  }

  /** What names mean to an expression that stands in this scope. */
  surroundings(scope: Scope): Surroundings {
    const at: Surroundings = {
      env: this.command.env,
      cwd: this.command.cwd,
      file: scope.module.path,
      minor: this.layout.minor,
      isMain: scope.isMain,
      module: scope.name,
      package: scope.package,
      executable: this.executable,
      hasModule: (name) => this.finder.find(name) !== undefined,
      hasPart: (name) => scope.package !== "" && this.finder.find(`${scope.package.split(".", 1)[0]}.${name}`) !== undefined,
      lookUp: (name) => {
        const bound = scope.bindings?.get(name);
        if (bound !== undefined) return { expression: { kind: "constant", value: bound }, surroundings: at };
        const assigned = this.assigned(name, scope);
        if (assigned === undefined) return undefined;
        return {
          expression: parsedExpression(assigned.text),
          surroundings: assigned.scope === scope ? at : this.surroundings(assigned.scope),
        };
      },
    };
    return at;
  }

  /** What a name was assigned, here or in the module that it is imported from; modules may import from each other in circles. */
  private assigned(name: string, scope: Scope, hops = 0): { readonly text: string; readonly scope: Scope } | undefined {
    const text = scope.locals?.values.get(name) ?? scope.module.index.values.get(name);
    if (text !== undefined) return { text, scope };
    const alias = hops > 5 ? undefined : (scope.locals?.aliases.get(name) ?? scope.module.index.aliases.get(name));
    if (alias?.attribute === undefined) return undefined;
    const other = this.scopeOf(absoluteName(alias.module, alias.level, scope.package));
    return other && this.assigned(alias.attribute, other, hops + 1);
  }

  /** The scope of an imported module's own code; undefined when it has no source. */
  private scopeOf(name: string | undefined): Scope | undefined {
    const spec = name === undefined ? undefined : this.finder.find(name);
    if (name === undefined || spec === undefined || (spec.kind !== "package" && spec.kind !== "module")) return undefined;
    const module = sourceModule(this.walk.catalog, spec.path);
    if (module === undefined) return undefined;
    return { module, name, package: spec.kind === "package" ? name : parentOf(name), depth: 0, isMain: false };
  }

  /** What `name` in a module is, through re-exports and lazy packages. */
  private lookUp(moduleName: string | undefined, name: string, hops = 0): Found | undefined {
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
  private lazySubmodules(name: string, path: string): ReadonlyMap<string, string> | undefined {
    if (this.lazyMaps.has(name)) return this.lazyMaps.get(name);
    const fact = sourceModule(this.walk.catalog, path)?.fact;
    const map = fact && lazySubmodules(fact, name, (module) => this.finder.find(module) !== undefined);
    this.lazyMaps.set(name, map);
    return map;
  }

  /** Follows a call by its dotted name, see `PythonCalls`. */
  followCall(name: string, scope: Scope, probability: number): void {
    if (scope.depth >= deepestCall || probability < 0.15) return;
    const onResult = /^(.+)\(\)\.(\w+)$/.exec(name);
    if (onResult !== null) {
      this.methodOnResult(onResult[1] as string, onResult[2] as string, scope, probability);
      return;
    }
    const parts = name.split(".");
    const [root = "", second] = parts;
    if (readsOwnSource.test(name))
      this.open(scope.module.path, "py-source", probability * 0.9, `${this.shortPath(scope.module.path)} uses ${name}`);
    if (second !== undefined) this.askForAttribute(root, second, scope, probability);
    if ((root === "self" || root === "cls") && second !== undefined && parts.length === 2) {
      if (scope.self !== undefined) this.callMethod(scope.self, second, scope.self, probability * likelihood.method, scope.depth);
      return;
    }
    const found = this.findCallee(parts, scope) ?? this.methodOfInstance(parts, scope);
    if (found === undefined) return;
    const p = probability * (found.isLocal ? likelihood.localCall : likelihood.importedCall);
    if (found.method !== undefined && found.target.kind === "class")
      this.callMethod(found.target, found.method, found.target, p, scope.depth);
    else this.callFound(found.target, p, scope.depth);
  }

  /** `package.Name(…)` where the package provides the name on first use. */
  private askForAttribute(root: string, attribute: string, scope: Scope, probability: number): void {
    const alias = scope.locals?.aliases.get(root) ?? scope.module.index.aliases.get(root);
    if (alias === undefined) return;
    const module = absoluteName(alias.module, alias.level, scope.package);
    const full = alias.attribute === undefined ? module : `${module ?? ""}.${alias.attribute}`;
    const spec = full === undefined ? undefined : this.finder.find(full);
    if (full === undefined || spec?.kind !== "package") return;
    const isLazy =
      this.lazySubmodules(full, spec.path)?.has(attribute) === true ||
      sourceModule(this.walk.catalog, spec.path)?.index.functions.has("__getattr__") === true;
    if (isLazy)
      this.importFrom(
        full,
        [attribute],
        probability * likelihood.importedCall,
        "py-lazy",
        `${this.shortPath(scope.module.path)} → ${full}.${attribute}`,
      );
  }

  private readonly madeClasses = new Set<string>();

  /** Making a class runs its metaclass, and `__init_subclass__` of its bases. */
  private makeClass(node: PythonClass, scope: Scope, probability: number): void {
    if (scope.depth > 2 || probability < 0.3) return;
    for (const name of node.bases.slice(0, 6)) {
      if (plainBases.has(name)) continue;
      const found = this.findCallee(name.split("."), scope);
      if (found?.target.kind !== "class" || found.method !== undefined || found.target.node === node) continue;
      const key = `${found.target.scope.module.path}:${found.target.node.line}`;
      if (this.madeClasses.has(key)) continue;
      this.madeClasses.add(key);
      this.callMethod(found.target, "__init_subclass__", found.target, probability * likelihood.method, scope.depth);
      for (const metaclass of this.metaclasses(found.target))
        for (const method of ["__new__", "__init__"])
          this.callMethod(metaclass, method, metaclass, probability * likelihood.method, scope.depth);
    }
  }

  private metaclasses(of: ClassInScope, hops = 0): readonly ClassInScope[] {
    return this.bases(of).flatMap((base) => {
      const isMetaclass = base.node.bases.some((name) => /(^|\.)(type|\w*Meta(class)?)$/.test(name));
      return isMetaclass ? [base] : hops < 3 ? this.metaclasses(base, hops + 1) : [];
    });
  }

  private methodOnResult(callee: string, method: string, scope: Scope, probability: number): void {
    if (callee === "super") {
      if (scope.definedIn === undefined) return;
      for (const base of this.bases(scope.definedIn))
        if (this.callMethod(base, method, scope.self ?? base, probability * likelihood.method, scope.depth)) return;
      return;
    }
    const found = this.findCallee(callee.split("."), scope);
    if (found?.target.kind === "class" && found.method === undefined)
      this.callMethod(found.target, method, found.target, probability * likelihood.importedCall, scope.depth);
  }

  /** `application.run`, `self.server.start`: a method of what the variable or attribute was assigned. */
  private methodOfInstance(parts: readonly string[], scope: Scope): { target: Found; isLocal: boolean; method: string } | undefined {
    if (parts.length < 2 || parts.length > 5) return undefined;
    const [root = "", ...rest] = parts;
    const method = rest.pop() as string;
    let on = root === "self" || root === "cls" ? scope.self : this.instanceOf(root, scope);
    for (const attribute of rest) on = on && this.attributeOf(on, attribute);
    return on === undefined ? undefined : { target: { kind: "class", ...on }, isLocal: true, method };
  }

  /** The class of what a name was assigned, here or in the module that it comes from. */
  private instanceOf(name: string, scope: Scope): ClassInScope | undefined {
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
  private findCallee(parts: readonly string[], scope: Scope): { target: Found; isLocal: boolean; method?: string } | undefined {
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

  private callFound(target: Found, probability: number, depth: number): void {
    if (target.kind === "function") {
      this.callFunction(target.node, target.scope, undefined, undefined, probability, depth);
      return;
    }
    for (const method of ["__init__", "__new__", "__post_init__"]) this.callMethod(target, method, target, probability, depth);
  }

  /** Calls a method found along the bases; false when none defines it. */
  callMethod(on: ClassInScope, method: string, self: ClassInScope, probability: number, depth: number, hops = 0): boolean {
    const definition = nameIndex(on.node.body).functions.get(method);
    if (definition !== undefined) {
      this.callFunction(definition, on.scope, self, on, probability, depth);
      return true;
    }
    if (hops >= 5) return false;
    return this.bases(on).some((base) => this.callMethod(base, method, self, probability, depth, hops + 1));
  }

  private bases(of: ClassInScope): ClassInScope[] {
    const bases: ClassInScope[] = [];
    for (const name of of.node.bases.slice(0, 10)) {
      const found = this.findCallee(name.split("."), of.scope);
      if (found?.target.kind === "class" && found.method === undefined && found.target.node !== of.node) bases.push(found.target);
    }
    return bases;
  }

  callFunction(
    node: PythonDefinition,
    scope: Scope,
    self: ClassInScope | undefined,
    definedIn: ClassInScope | undefined,
    probability: number,
    depth: number,
  ): void {
    const selfKey = self === undefined ? "" : `${self.scope.module.path}:${self.node.line}`;
    const key = `${scope.module.path}:${node.line}:${selfKey}`;
    // A slightly better chance is not worth another walk.
    if ((this.calledFunctions.get(key) ?? 0) >= probability - 0.1) return;
    this.calledFunctions.set(key, probability);
    this.calledNodes.add(node);
    const inner: Scope = {
      module: scope.module,
      name: scope.name,
      package: scope.package,
      isMain: scope.isMain,
      locals: nameIndex(node.body),
      ...(self !== undefined && { self }),
      ...(definedIn !== undefined && { definedIn }),
      depth: depth + 1,
    };
    this.statements(node.body, inner, probability * likelihood.body);
  }

  /** Calls a function or class that is given as `module:name`. */
  callByName(module: string, name: string, probability: number): void {
    const found = this.lookUp(module, name);
    if (found !== undefined) this.callFound(found, probability, 0);
  }

  /** Whether the function was followed already, on any object. */
  isCalled(node: PythonDefinition): boolean {
    return this.calledNodes.has(node);
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

  /** Whether the file came with the interpreter. */
  isStandardLibrary(path: string): boolean {
    return path.startsWith(`${this.layout.standardLibrary}/`) && !/\/(site|dist)-packages\//.test(path);
  }

  /** Modules imported so far whose full name fits. */
  importedBelow(pattern: RegExp): readonly string[] {
    return [...this.imported.keys()].filter((name) => pattern.test(name));
  }

  /** Calls a method of what a module's variable was assigned, as servers call an application. */
  callInstance(module: string, name: string, method: string, probability: number): void {
    const scope = this.scopeOf(module);
    const on = scope && this.instanceOf(name, scope);
    if (on !== undefined) this.callMethod(on, method, on, probability, 0);
  }

  /** The scope of a module, for tables that need to look into its settings. */
  moduleScope(name: string): Scope | undefined {
    return this.scopeOf(name);
  }

  private readonly shortPaths = new Map<string, string>();

  /** A path for people: without the folder that modules are found in. */
  shortPath(path: string): string {
    let short = this.shortPaths.get(path);
    if (short === undefined) {
      const lengths = this.finder.searchPath.filter((one) => path.startsWith(`${one}/`)).map((one) => one.length + 1);
      this.shortPaths.set(path, (short = path.slice(Math.max(0, ...lengths))));
    }
    return short;
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

function parentOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(0, dot);
}
