import type { SourceLoad, SourceLoadKind } from "../../facts/sources/sourceFact.ts";
import { globPaths, hasGlob } from "../glob.ts";
import { folderOf, joinPath, nameOf } from "../paths.ts";
import type { Moment, RuleName } from "../startupSet.ts";
import type { Command, StartupWalk } from "../walk.ts";

/** Where a language finds what a load names. */
export interface SourceResolver {
  /** What the file at hand adds to the load path: `folder` and `namespace`. */
  extend?(load: SourceLoad, from: string): void;
  /** Files of the image, the likeliest meaning only; empty when nothing is there. */
  resolve(load: SourceLoad, from: string): readonly string[];
}

const maxFiles = 20_000;
const leastProbability = 0.1;

/** How likely code runs before the program is ready that stands so. */
const lazyLikelihood = 0.25;
/** How likely a constant's file is loaded when reached code names it: while it is loaded, and in functions. */
const usedEarly = 0.95;
/** In functions, as a multiple of how likely their own loads are. */
const usedLate = 2;
const conditionalLikelihood = 0.6;
const kindLikelihood: Readonly<Record<SourceLoadKind, number>> = {
  module: 0.98,
  file: 0.98,
  path: 0.9,
  pattern: 0.9,
  constant: 0.4,
  package: 0.9,
  extension: 0.95,
  folder: 1,
  class: 0.95,
  namespace: 1,
};

interface Waiting {
  readonly path: string;
  readonly probability: number;
  readonly evidence: string;
}

/** A constant that loads a file when it is first named. */
interface Autoload {
  readonly load: SourceLoad;
  readonly from: string;
  readonly probability: number;
}

interface Use {
  /** The scope that stands before the name. */
  readonly scope: string | undefined;
  readonly from: string;
  readonly probability: number;
}

/** Follows what source files load, the likeliest first, each file once. */
export class SourceGraph {
  private readonly walk: StartupWalk;
  private readonly command: Command;
  private readonly resolver: SourceResolver;
  private readonly rule: RuleName;
  private readonly moment: Moment;
  /** Of code inside functions, by file. */
  private readonly lazyLikelihood: (path: string) => number;
  private readonly waiting: Waiting[][] = Array.from({ length: 101 }, () => []);
  /** `autoload` by the constant's last name, and where such names were used. */
  private readonly autoloads = new Map<string, Autoload[]>();
  private readonly uses = new Map<string, Use[]>();
  readonly visited = new Map<string, number>();

  constructor(
    walk: StartupWalk,
    command: Command,
    resolver: SourceResolver,
    rule: RuleName,
    settings: { readonly moment?: Moment; readonly lazyLikelihood?: (path: string) => number | undefined } = {},
  ) {
    this.walk = walk;
    this.command = command;
    this.resolver = resolver;
    this.rule = rule;
    this.moment = settings.moment ?? "ready";
    this.lazyLikelihood = (path) => settings.lazyLikelihood?.(path) ?? lazyLikelihood;
  }

  add(path: string, probability: number, evidence: string): void {
    if (probability < leastProbability || this.visited.has(path)) return;
    this.waiting[Math.min(100, Math.floor(probability * 100))]?.push({ path, probability, evidence });
  }

  /** Adds what the load names, as seen from a file or folder. Returns whether there was something. */
  addLoad(load: SourceLoad, from: string, probability: number, evidence: string): boolean {
    const paths = this.resolver.resolve(load, from);
    for (const path of paths) this.add(path, probability, evidence);
    return paths.length > 0;
  }

  follow(): void {
    for (let bucket = 100; bucket >= leastProbability * 100; bucket--) {
      const files = this.waiting[bucket] ?? [];
      for (let file = files.pop(); file; file = files.pop()) this.visit(file);
    }
  }

