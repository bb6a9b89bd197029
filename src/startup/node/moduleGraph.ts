import type { JavaScriptContext, JavaScriptFact, JavaScriptLoad } from "../../facts/javascript/javaScriptFact.ts";
import { folderOf, joinPath, nameOf } from "../paths.ts";
import type { Command, StartupWalk } from "../walk.ts";
import type { ModuleResolver, ResolveMode } from "./moduleResolution.ts";
import { addonFiles, asksForAddon } from "./nativeAddons.ts";
import { eagerFunctions } from "./knownPackages.ts";
import { packagesIn, type Packages } from "./packageJson.ts";

/** Below this probability nothing is followed. */
const leastProbability = 0.1;
const maxModules = 50_000;
/** A folder with more files that fit is a collection, of which a program takes some. */
const maxPatternFiles = 30;

/** How likely code in such a place runs before the program is ready: judgements, checked on recorded starts as a whole, not each by itself. */
const likelihood: Readonly<Record<string, number>> = {
  called: 1,
  function: 0.2,
  conditional: 0.6,
  try: 1,
  catch: 0.1,
};

/** Code in a function of a module whose export is called where it is loaded. */
const exportedFunctionLikelihood = 0.6;

const callbackLikelihood = 0.3;

/** What a kind of load adds to that. */
const kindLikelihood: Readonly<Record<JavaScriptLoad["kind"], number>> = {
  require: 1,
  import: 1,
  "dynamic-import": 0.9,
  resolve: 0.9,
  worker: 0.8,
  fork: 0.8,
  file: 0.5,
};

/** Follows what modules load, the likeliest first, so that each module is visited once. */
export class ModuleGraph {
  private readonly walk: StartupWalk;
  private readonly command: Command;
  private readonly resolver: ModuleResolver;
  private readonly packages: Packages;
  /** Modules by hundredths of their probability. */
  private readonly waiting: Waiting[][] = Array.from({ length: 101 }, () => []);
  /** Whether what the module exports was called as well. */
  private readonly visited = new Map<string, boolean>();
  /** Of code inside functions; programs that are all functions (package managers) have more. */
  private readonly functionLikelihood: number;
  private entryPath: string | undefined;

  constructor(walk: StartupWalk, command: Command, resolver: ModuleResolver, functionLikelihood = likelihood["function"] as number) {
    this.walk = walk;
    this.command = command;
    this.resolver = resolver;
    this.packages = packagesIn(walk.catalog);
    this.functionLikelihood = functionLikelihood;
  }

  /** The program itself; its `require.main` conditions hold. */
  addEntry(path: string, rule: string, evidence: string): void {
    this.entryPath = path;
    this.add({ path, probability: 1, rule, evidence });
  }

  /** A module by its specifier, as seen from `folder`. Returns whether it was found. */
  addModule(
    specifier: string,
    folder: string,
    mode: ResolveMode,
    probability: number,
    rule: string,
    evidence: string,
    invoked = false,
  ): boolean {
    const { path, packageFiles, isBuiltin } = this.resolver.resolve(specifier, folder, mode);
    for (const file of packageFiles) this.openPackageJson(file, probability, evidence);
    if (path !== undefined) this.add({ path, probability, rule, evidence, invoked });
    return isBuiltin || path !== undefined;
  }

  /** Follows all that was added. */
  follow(): void {
    for (let bucket = 100; bucket >= leastProbability * 100; bucket--) {
      const modules = this.waiting[bucket] ?? [];
      for (let module = modules.pop(); module; module = modules.pop()) this.visit(module);
    }
  }

  private add(module: Waiting): void {
    if (module.probability < leastProbability || this.isDone(module)) return;
    this.waiting[Math.min(100, Math.floor(module.probability * 100))]?.push(module);
  }

  private isDone({ path, invoked }: Waiting): boolean {
    const before = this.visited.get(path);
    return before !== undefined && (before || invoked !== true);
  }

