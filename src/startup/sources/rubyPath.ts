import type { FileCatalog } from "../../facts/fileCatalog.ts";
import { globPaths } from "../glob.ts";
import { folderOf, joinPath, textOf } from "../paths.ts";
import type { Command } from "../walk.ts";

/** Where one Ruby finds code. */
export interface RubyLayout {
  /** `$LOAD_PATH` before any gem, in order. */
  readonly folders: readonly string[];
  readonly gemHomes: readonly string[];
  /** `3.1.0`: the version of the library, not of the program. */
  readonly abi: string;
}

export function rubyLayout(catalog: FileCatalog, executable: string, command: Command): RubyLayout | undefined {
  const prefix = folderOf(folderOf(executable));
  const roots = [`${prefix}/lib/ruby`, "/usr/lib/ruby"].filter((path) => catalog.resolve(path)?.type === "directory");
  const wanted = /ruby(\d+\.\d+)/.exec(executable)?.[1];
  for (const root of roots) {
    const versions = catalog.list(root).filter((name) => /^\d+\.\d+\.\d+$/.test(name));
    const abi = versions.find((name) => wanted !== undefined && name.startsWith(wanted)) ?? versions.sort().at(-1);
    if (abi === undefined) continue;
    const archRoots = globPaths(catalog, "/usr/lib/*-linux-gnu*/ruby");
    const archOf = (folder: string): string[] => catalog.list(folder).filter((name) => /^(?:x86_64|aarch64|arm|i\d86|powerpc|s390x|riscv)[\w-]*-linux/.test(name)).map((name) => `${folder}/${name}`); // prettier-ignore
    const folders = [
      ...(command.env.get("RUBYLIB") ?? "").split(":").filter(Boolean),
      `/usr/local/lib/site_ruby/${abi}`,
      `${root}/site_ruby/${abi}`,
      `${root}/site_ruby`,
      `${root}/vendor_ruby/${abi}`,
      ...archRoots.map((folder) => `${folder}/vendor_ruby/${abi}`),
      `${root}/vendor_ruby`,
      `${root}/${abi}`,
      ...archRoots.map((folder) => `${folder}/${abi}`),
    ].flatMap((folder) => [folder, ...archOf(folder)]);
    const bundlePath = command.env.get("BUNDLE_PATH");
    const gemHomes = [
      command.env.get("GEM_HOME"),
      ...(command.env.get("GEM_PATH") ?? "").split(":"),
      bundlePath,
      bundlePath && `${bundlePath}/ruby/${abi}`,
      joinPath(command.cwd, `vendor/bundle/ruby/${abi}`),
      `${root}/gems/${abi}`,
      `/usr/local/bundle`,
      `/var/lib/gems/${abi}`,
      `/usr/share/rubygems-integration/all`,
      `/usr/share/rubygems-integration/${abi}`,
      ...globPaths(catalog, `/usr/lib/*-linux-gnu*/rubygems-integration/${abi}`),
    ].filter(
      (home): home is string => home !== undefined && home !== "" && catalog.resolve(`${home}/specifications`)?.type === "directory",
    );
    return { folders: folders.filter((path) => catalog.resolve(path)?.type === "directory"), gemHomes: [...new Set(gemHomes)], abi };
  }
  return undefined;
}

/** The gems of an image by their names; of several versions the one that the lock file names, else the last. */
export interface Gems {
  /** Folders of the gem at hand that are in the load path. */
  foldersOf(gem: string): readonly string[];
  /** Gems whose load path has a file or folder of this name. */
  having(topName: string): readonly string[];
  readonly specifications: readonly string[];
  /** Whether Ruby brings this gem along as well, in no newer version: the installed one goes before its own. */
  isNewerDefault(gem: string): boolean;
  programOf(name: string): string | undefined;
}

export function gemsIn(catalog: FileCatalog, layout: RubyLayout, command: Command): Gems {
  const locked = lockedVersions(catalog, command);
  const folders = new Map<string, { readonly version: string; readonly paths: readonly string[]; readonly folder: string }>();
  const specifications: string[] = [];
  for (const home of layout.gemHomes) {
    const extensions = globPaths(catalog, `${home}/extensions/*/*`);
    for (const name of catalog.list(`${home}/specifications`)) {
      const [, gem, version] = /^(.+?)-(\d[\w.]*?)(?:-[\w-]+)?\.gemspec$/.exec(name) ?? [];
      if (gem === undefined || version === undefined) continue;
      const full = name.replace(/\.gemspec$/, "");
      const lockedTo = locked?.get(gem);
      if (locked && lockedTo !== version) continue;
      specifications.push(`${home}/specifications/${name}`);
      const before = folders.get(gem);
      if (before && (before.version === lockedTo || compareVersions(before.version, version) > 0)) continue;
      const folder = `${home}/gems/${full}`;
      const paths = [...extensions.map((path) => `${path}/${full}`), `${folder}/lib`];
      folders.set(gem, { version, folder, paths: paths.filter((path) => catalog.resolve(path)?.type === "directory") });
    }
  }
  const byTop = new Map<string, string[]>();
  for (const [gem, { paths }] of folders)
    for (const path of paths)
      for (const name of catalog.list(path)) {
        const top = name.replace(/\.(?:rb|so)$/, "");
        const gems = byTop.get(top);
        if (!gems) byTop.set(top, [gem]);
        else if (!gems.includes(gem)) gems.push(gem);
      }
  const defaults = new Map(
    layout.gemHomes.flatMap((home) =>
      catalog.list(`${home}/specifications/default`).map((name): [string, string] => {
        const [, gem = name, version = "0"] = /^(.+?)-(\d[\w.]*)\.gemspec$/.exec(name) ?? [];
        return [gem, version];
      }),
    ),
  );
  const isOlder = (gem: string): boolean => {
    const [brought, installed] = [defaults.get(gem), folders.get(gem)?.version];
    return brought !== undefined && installed !== undefined && compareVersions(installed, brought) < 0;
  };
  return {
    isNewerDefault: (gem) => defaults.has(gem) && folders.has(gem) && !isOlder(gem),
    foldersOf: (gem) => folders.get(gem)?.paths ?? [],
    having: (topName) => byTop.get(topName) ?? [],
    specifications,
    programOf(name) {
      for (const [gem, { folder }] of folders)
        for (const place of ["bin", "exe"])
          if (!isOlder(gem) && catalog.file(`${folder}/${place}/${name}`)) return `${folder}/${place}/${name}`;
      return undefined;
    },
  };
}

/** What `Gemfile.lock` chose (bundler.io, "Gemfile.lock"); undefined without one. */
function lockedVersions(catalog: FileCatalog, command: Command): ReadonlyMap<string, string> | undefined {
  const gemfile = command.env.get("BUNDLE_GEMFILE");
  const text = textOf(catalog, gemfile === undefined ? joinPath(command.cwd, "Gemfile.lock") : `${joinPath(command.cwd, gemfile)}.lock`);
  if (text === undefined) return undefined;
  const versions = new Map([...text.matchAll(/^ {4}([\w.-]+) \(([\w.]+)[^)]*\)$/gm)].map(([, name = "", version = ""]) => [name, version]));
  return versions.size > 0 ? versions : undefined;
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split("."), b.split(".")];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = Number(left[i] ?? 0) - Number(right[i] ?? 0);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}
