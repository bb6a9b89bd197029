import { textOf } from "../paths.ts";
import type { ImportWalk } from "./importWalk.ts";

/** `importlib.metadata`: distributions by folder name on the search path (PEP 376, PEP 503 normalisation). */

const byName = new WeakMap<ImportWalk, Map<string, string[]>>();
const scanned = new WeakMap<ImportWalk, number>();

function normalized(name: string): string {
  return name.replace(/[-_.]+/g, "_").toLowerCase();
}

function distributions(imports: ImportWalk): Map<string, string[]> {
  let known = byName.get(imports);
  if (known !== undefined) return known;
  known = new Map();
  for (const folder of imports.finder.searchPath) {
    for (const entry of imports.finder.entriesOf(folder)) {
      const name = /^(.+?)-[^-]+(?:-py[\d.]+)?\.(?:dist-info|egg-info)$/.exec(entry)?.[1];
      if (name === undefined) continue;
      const paths = known.get(normalized(name)) ?? [];
      known.set(normalized(name), [...paths, `${folder}/${entry}`]);
    }
  }
  byName.set(imports, known);
  return known;
}

export function isKnownDistribution(imports: ImportWalk, name: string): boolean {
  return distributions(imports).has(normalized(name));
}

/** `version("name")` reads METADATA. */
export function openDistribution(imports: ImportWalk, name: string, probability: number, evidence: string): void {
  for (const path of distributions(imports).get(normalized(name)) ?? [])
    for (const file of [`${path}/METADATA`, `${path}/PKG-INFO`]) imports.open(file, "py-metadata", probability * 0.9, evidence);
}

/** Plugins are there to be loaded, but a name often chooses one of several. */
const pluginShare = 0.7;

/** `entry_points(group=…)`: the modules that installed packages register for the group. */
export function loadEntryPoints(imports: ImportWalk, group: string, probability: number, place: string): void {
  if (group === "console_scripts" || group === "gui_scripts") return;
  let found = 0;
  let foreign = 0;
  for (const paths of distributions(imports).values())
    for (const path of paths)
      for (const { name, module } of entriesOf(imports, `${path}/entry_points.txt`, group)) {
        if (++found > 200) return;
        // What a package registers for itself is no surprise.
        if (module.split(".", 1)[0] !== place.split(/[/:]/, 1)[0]) foreign++;
        imports.importModule(module, probability * pluginShare, "py-plugin", `${place} → ${name} of ${group}`);
      }
  if (foreign > 0 && probability > 0.5)
    imports.walk.flag({ code: "plugin-registry", message: `${place} loads what installed packages registered as "${group}".` });
}

interface EntryPoint {
  readonly name: string;
  readonly module: string;
  readonly attribute?: string;
}

/** One entry point of one distribution, by its names; undefined when there is none. */
export function entryPoint(imports: ImportWalk, distribution: string, group: string, name: string): EntryPoint | undefined {
  for (const path of distributions(imports).get(normalized(distribution)) ?? [])
    for (const entry of entriesOf(imports, `${path}/entry_points.txt`, group)) if (entry.name === name) return entry;
  return undefined;
}

/**
 * pkg_resources makes its working set when it is imported: of `.egg-info` it reads the version, of all which namespaces they share
 * (EggInfoDistribution._reload_version, Distribution.activate).
 */
export function scanEggInfos(imports: ImportWalk, probability: number): void {
  const evidence = "pkg_resources makes its list of installed packages";
  for (const paths of distributions(imports).values())
    for (const path of paths) {
      if (path.endsWith(".egg-info"))
        for (const file of [path, `${path}/PKG-INFO`]) imports.open(file, "py-metadata", probability * 0.9, evidence);
      imports.open(`${path}/namespace_packages.txt`, "py-metadata", probability * 0.9, evidence);
    }
}

/** `name = module:attribute` lines of one `[group]` of entry_points.txt. */
function entriesOf(imports: ImportWalk, path: string, group: string): readonly EntryPoint[] {
  const entries: EntryPoint[] = [];
  let isWanted = false;
  for (const line of (textOf(imports.walk.catalog, path) ?? "").split("\n", 5000)) {
    const header = /^\s*\[(.*?)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) isWanted = header.trim() === group;
    const [, name, module, attribute] = /^\s*([^=\s][^=]*?)\s*=\s*([\w.]+)(?:\s*:\s*(\w+))?/.exec(line) ?? [];
    if (isWanted && name !== undefined && module !== undefined)
      entries.push({ name, module, ...(attribute !== undefined && { attribute }) });
  }
  return entries;
}

/** `entry_points()` reads entry_points.txt of every distribution. */
export function scanDistributions(imports: ImportWalk, probability: number, evidence: string): void {
  if ((scanned.get(imports) ?? 0) >= probability) return;
  scanned.set(imports, probability);
  for (const paths of distributions(imports).values())
    for (const path of paths) imports.open(`${path}/entry_points.txt`, "py-metadata", probability * 0.9, evidence);
}