  private visit(module: Waiting): void {
    const { path, probability, rule, evidence } = module;
    if (this.isDone(module) || this.visited.size >= maxModules) return;
    this.visited.set(path, module.invoked === true);
    const entry = this.walk.open(path, rule, probability * this.command.probability, evidence);
    if (!entry) return;
    if (path.endsWith(".node")) {
      this.walk.elf.load(this.command, path, "node-addon", probability * this.command.probability, evidence);
      return;
    }
    const folder = folderOf(path);
    // Node reads the scope's package.json to learn what kind of module a .js file is.
    const scope = this.packages.scopeOf(folder);
    if (scope && !/\.(?:mjs|cjs|json)$/.test(path)) this.openPackageJson(scope.path, probability, `type of ${this.shown(path)}`);
    const fact = this.walk.catalog.fact(entry);
    if (fact?.kind !== "javascript") return;
    const isModule =
      path.endsWith(".mjs") || (!path.endsWith(".cjs") && (scope?.type === "module" || (scope?.type === undefined && fact.moduleSyntax)));
    const surroundings = { path, folder, probability, isModule, invoked: module.invoked === true };
    for (const load of fact.loads) this.followLoad(load, surroundings);
    this.followAddons(fact, path, folder, probability);
    if (/\/node_modules\/dotenv\/(?:lib|dist)\/(?:main|index)\.[cm]?js$/.test(path)) {
      this.walk.open(joinPath(this.command.cwd, ".env"), "node-env-file", probability * this.command.probability * 0.9, "dotenv reads it");
    }
  }

  private followLoad(load: JavaScriptLoad, surroundings: Surroundings): void {
    const { path, folder, probability } = surroundings;
    const namesPlatform = /linux|musl|gnu|x64|arm64/.test(load.specifier);
    let chance = probability * kindLikelihood[load.kind];
    for (const [index, context] of (load.within ?? []).entries())
      chance *= this.likelihoodOf(context, index === 0, namesPlatform, surroundings);
    if (chance < leastProbability) return;
    const evidence = `${this.shown(path)}:${load.line} → ${load.specifier}${load.partial ? "…" : ""}`;
    if (load.partial) {
      this.followPattern(load, folder, path, chance, evidence);
      return;
    }
    switch (load.kind) {
      case "require":
        this.addModule(load.specifier, folder, "require", chance, "node-require", evidence, load.invoked);
        break;
      case "import":
        this.addModule(load.specifier, folder, "import", chance, "node-import", evidence);
        break;
      case "dynamic-import":
        this.addModule(load.specifier, folder, "import", chance, "node-dynamic-import", evidence);
        break;
      case "resolve": {
        const { packageFiles } = this.resolver.resolve(load.specifier, folder, "require");
        for (const file of packageFiles) this.openPackageJson(file, chance, evidence, "node-resolve");
        break;
      }
      case "worker":
      case "fork":
        this.addWorker(load, folder, chance, evidence);
        break;
      case "file":
        this.walk.open(joinPath(folder, load.specifier), "node-file", chance * this.command.probability, evidence);
        break;
    }
  }

  /** A worker's path is relative to the working folder unless it is made from the file's own. */
  private addWorker(load: JavaScriptLoad, folder: string, chance: number, evidence: string): void {
    for (const base of [folder, this.command.cwd]) {
      const entry = this.walk.catalog.file(joinPath(base, load.specifier));
      if (!entry) continue;
      this.add({ path: entry.path, probability: chance, rule: "node-worker", evidence });
      return;
    }
  }

