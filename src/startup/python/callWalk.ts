import type { PythonClass, PythonDefinition } from "../../facts/python/pythonFact.ts";
import { absoluteName } from "./importability.ts";
import type { ImportWalk } from "./importWalk.ts";
import { likelihood } from "./likelihood.ts";
import { nameIndex, sourceModule } from "./moduleIndex.ts";
import { plainBases, type Found, type NameResolver } from "./nameResolver.ts";
import type { Binder } from "./boundCalls.ts";
import type { Bindings, ClassInScope, Scope } from "./scope.ts";

const deepestCall = 8;
/** Of one function, with different arguments. */
const mostVariants = 6;
/**
 * Decorators and helpers that read the source of the file which uses them: torch compiles overloads and scripts from source,
 * triton its kernels; anyio and torch's settings look for names in it.
 */
const readsOwnSource =
  /(^|\.)(_overload|_overload_method|jit\.(script|interface)|triton\.jit|install_config_module|install_lazy_importer)$/;
/** Follows what called functions, methods and classes do: their bodies run as part of the walk. */
export class CallWalk {
  private readonly imports: ImportWalk;
  private readonly names: NameResolver;
  /** Function and class of `self` → the best probability with which it was walked. */
  private readonly calledFunctions = new Map<string, number>();
  private readonly calledNodes = new Set<PythonDefinition>();
  /** With how many sets of arguments a function was walked. */
  private readonly variants = new Map<PythonDefinition, number>();

  constructor(imports: ImportWalk) {
    this.imports = imports;
    this.names = imports.names;
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
      this.imports.open(scope.module.path, "py-source", probability * 0.9, `${this.imports.shortPath(scope.module.path)} uses ${name}`);
    if (second !== undefined) this.askForAttribute(root, second, scope, probability);
    if ((root === "self" || root === "cls") && second !== undefined && parts.length === 2) {
      if (scope.self !== undefined) this.callMethod(scope.self, second, scope.self, probability * likelihood.method, scope.depth);
      return;
    }
    const found = this.names.findCallee(parts, scope) ?? this.names.methodOfInstance(parts, scope);
    if (found === undefined) return;
    const p = probability * (found.isLocal ? likelihood.localCall : likelihood.importedCall);
    if (found.method !== undefined && found.target.kind === "class")
      this.callMethod(found.target, found.method, found.target, p, scope.depth);
    else this.callFound(found.target, p, scope.depth);
  }

  /** Runs a package's own `__getattr__` for a name that it does not define (PEP 562). */
  askForName(module: string, name: string, probability: number): void {
    const scope = this.names.scopeOf(module);
    const node = scope?.module.index.functions.get("__getattr__");
    if (scope === undefined || node === undefined || this.names.isDefined(scope, name)) return;
    const key = `${scope.module.path}:__getattr__:${name}`;
    if (this.calledFunctions.has(key)) return;
    this.calledFunctions.set(key, probability);
    const bindings = new Map([["name", name], ["attr", name], ["item", name], ["key", name]]); // prettier-ignore
    this.imports.statements(node.body, { ...scope, locals: nameIndex(node.body), bindings, depth: 1 }, probability * likelihood.localCall);
  }

  /** `package.Name(…)` where the package provides the name on first use. */
  private askForAttribute(root: string, attribute: string, scope: Scope, probability: number): void {
    const alias = scope.locals?.aliases.get(root) ?? scope.module.index.aliases.get(root);
    if (alias === undefined) return;
    const module = absoluteName(alias.module, alias.level, scope.package);
    const full = alias.attribute === undefined ? module : `${module ?? ""}.${alias.attribute}`;
    const spec = full === undefined ? undefined : this.imports.finder.find(full);
    if (full === undefined || spec?.kind !== "package") return;
    const isLazy =
      this.names.lazySubmodules(full, spec.path)?.has(attribute) === true ||
      sourceModule(this.imports.walk.catalog, spec.path)?.index.functions.has("__getattr__") === true;
    if (isLazy)
      this.imports.importFrom(
        full,
        [attribute],
        probability * likelihood.importedCall,
        "py-lazy",
        `${this.imports.shortPath(scope.module.path)} → ${full}.${attribute}`,
      );
  }

  private readonly madeNodes = new Set<PythonClass>();
  private readonly madeClasses = new Set<string>();

