import type { FileCatalog } from "../facts/fileCatalog.ts";
import { openedThreshold, type Flag } from "./startupSet.ts";
import type { WalkResult } from "./walkStartup.ts";

/**
 * How much of what somebody put into the image for this service the walk came across. Installed packages are there because something imports
 * them, and an application's own modules call each other: where most of both stay untouched, the walk has lost the way, whatever the rules
 * that fired say of themselves.
 */
export interface Reach {
  /** Packages of Python, Node, Ruby and R, and class archives; installers and their own packages do not count. */
  readonly packages: number;
  readonly packageBytes: number;
  /** Those of which no file is listed. */
  readonly unreachedPackages: number;
  /** A quarter of each one's files, at least one: what a start may open of them. */
  readonly unreachedFiles: number;
  readonly unreachedBytes: number;
  /** Source files outside of packages, in the working folder and where listed ones lie. */
  readonly modules: number;
  readonly reachedModules: number;
}

/** 0..1: how far the walk has lost the way among the packages; both their number and their bytes must say so. */
export function lostAmongPackages({ packages, unreachedPackages, packageBytes, unreachedBytes }: Reach): number {
  // Two more that were reached: of few packages a large share says little.
  const share = unreachedPackages / (packages + 2);
  const byteShare = unreachedBytes / Math.max(1, packageBytes);
  return ramp(share, 0.5, 0.7) * ramp(byteShare, 0.5, 0.8);
}

/** What to say when much is untouched; undefined when enough was reached. */
export function littleReached(reach: Reach): Flag | undefined {
  const { packages, unreachedPackages, modules, reachedModules } = reach;
  if (lostAmongPackages(reach) >= 0.4)
    return {
      code: "little-reached",
      message: `Only ${packages - unreachedPackages} of ${packages} installed packages are reached; much of the startup may not be seen.`,
    };
  if (modules - reachedModules >= 4 && reachedModules < 0.3 * modules)
    return {
      code: "little-reached",
      message: `Only ${reachedModules} of ${modules} modules of the application are reached; much of the startup may not be seen.`,
    };
  return undefined;
}

function ramp(value: number, from: number, to: number): number {
  return Math.max(0, Math.min(1, (value - from) / (to - from)));
}

interface Package {
  readonly container: string;
  files: number;
  bytes: number;
}

/** What of it depends on the image alone. */
interface Contents {
  /** By `packageKey`. */
  readonly packages: ReadonlyMap<string, Package>;
  /** Folder → source files right in it that belong to no package. */
  readonly sources: ReadonlyMap<string, number>;
  /** Folders outside of the usual ones into which packages were installed (`pip install --target`). */
  readonly targets: readonly string[];
}

const containers = /^(?:.*\/)?(?:site-packages|dist-packages|node_modules|gems|site-library)(?=\/)/;
/** Installers bring packages of their own, which nothing else uses. */
const installers = /^(pip|setuptools|pkg_resources|wheel|_distutils_hack|npm|corepack|yarn|pnpm|bundler-[\d.]+)$/;
const notPackages =
  /^[._]_?(pycache__|bin|cache|package-lock)|^\.|[.-](dist-info|egg-info|pth|virtualenv)$|^(__pycache__|bin|README\.txt)$/;
const sourceFile = /\.(py|js|mjs|cjs|ts|rb|pl|pm|php|lua|[rR]|jl|exs?|tcl|scm)$/;
const archive = /\.(jar|war|dll)$/;
/** Where distributions put what belongs to a language or a program of theirs. */
const system = /^\/(usr|etc|lib|lib64|bin|sbin|var|nix|proc|sys)\/|\/lib\/(python|node|ruby|perl|R|jvm|erlang)[\d./-]|\/lib\/modules$/;

/** Environments have one or two such folders. */
const mostTargets = 8;

const known = new WeakMap<FileCatalog, Contents>();

