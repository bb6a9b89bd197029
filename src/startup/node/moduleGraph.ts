/* eslint max-lines: ["warn", { "max": 460, "skipBlankLines": true, "skipComments": true }] */
import type { JavaScriptContext, JavaScriptFact, JavaScriptLoad } from "../../facts/javascript/javaScriptFact.ts";
import { folderOf, joinPath, nameOf, textOf } from "../paths.ts";
import { openedThreshold, type Moment } from "../startupSet.ts";
import type { Command, StartupWalk } from "../walk.ts";
import type { ModuleResolver, ResolveMode } from "./moduleResolution.ts";
import { addonFiles, asksForAddon } from "./nativeAddons.ts";
import { eagerFunctions, waitsForUse } from "./knownPackages.ts";
import { LiveNames } from "./liveNames.ts";
import {
  calledLikelihood,
  callbackLikelihood,
  chosenLikelihood,
  conditionalInFunction,
  exportedFunctionLikelihood,
  folderLikelihood,
  kindLikelihood,
  likelihood,
  ownDependencyLikelihood,
  requestLikelihood,
} from "./loadLikelihood.ts";
import { isOwnCode, OwnWords } from "./ownWords.ts";
import { packagesIn, type Packages } from "./packageJson.ts";

/** Below this probability nothing is followed. */
const leastProbability = 0.1;
const maxModules = 50_000;
/** A folder with more files that fit is a collection, of which a program takes some. */
const maxPatternFiles = 30;

/**
 * Follows what modules load, the likeliest first, so that each module is visited once.
 * One long class, because each kind of load leads to modules that hold every other, and all share what was visited and what waits.
 */
export class ModuleGraph {
  private readonly walk: StartupWalk;
  private readonly command: Command;
  private readonly resolver: ModuleResolver;
  private readonly packages: Packages;
  /** Modules by hundredths of their probability. */
  private readonly waiting: Waiting[][] = Array.from({ length: 101 }, () => []);
  /** With what probability, and whether what the module exports was called as well. */
  private readonly visited = new Map<string, { readonly probability: number; readonly invoked: boolean }>();
  /** Of code inside functions; programs that are all functions (package managers) have more. */
  private readonly functionLikelihood: number;
  private entryPath: string | undefined;
  /** Names of the packages that the application itself depends on. */
  private ownDependencies: ReadonlySet<string> = new Set();
  private readonly live = new LiveNames((path, label) => this.startFunction(path, label));
  private readonly ownWords = new OwnWords();
  /** Loads that depend on such words. */
  private choices: { readonly load: JavaScriptLoad; readonly surroundings: Surroundings }[] = [];
  private readonly isChoosing = new Set<JavaScriptLoad>();
  /** Loads in functions that nobody was seen to call, by their file. */
  private readonly uncalled = new Map<string, { readonly load: JavaScriptLoad; readonly surroundings: Surroundings }[]>();
  /** Loads in the application's own functions and handlers, which the first request may run. */
  private readonly atRequest: { readonly load: JavaScriptLoad; readonly surroundings: Surroundings }[] = [];
  private moment: Moment = "ready";
  private bucket = 100;
  /** Whether Node reads the source map of each file. */
  readsSourceMaps = false;

  constructor(walk: StartupWalk, command: Command, resolver: ModuleResolver, functionLikelihood = likelihood["function"] as number) {
    this.walk = walk;
    this.command = command;
    this.resolver = resolver;
    this.packages = packagesIn(walk.catalog);
    this.functionLikelihood = functionLikelihood;
    for (const [name, value] of command.env) if (name !== "PATH") this.ownWords.noteText(value);
  }