  private visit({ path, probability, evidence }: Waiting): void {
    if (this.visited.has(path) || this.visited.size >= maxFiles) return;
    const entry = this.walk.open(path, this.rule, probability * this.command.probability, evidence, { moment: this.moment });
    if (!entry || this.visited.has(entry.path)) return;
    this.visited.set(path, probability);
    this.visited.set(entry.path, probability);
    const fact = this.walk.catalog.fact(entry);
    if (fact?.kind === "elf") {
      const chance = probability * this.command.probability;
      if (this.moment === "ready") this.walk.elf.load(this.command, path, this.rule, chance, evidence);
      return;
    }
    if (fact?.kind !== "source") return;
    for (const load of fact.loads) {
      if (load.how === "folder" || load.how === "namespace") {
        this.resolver.extend?.(load, path);
        continue;
      }
      if (load.constant !== undefined) {
        const autoload = { load, from: path, probability };
        const name = load.constant.slice(load.constant.lastIndexOf(":") + 1);
        addTo(this.autoloads, name, autoload);
        for (const use of this.uses.get(name) ?? []) this.loadConstant(autoload, use);
      }
      const chance =
        probability *
        kindLikelihood[load.how] *
        (load.lazy ? this.lazyLikelihood(entry.path) : 1) *
        (load.conditional ? conditionalLikelihood : 1);
      if (chance >= leastProbability) this.addLoad(load, path, chance, `${nameOf(path)}:${load.line} → ${load.name}`);
    }
    for (const name of fact.uses?.early ?? []) this.useConstant(name, entry.path, probability * usedEarly);
    for (const name of fact.uses?.late ?? [])
      this.useConstant(name, entry.path, probability * Math.min(0.9, usedLate * this.lazyLikelihood(entry.path)));
  }

  private useConstant(written: string, from: string, probability: number): void {
    const [name = "", scope] = written.split("::").reverse();
    const use = { scope: scope === "" ? undefined : scope, from, probability };
    addTo(this.uses, name, use);
    for (const autoload of this.autoloads.get(name) ?? []) this.loadConstant(autoload, use);
  }

  /** Deeper scopes repeat names; what is written first is the outermost. */
  private isFirstOfLibrary(autoload: Autoload, use: Use): boolean {
    const name = (autoload.load.constant ?? "").split("::").at(-1) ?? "";
    const library = libraryOf(use.from);
    return this.autoloads.get(name)?.find((one) => libraryOf(one.from) === library) === autoload;
  }

  /** A name without a scope means a constant of its own library. */
  private loadConstant(autoload: Autoload, use: Use): void {
    const scope = autoload.load.constant?.split("::").at(-2);
    if (use.scope === undefined ? !this.isFirstOfLibrary(autoload, use) : use.scope !== scope) return;
    const chance = Math.min(autoload.probability, use.probability);
    this.addLoad(autoload.load, autoload.from, chance, `${nameOf(use.from)} names ${autoload.load.constant ?? ""}`);
  }
}

function addTo<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else if (values.length < 500) values.push(value);
}

/** The folder of a gem, or of what lies in a folder for all. */
function libraryOf(path: string): string {
  return /^.*\/gems\/[^/]+/.exec(path)?.[0] ?? /^.*\/(?:vendor_ruby|site_ruby|\d+\.\d+\.\d+)\/[^/.]+/.exec(path)?.[0] ?? folderOf(path);
}

/** Paths for the kinds of loads that mean the same in every language. */
export function resolvePath(load: SourceLoad, from: string, command: Command, walk: StartupWalk, suffixes: readonly string[]): string[] {
  const base = load.how === "path" ? command.cwd : folderOf(from);
  const path = joinPath(base, load.name);
  if (load.how === "pattern" || hasGlob(load.name)) {
    const flat = path.replace(/\/\*\*(?=\/)/g, "");
    const deep = path.includes("/**/") ? [path.replace(/\/\*\*(?=\/)/g, "/*"), path.replace(/\/\*\*(?=\/)/g, "/*/*")] : [];
    const bases = load.how === "pattern" && !load.name.startsWith("/") ? ["", joinPath(command.cwd, load.name)] : [""];
    const patterns = [flat, ...deep, ...bases.filter(Boolean).map((one) => one.replace(/\/\*\*(?=\/)/g, ""))];
    return [...new Set(patterns.flatMap((one) => globPaths(walk.catalog, one)))].slice(0, 500);
  }
  for (const suffix of suffixes) if (walk.catalog.file(path + suffix)) return [path + suffix];
  return [];
}