  private followPattern(load: JavaScriptLoad, folder: string, path: string, chance: number, evidence: string): void {
    if (load.kind === "resolve") return;
    if (!load.specifier.startsWith(".") && !load.specifier.startsWith("/")) {
      const isOwnCode = !path.includes("/node_modules/") && !path.startsWith("/usr/share/nodejs/");
      if (isOwnCode && chance >= 0.4 && load.kind !== "file") {
        this.walk.flag({
          code: "dynamic-import",
          message: `${this.shown(path)}:${load.line} loads a module whose name only running the program would tell.`,
        });
      }
      return;
    }
    const start = joinPath(folder, `${load.specifier}x`).slice(0, -1);
    const parent = start.slice(0, start.lastIndexOf("/")) || "/";
    const prefix = nameOf(start);
    const suffix = load.suffix?.startsWith("/") === true ? "" : (load.suffix ?? "");
    const names = this.walk.catalog
      .list(parent)
      .filter((name) => name.startsWith(prefix) && (suffix === "" || name.endsWith(suffix)) && !/\.(?:d\.[cm]?ts|map|md)$/.test(name));
    const each = chance * (names.length <= maxPatternFiles ? 0.8 : 0.2);
    if (load.kind === "file") return;
    for (const name of names.slice(0, 500)) {
      const inside = load.suffix?.startsWith("/") === true ? load.suffix : "";
      this.addModule(
        `${parent === "/" ? "" : parent}/${name}${inside}`,
        folder,
        load.kind === "dynamic-import" ? "import" : "require",
        each,
        "node-pattern",
        evidence,
      );
    }
  }

  /** `require("bindings")("name")` and its like find the addon by looking into known folders. */
  private followAddons(fact: JavaScriptFact, path: string, folder: string, probability: number): void {
    if (!fact.loads.some(asksForAddon)) return;
    const scope = this.packages.scopeOf(folder);
    if (!scope) return;
    for (const file of addonFiles(this.walk.catalog, scope.folder, this.command)) {
      this.add({ path: file, probability: probability * 0.9, rule: "node-addon", evidence: `${this.shown(path)} asks for its addon` });
    }
  }

  private likelihoodOf(context: JavaScriptContext, isOutermost: boolean, namesPlatform: boolean, surroundings: Surroundings): number {
    if (context === "function" || context === "callback") {
      const likelihoods = [
        context === "callback" ? callbackLikelihood : this.functionLikelihood,
        ...(surroundings.invoked && isOutermost ? [exportedFunctionLikelihood] : []),
      ];
      return Math.max(...likelihoods, eagerFunctions(surroundings.path));
    }
    // Of packages per platform only the right one is installed: that it is there says that the condition holds.
    if (context === "conditional" && namesPlatform) return 1;
    const fixed = likelihood[context];
    if (fixed !== undefined) return fixed;
    const [word, subject, ...values] = context.split(" ");
    const holds = this.decide(subject ?? "", values, surroundings);
    return holds === (word === "if") ? 1 : 0.05;
  }

  private decide(subject: string, values: readonly string[], { path, isModule }: Surroundings): boolean {
    switch (subject) {
      case "env":
        return this.command.env.get(values[0] ?? "") === values.slice(1).join(" ");
      case "platform":
        return values[0] === "linux";
      case "main":
        return path === this.entryPath;
      case "commonjs":
        return !isModule;
      case "node":
        return true;
      default:
        return false;
    }
  }

  private openPackageJson(path: string, probability: number, evidence: string, rule = "node-package-json"): void {
    this.walk.open(path, rule, probability * this.command.probability, evidence);
  }

  /** Short enough for a sentence: from the package's name on, or from the working folder. */
  private shown(path: string): string {
    const modules = path.lastIndexOf("/node_modules/");
    if (modules >= 0) return path.slice(modules + "/node_modules/".length);
    const cwd = this.command.cwd === "/" ? "/" : `${this.command.cwd}/`;
    return path.startsWith(cwd) ? path.slice(cwd.length) : path;
  }
}

interface Surroundings {
  readonly path: string;
  readonly folder: string;
  readonly probability: number;
  readonly isModule: boolean;
  readonly invoked: boolean;
}

interface Waiting {
  readonly path: string;
  readonly probability: number;
  readonly rule: string;
  readonly evidence: string;
  /** Its exported function is called where it is loaded. */
  readonly invoked?: boolean;
}