export function reachOf(catalog: FileCatalog, walked: WalkResult): Reach {
  const contents = contentsOf(catalog);
  const reached = new Set<string>();
  const containersReached = new Set<string>();
  const reachedSources: string[] = [];
  for (const { entry, probability, moment } of walked.opened.values()) {
    if (probability < openedThreshold || moment !== "ready") continue;
    const key = packageKey(entry.path);
    if (key !== undefined) {
      reached.add(key);
      containersReached.add(kindOf(key));
    } else if (sourceFile.test(entry.path) && !system.test(entry.path)) reachedSources.push(folderOf(entry.path));
  }
  const containerOfReached = new Set([...reached].flatMap((key) => contents.packages.get(key)?.container ?? []));
  const sums = { packages: 0, packageBytes: 0, unreachedPackages: 0, unreachedFiles: 0, unreachedBytes: 0 };
  for (const [key, each] of contents.packages) {
    // Another environment of the same language is not what runs.
    const kind = kindOf(key);
    if (kind !== "archive" && containersReached.has(kind) && !containerOfReached.has(each.container)) continue;
    sums.packages++;
    sums.packageBytes += each.bytes;
    if (reached.has(key)) continue;
    sums.unreachedPackages++;
    sums.unreachedFiles += Math.ceil(each.files / 4);
    sums.unreachedBytes += each.bytes;
  }
  return { ...sums, ...modulesOf(contents, walked.workingDir, reachedSources) };
}

function modulesOf(contents: Contents, workingDir: string, reachedSources: readonly string[]): Pick<Reach, "modules" | "reachedModules"> {
  const own = reachedSources.filter((folder) => !isBelow(folder, contents.targets));
  const roots = [...new Set([...own, ...(workingDir === "/" || workingDir === "" ? [] : [workingDir.replace(/\/+$/, "")])])];
  let modules = 0;
  for (const [folder, count] of contents.sources) if (isBelow(folder, roots)) modules += count;
  return { modules, reachedModules: Math.min(modules, own.length) };
}

function isBelow(folder: string, roots: readonly string[]): boolean {
  return roots.some((root) => folder === root || folder.startsWith(`${root}/`));
}

function contentsOf(catalog: FileCatalog): Contents {
  const before = known.get(catalog);
  if (before) return before;
  const packages = new Map<string, Package>();
  const sources = new Map<string, number>();
  const targets = new Set<string>();
  const packageOf = (key: string): Package => {
    let found = packages.get(key);
    if (!found) packages.set(key, (found = { container: containers.exec(key)?.[0] ?? folderOf(key), files: 0, bytes: 0 }));
    return found;
  };
  let folder: string | undefined;
  let inPackage: Package | undefined;
  let place: "package" | "container" | "system" | "own" = "system";
  for (const { path, sizeBytes } of catalog.files()) {
    const slash = path.lastIndexOf("/");
    // Files come in path order: mostly from the folder of the one before, which decides for most of them.
    if (slash !== folder?.length || !path.startsWith(folder)) {
      folder = path.slice(0, slash);
      const container = containers.exec(path)?.[0];
      const key = container === undefined || container === folder ? undefined : packageKey(path);
      inPackage = key === undefined ? undefined : packageOf(key);
      if (container === undefined && folder.endsWith(".dist-info") && targets.size < mostTargets) targets.add(folderOf(folder));
      place = container === folder ? "container" : container !== undefined ? "package" : system.test(path) ? "system" : "own";
    }
    let each = inPackage;
    if (place === "container" || (place === "own" && archive.test(path))) {
      const key = packageKey(path);
      each = key === undefined ? undefined : packageOf(key);
    } else if (place === "own" && sourceFile.test(path)) sources.set(folder, (sources.get(folder) ?? 0) + 1);
    if (!each) continue;
    each.files++;
    each.bytes += sizeBytes;
  }
  const installed = [...targets];
  for (const folder of sources.keys()) if (isBelow(folder, installed)) sources.delete(folder);
  const contents = { packages, sources, targets: installed };
  known.set(catalog, contents);
  return contents;
}

/** The innermost package that a file belongs to; undefined when it belongs to none that counts. */
function packageKey(path: string): string | undefined {
  const container = containers.exec(path)?.[0];
  if (container === undefined) return archive.test(path) && !system.test(path) ? path : undefined;
  const parts = path.slice(container.length + 1).split("/", 3);
  const first = parts[0] as string;
  if (notPackages.test(first) || installers.test(first) || /\/node_modules\/(npm|corepack|yarn|pnpm)\//.test(container)) return undefined;
  if (first.startsWith("@")) return `${container}/${first}/${parts[1] ?? ""}`;
  // `numpy.libs` is where wheels put the libraries of `numpy`; a module may be a single file.
  return `${container}/${parts.length === 1 ? first.replace(/\..*$/, "") : first.replace(/\.libs$/, "")}`;
}

function kindOf(key: string): string {
  const container = containers.exec(key)?.[0];
  if (container === undefined) return "archive";
  return container.endsWith("node_modules")
    ? "node"
    : container.endsWith("-packages")
      ? "python"
      : container.slice(container.lastIndexOf("/"));
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