  /** The program itself; its `require.main` conditions hold. */
  addEntry(path: string, rule: string, evidence: string): void {
    this.entryPath = path;
    this.ownDependencies = this.packages.scopeOf(folderOf(path))?.dependencies ?? new Set();
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
    importer?: string,
    binding?: number,
  ): boolean {
    const { path, packageFiles, isBuiltin } = this.resolver.resolve(specifier, folder, mode);
    for (const file of packageFiles) this.openPackageJson(file, probability, evidence);
    if (path !== undefined) {
      if (importer !== undefined) this.live.link(importer, path, binding);
      this.add({ path, probability, rule, evidence, invoked });
    }
    return isBuiltin || path !== undefined;
  }

  /** Follows all that was added. */
  follow(): void {
    this.followWaiting();
    this.followChoices();
    // What handlers load is loaded when they are first called.
    this.moment = "firstRequest";
    this.live.handleRequests();
    for (const { load, surroundings } of this.atRequest) this.followLoad(load, surroundings);
    this.followWaiting();
    this.followChoices();
    this.atRequest.length = 0;
    this.moment = "ready";
  }

  /** What words choose, when all that is certain has said its words. */
  private followChoices(): void {
    for (let round = 0; round < maxRounds; round++) {
      const { choices } = this;
      this.choices = [];
      const chosen: { readonly load: JavaScriptLoad; readonly surroundings: Surroundings }[] = [];
      for (const [path, waiting] of this.uncalled) {
        if (isOwnCode(path)) continue;
        const asked = waiting.filter(({ load }) => load.via !== undefined && this.ownWords.asksFor(load.via));
        if (asked.length === 0) continue;
        chosen.push(...asked);
        this.uncalled.set(
          path,
          waiting.filter((each) => !asked.includes(each)),
        );
      }
      if (choices.length + chosen.length === 0) return;
      for (const { load } of choices) this.isChoosing.add(load);
      for (const { load, surroundings } of [...choices, ...chosen]) this.followLoad(load, surroundings);
      this.followWaiting();
    }
  }

  private followWaiting(): void {
    this.bucket = 100;
    while (this.bucket >= leastProbability * 100) {
      const module = this.waiting[this.bucket]?.pop();
      if (module) this.visit(module);
      else this.bucket--;
    }
  }

  /** A function that was taken for one that nobody calls. */
  private startFunction(path: string, label: number): void {
    const waiting = this.uncalled.get(path);
    if (!waiting) return;
    const started = waiting.filter(({ load }) => load.via === label);
    if (started.length === 0) return;
    this.uncalled.set(
      path,
      waiting.filter(({ load }) => load.via !== label),
    );
    for (const { load, surroundings } of started) this.followLoad(load, surroundings);
  }

  private add(module: Waiting): void {
    if (module.probability < leastProbability || this.isDone(module)) return;
    const bucket = Math.min(100, Math.floor(module.probability * 100));
    this.waiting[bucket]?.push(module);
    if (bucket > this.bucket) this.bucket = bucket;
  }

  private isDone({ path, invoked, probability }: Waiting): boolean {
    const before = this.visited.get(path);
    if (before === undefined) return false;
    // What was unlikely as seen from one place may be certain from another.
    if (before.probability < openedThreshold && probability >= openedThreshold) return false;
    return before.invoked || invoked !== true;
  }

  private visit(module: Waiting): void {
    const { path, probability, rule, evidence } = module;
    if (this.isDone(module) || this.visited.size >= maxModules) return;
    this.visited.set(path, { probability, invoked: module.invoked === true });
    const entry = this.walk.open(path, rule, probability * this.command.probability, evidence, { moment: this.moment });
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
    if (this.readsSourceMaps && fact.sourceMap !== undefined)
      this.walk.open(joinPath(folder, fact.sourceMap), "node-source-map", probability * this.command.probability * 0.97, `source map of ${this.shown(path)}`); // prettier-ignore
    if (isOwnCode(path)) this.ownWords.noteStrings(fact);
    this.live.load(path, fact.names);
    for (const load of fact.loads) this.followLoad(load, surroundings);
    this.startTools(path, folder, probability);
    this.followAddons(fact, path, folder, probability);
    if (/\/node_modules\/dotenv\/(?:lib|dist)\/(?:main|index)\.[cm]?js$/.test(path)) {
      this.walk.open(joinPath(this.command.cwd, ".env"), "node-env-file", probability * this.command.probability * 0.9, "dotenv reads it");
    }
  }