  /** Making a class runs its metaclass, and `__init_subclass__` of its bases. */
  makeClass(node: PythonClass, scope: Scope, probability: number): void {
    if (scope.depth > 2 || probability < 0.3 || this.madeNodes.has(node)) return;
    this.madeNodes.add(node);
    for (const name of node.bases.slice(0, 6)) {
      if (plainBases.has(name)) continue;
      const found = this.names.findCallee(name.split("."), scope);
      if (found?.target.kind !== "class" || found.method !== undefined || found.target.node === node) continue;
      const key = `${found.target.scope.module.path}:${found.target.node.line}`;
      if (this.madeClasses.has(key)) continue;
      this.madeClasses.add(key);
      this.callMethod(found.target, "__init_subclass__", found.target, probability * likelihood.method, scope.depth);
      for (const metaclass of this.names.metaclasses(found.target))
        for (const method of ["__new__", "__init__"])
          this.callMethod(metaclass, method, metaclass, probability * likelihood.method, scope.depth);
    }
  }

  private methodOnResult(callee: string, method: string, scope: Scope, probability: number): void {
    if (callee === "super") {
      if (scope.definedIn === undefined) return;
      for (const base of this.names.bases(scope.definedIn))
        if (this.callMethod(base, method, scope.self ?? base, probability * likelihood.method, scope.depth)) return;
      return;
    }
    const found = this.names.findCallee(callee.split("."), scope);
    if (found?.target.kind === "class" && found.method === undefined)
      this.callMethod(found.target, method, found.target, probability * likelihood.importedCall, scope.depth);
  }

  /** `binder`: tells what the arguments are worth. */
  callFound(target: Found, probability: number, depth: number, binder?: Binder): void {
    if (target.kind === "function") {
      this.callFunction(target.node, target.scope, undefined, undefined, probability, depth, binder?.(target.node, false));
      return;
    }
    for (const method of ["__init__", "__new__", "__post_init__"]) this.callMethod(target, method, target, probability, depth, 0, binder);
  }

  /** Calls a method found along the bases; false when none defines it. */
  callMethod(on: ClassInScope, method: string, self: ClassInScope, probability: number, depth: number, hops = 0, binder?: Binder): boolean {
    const definition = nameIndex(on.node.body).functions.get(method);
    if (definition !== undefined) {
      this.callFunction(definition, on.scope, self, on, probability, depth, binder?.(definition, true));
      return true;
    }
    if (hops >= 5) return false;
    return this.names.bases(on).some((base) => this.callMethod(base, method, self, probability, depth, hops + 1, binder));
  }

  callFunction(
    node: PythonDefinition,
    scope: Scope,
    self: ClassInScope | undefined,
    definedIn: ClassInScope | undefined,
    probability: number,
    depth: number,
    bindings?: Bindings,
  ): void {
    if (depth >= deepestCall) return;
    const selfKey = self === undefined ? "" : `${self.scope.module.path}:${self.node.line}`;
    const plainKey = `${scope.module.path}:${node.line}:${selfKey}`;
    const key = bindings === undefined ? plainKey : `${plainKey}:${JSON.stringify([...bindings])}`;
    // A slightly better chance is not worth another walk.
    if ((this.calledFunctions.get(key) ?? 0) >= probability - 0.1) return;
    this.calledFunctions.set(key, probability);
    if (bindings !== undefined) {
      const variants = (this.variants.get(node) ?? 0) + 1;
      if (variants > mostVariants) return;
      this.variants.set(node, variants);
      // With its arguments the function is known better than without.
      this.calledFunctions.set(plainKey, Math.max(probability, this.calledFunctions.get(plainKey) ?? 0));
    }
    this.calledNodes.add(node);
    const inner: Scope = {
      module: scope.module,
      name: scope.name,
      package: scope.package,
      isMain: scope.isMain,
      locals: nameIndex(node.body),
      ...(self !== undefined && { self }),
      ...(definedIn !== undefined && { definedIn }),
      ...(bindings !== undefined && { bindings }),
      depth: depth + 1,
    };
    this.imports.statements(node.body, inner, probability * likelihood.body);
  }

  /** Calls a function or class that is given as `module:name`. */
  callByName(module: string, name: string, probability: number): void {
    const found = this.names.lookUp(module, name);
    if (found !== undefined) this.callFound(found, probability, 0);
  }

  /** Whether the function was followed already, on any object. */
  isCalled(node: PythonDefinition): boolean {
    return this.calledNodes.has(node);
  }

  /** Calls a method of what a module's variable was assigned, as servers call an application. */
  callInstance(module: string, name: string, method: string, probability: number): void {
    const scope = this.names.scopeOf(module);
    const on = scope && this.names.instanceOf(name, scope);
    if (on !== undefined) this.callMethod(on, method, on, probability, 0);
  }
}
