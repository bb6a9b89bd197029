import type { PythonDefinition, PythonFact, PythonStatement } from "../../facts/python/pythonFact.ts";
import { compiledFile } from "./compiledFile.ts";
import type { Moment, Reading } from "../startupSet.ts";
import type { Command, StartupWalk } from "../walk.ts";
import { evaluate, truthOf } from "./evaluate.ts";
import { parsedExpression } from "./expression.ts";
import type { Scope } from "./scope.ts";
import { CallWalk } from "./callWalk.ts";
import { openExtension } from "./extensionModules.ts";
import { likelihood } from "./likelihood.ts";
import { NameResolver, parentOf } from "./nameResolver.ts";
import type { PythonLayout } from "./layout.ts";
import { absoluteName, Importability } from "./importability.ts";
import { ModuleFinder } from "./moduleFinder.ts";
import { nameIndex, sourceModule, type SourceModule } from "./moduleIndex.ts";
import { ModuleQueue } from "./moduleQueue.ts";
import { followSpecialCall } from "./specialCalls.ts";
import { followText } from "./applicationText.ts";

/** Statements looked at in one process; a hostile file cannot make it run longer. */
const statementsLimit = 3_000_000;

/** A function of the application, with where it stands. */
export interface NestedFunction {
  readonly node: PythonDefinition;
  readonly scope: Scope;
  /** Decorators and whatever else stands right above. */
  readonly above: readonly string[];
}

/** Follows what one Python process imports at startup. */
export class ImportWalk {
  readonly finder: ModuleFinder;
  readonly layout: PythonLayout;
  /** Its environment is this process's own: the program may set variables. */
  readonly command: Command & { readonly env: Map<string, string> };
  readonly walk: StartupWalk;
  readonly names: NameResolver;
  readonly calls: CallWalk;
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
  /** Functions that running functions of the application define: handlers of an application factory. */
  readonly nestedFunctions: NestedFunction[] = [];
  private readonly queue = new ModuleQueue();
  private readonly queued = new Map<string, number>();
  private readonly imported = new Map<string, number>();
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
    this.names = new NameResolver(walk.catalog, this.finder, layout, { env: command.env, cwd: command.cwd, executable });
    this.calls = new CallWalk(this);
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
    // Its parents were queued before it, as probably at least.
    if ((this.queued.get(name) ?? 0) >= probability) return true;
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
    const lazy = spec.kind === "package" ? this.names.lazySubmodules(name, spec.path) : undefined;
    for (const imported of names) {
      if (imported === "*") continue;
      const submodule = this.finder.submodule(name, imported);
      if (submodule !== undefined) this.enqueue(submodule, probability, rule, evidence);
      const provider = lazy?.get(imported);
      // The provider may be lazy itself, as transformers.models.auto is.
      if (provider !== undefined && hops < 5) this.importFrom(provider, [imported], probability, "py-lazy", evidence, hops + 1);
      else if (submodule === undefined && spec.kind === "package") this.calls.askForName(name, imported, probability);
    }
    return true;
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
  statements(body: readonly PythonStatement[], scope: Scope, probability: number, isTried = false): number {
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
          if (statement.bases.length > 0) this.calls.makeClass(statement, scope, p);
          break;
        case "maybe":
          this.statements(statement.body, scope, p * likelihood.case);
          break;
        case "calls":
          for (const name of statement.names) this.calls.followCall(name, scope, p);
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
          if (scope.depth > 0 && this.nestedFunctions.length < 2000 && this.finder.isApplication(scope.module.path))
            this.nestedFunctions.push({ node: statement, scope, above: textsAbove(body, at) });
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
    return truthOf(evaluate(parsedExpression(test), this.names.surroundings(scope, true)));
  }

  /** Whether the file came with the interpreter. */
  isStandardLibrary(path: string): boolean {
    return path.startsWith(`${this.layout.standardLibrary}/`) && !/\/(site|dist)-packages\//.test(path);
  }

  /** The top package that the program is part of, or hands over to; undefined for a script that imports several. */
  programPackage(): string | undefined {
    const main = this.mainScope;
    if (main === undefined) return undefined;
    if (main.package !== "") return main.package.split(".", 1)[0];
    const owners = new Set<string>();
    for (const { module, level } of main.module.index.aliases.values()) {
      const owner = module.split(".", 1)[0] ?? "";
      const spec = level === 0 ? this.finder.find(owner) : undefined;
      if (spec?.kind === "package" && !this.isStandardLibrary(spec.path)) owners.add(owner);
    }
    return owners.size === 1 ? [...owners][0] : undefined;
  }

  /** Modules imported so far whose full name fits. */
  importedBelow(pattern: RegExp): readonly string[] {
    return [...this.imported.keys()].filter((name) => pattern.test(name));
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

function textsAbove(body: readonly PythonStatement[], at: number): readonly string[] {
  const texts: string[] = [];
  for (let index = at - 1; index >= 0 && texts.length < 10; index--) {
    const statement = body[index];
    if (statement?.do !== "expression") break;
    texts.unshift(statement.text);
  }
  return texts;
}