  /** Names in settings choose what is loaded. */
  private noteSettings(path: string): void {
    if (isOwnCode(path) && /\.(?:ya?ml|json5?|toml|env|ini|conf)$/.test(path))
      this.ownWords.noteText(textOf(this.walk.catalog, path) ?? "");
  }

  /** Whether the application depends on the package, and another package asks for it. */
  private isOwnDependency(specifier: string, from: string): boolean {
    const name = packageName(specifier);
    return this.ownDependencies.has(name) && !from.includes(`/node_modules/${name}/`);
  }

  private followLoad(load: JavaScriptLoad, surroundings: Surroundings): void {
    const { path, folder, probability } = surroundings;
    const isChoice = (load.partial && load.kind !== "file") || load.within?.some((context) => /^(?:choice|option|without) /.test(context));
    if (isChoice && !this.isChoosing.has(load)) {
      this.choices.push({ load, surroundings });
      return;
    }
    const namesPlatform = /linux|musl|gnu|x64|arm64/.test(load.specifier);
    let chance = probability * kindLikelihood[load.kind];
    for (const [index, context] of (load.within ?? []).entries())
      chance *= this.likelihoodOf(context, index === 0, namesPlatform, surroundings, load);
    if (this.moment === "ready") this.remember(load, surroundings);
    if (chance < leastProbability) return;
    const evidence = `${this.shown(path)}:${load.line} → ${load.specifier}${load.partial ? "…" : ""}`;
    if (load.partial) {
      this.followPattern(load, folder, path, chance, evidence);
      return;
    }
    switch (load.kind) {
      case "require":
        this.addModule(load.specifier, folder, "require", chance, "node-require", evidence, load.invoked, path, load.binding);
        break;
      case "import":
        this.addModule(load.specifier, folder, "import", chance, "node-import", evidence, false, path, load.binding);
        break;
      case "dynamic-import":
        this.addModule(load.specifier, folder, "import", chance, "node-dynamic-import", evidence, false, path);
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
      case "target":
        this.addTransport(load, folder, chance, evidence);
        break;
      case "file":
        this.addFile(joinPath(folder, load.specifier), path, chance, evidence);
        break;
    }
  }

  /** A file beside the code; a folder of code that an application names is one whose modules it loads by listing it. */
  private addFile(path: string, from: string, chance: number, evidence: string): void {
    const { catalog } = this.walk;
    const opened = this.walk.open(path, "node-file", chance * this.command.probability, evidence, { moment: this.moment });
    if (opened) {
      this.noteSettings(opened.path);
      return;
    }
    if (!isOwnCode(from) || servedFolder.test(path) || catalog.resolve(path)?.type !== "directory") return;
    const modules: string[] = [];
    const visit = (folder: string, depth: number): void => {
      for (const name of catalog.list(folder)) {
        if (name === "node_modules" || name.startsWith(".")) continue;
        if (/\.(?:[cm]?js|[cm]?ts)$/.test(name) && !/\.(?:test|spec|d)\./.test(name)) modules.push(`${folder}/${name}`);
        else if (depth > 0 && catalog.resolve(`${folder}/${name}`)?.type === "directory") visit(`${folder}/${name}`, depth - 1);
      }
    };
    visit(path, 2);
    if (modules.length > maxFolderModules) return;
    for (const module of modules)
      this.add({
        path: catalog.file(module)?.path ?? module,
        probability: Math.max(chance, folderLikelihood),
        rule: "node-pattern",
        evidence,
      });
  }

  /** pino and its like load the module in a worker thread, through `thread-stream` and a loader of their own. */
  private addTransport(load: JavaScriptLoad, folder: string, chance: number, evidence: string): void {
    const found = this.resolver.resolve(load.specifier, folder, "require");
    const logger = this.resolver.resolve("pino", folder, "require").path;
    if (found.path === undefined || logger === undefined) return;
    this.addModule(load.specifier, folder, "require", chance, "node-worker", evidence);
    this.add({ path: joinPath(folderOf(logger), "lib/worker.js"), probability: chance, rule: "node-worker", evidence });
    const stream = this.resolver.resolve("thread-stream", folderOf(logger), "require").path;
    if (stream !== undefined) this.add({ path: joinPath(folderOf(stream), "lib/worker.js"), probability: chance, rule: "node-worker", evidence }); // prettier-ignore
  }

  /** esbuild's JavaScript is only the way to its program, which compiles TypeScript for loaders such as tsx. */
  private startTools(path: string, folder: string, probability: number): void {
    if (!path.endsWith("/esbuild/lib/main.js")) return;
    for (const platform of ["linux-x64", "linux-arm64"]) {
      const program = this.resolver.resolve(`@esbuild/${platform}/bin/esbuild`, folder, "require").path;
      if (program === undefined) continue;
      this.walk.run({ ...this.command, argv: [program, "--service"], probability: probability * this.command.probability * 0.9, startedBy: path }); // prettier-ignore
      return;
    }
  }

  /** For when the function turns out to be called, or the first request comes. */
  private remember(load: JavaScriptLoad, surroundings: Surroundings): void {
    const outermost = load.within?.find((context) => context === "function" || context === "callback");
    if (outermost === undefined) return;
    if (load.via !== undefined && !this.live.isLive(surroundings.path, load.via)) {
      const waiting = this.uncalled.get(surroundings.path);
      if (waiting) waiting.push({ load, surroundings });
      else this.uncalled.set(surroundings.path, [{ load, surroundings }]);
    }
    if (isOwnCode(surroundings.path) && surroundings.probability >= 0.5) this.atRequest.push({ load, surroundings });
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
      if (load.specifier === "" && load.kind === "require") this.followPeers(path, folder, evidence);
      if (isOwnCode(path) && chance >= 0.4 && load.kind !== "file") {
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
    if (load.kind === "file") {
      // Files of settings and the like, whose name says what they are for.
      if (isOwnCode(path) && prefix + suffix !== "" && names.length <= 10)
        for (const name of names) {
          const path = this.walk.open(`${parent}/${name}`, "node-file", Math.min(each * 1.25, 0.5), evidence, {
            moment: this.moment,
          })?.path;
          if (path !== undefined) this.noteSettings(path);
        }
      return;
    }
    const isNamed = (name: string): boolean => {
      const stem = name.slice(prefix.length, suffix === "" ? undefined : -suffix.length);
      return this.ownWords.mentions(stem) || this.ownWords.mentions(stem.replace(/\.[cm]?js$/, ""));
    };
    // Where words of the application name some of them, those are meant.
    const areNamed = names.some(isNamed);
    for (const name of names.slice(0, 500)) {
      const inside = load.suffix?.startsWith("/") === true ? load.suffix : "";
      this.addModule(
        `${parent === "/" ? "" : parent}/${name}${inside}`,
        folder,
        load.kind === "dynamic-import" ? "import" : "require",
        areNamed ? chance * (isNamed(name) ? chosenLikelihood.mentioned : chosenLikelihood.other) : each,
        "node-pattern",
        evidence,
        false,
        path,
      );
    }
  }

  /** A package that loads by name, as for databases: of the packages that it works with, the application's own dependencies. */
  private followPeers(path: string, folder: string, evidence: string): void {
    if (isOwnCode(path)) return;
    const probability = this.visited.get(path)?.probability ?? 0;
    for (const peer of this.packages.scopeOf(folder)?.peers ?? [])
      if (this.ownDependencies.has(peer))
        this.addModule(peer, folder, "require", probability * ownDependencyLikelihood, "node-require", `${evidence}${peer}`, false, path);
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

  private likelihoodOf(
    context: JavaScriptContext,
    isOutermost: boolean,
    namesPlatform: boolean,
    surroundings: Surroundings,
    load: JavaScriptLoad,
  ): number {
    if (context === "function" || context === "callback") {
      const isOwn = isOwnCode(surroundings.path);
      const isFirst = load.within?.find((one) => one === "function" || one === "callback") === context;
      const named = load.via === undefined || !isFirst || context === "callback" ? undefined : this.isRunning(load, surroundings);
      const likelihoods = [
        context === "callback"
          ? callbackLikelihood
          : named === undefined || this.functionLikelihood > (likelihood["function"] as number)
            ? this.functionLikelihood
            : named
              ? this.moment === "ready"
                ? calledLikelihood.live
                : requestLikelihood
              : calledLikelihood.waiting,
        ...(this.moment === "firstRequest" ? [requestLikelihood] : []),
        ...(!isOwn && this.isOwnDependency(load.specifier, surroundings.path) ? [ownDependencyLikelihood] : []),
        ...(surroundings.invoked && isOutermost && named === undefined ? [exportedFunctionLikelihood] : []),
      ];
      return Math.max(...likelihoods, eagerFunctions(surroundings.path));
    }
    // Of packages per platform only the right one is installed: that it is there says that the condition holds.
    if (context === "conditional" && namesPlatform) return 1;
    // A function of a package that is called may still have its ways for development and for other systems.
    if (context === "conditional" && load.via !== undefined && !isOwnCode(surroundings.path)) return conditionalInFunction;
    if (context.startsWith("option "))
      return this.ownWords.hasOption(context.slice(7)) ? chosenLikelihood.mentioned : chosenLikelihood.unset;
    if (context.startsWith("without "))
      return this.ownWords.hasOption(context.slice(8)) ? chosenLikelihood.other : chosenLikelihood.mentioned;
    if (context.startsWith("choice ")) {
      const words = context.slice("choice ".length).split("|");
      if (words.some((word) => this.ownWords.mentions(word))) return chosenLikelihood.mentioned;
      return this.isOwnDependency(load.specifier, surroundings.path) ? ownDependencyLikelihood : chosenLikelihood.other;
    }
    const fixed = likelihood[context];
    if (fixed !== undefined) return fixed;
    const [word, subject, ...values] = context.split(" ");
    const holds = this.decide(subject ?? "", values, surroundings);
    return holds === (word === "if") ? 1 : 0.05;
  }

  /** Whether code that runs mentions the function, or what it is asked by is a word of the application's. */
  private isRunning({ via }: JavaScriptLoad, { path }: Surroundings): boolean {
    if (waitsForUse(path)) return false;
    return via !== undefined && (this.live.isLive(path, via) || (!isOwnCode(path) && this.ownWords.asksFor(via)));
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
    this.walk.open(path, rule, probability * this.command.probability, evidence, { moment: this.moment });
  }

  /** Short enough for a sentence: from the package's name on, or from the working folder. */
  private shown(path: string): string {
    const modules = path.lastIndexOf("/node_modules/");
    if (modules >= 0) return path.slice(modules + "/node_modules/".length);
    const cwd = this.command.cwd === "/" ? "/" : `${this.command.cwd}/`;
    return path.startsWith(cwd) ? path.slice(cwd.length) : path;
  }
}

/** Folders that are served to browsers, or hold texts, tests and the like. */
const servedFolder =
  /\/(?:public|static|assets|views|templates|client|www|tests?|__tests__|fixtures|docs?|locales|migrations|seeds|uploads|dist\/client)$/;
const maxFolderModules = 60;
/** Choices that open further choices. */
const maxRounds = 8;

/** `@scope/name` of `@scope/name/sub/path`; the specifier itself for paths. */
function packageName(specifier: string): string {
  return /^(?:@[^/]+\/)?[^/.][^/]*/.exec(specifier)?.[0] ?? specifier;
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
