import { globPaths, hasGlob } from "../glob.ts";
import { folderOf, joinPath, textOf } from "../paths.ts";
import type { Command, StartupWalk } from "../walk.ts";

/** How one server's configuration names further files, where the common ways do not say it. */
export interface ConfigSyntax {
  /** Lines that name further files: one capture group is the path, globs allowed. */
  readonly includes?: RegExp;
  /** Whether the files of folders that it names by absolute path are opened too. */
  readonly opensFolders?: boolean;
  /** What relative names are relative to; absent: the folder of the file that names them. */
  readonly root?: string;
}

const maxFiles = 300;
/** A folder with more is data that is served, not settings. */
const maxFolderFiles = 50;
/** Folders that a program may name for what it writes there or starts. */
const systemFolders =
  /^\/(?:etc|usr|var|opt|srv|home|root|tmp|run|dev|proc|sys|usr\/(?:s?bin|lib|share|local)|usr\/local\/\w+|var\/(?:lib|log|run|cache|tmp|spool)(?:\/.*)?)$/;
/** Of one text. */
const maxPaths = 500;

/** The words that servers of all kinds use: `include "x"`, `include: x`, `!includedir x`, `include_dir x`, `.include x`. */
const commonIncludes =
  /^[ \t]*[!@.]?(?:include|includedir|include_dir|include-dir|include_if_exists|include-toplevel|includeoptional|import|load_files?|conf-dir|conf-file|dofile)(?=[ \t:="'<(])[ \t]*[:=]?[ \t]*["'<(]?([^\s"'<>();,]+)/gim;

/** A path that stands as a word of its own. */
const absolutePath = /(?<![\w.:/\\*-])\/(?:[\w.+@-]+\/)+[\w.+@-]*\w(?![\w/*])/g;

/** The same with `*` in its last part. */
const absolutePattern = /(?<![\w.:/\\*-])\/(?:[\w.+@-]+\/)+[\w.+@-]*\*[\w.+@*-]*\.\w+/g;

/**
 * Opens configuration files, those that they include, and the files of the image that they name by absolute path (keys, zones,
 * modules). Comments are passed over. Whether a named file is opened at once or when asked for depends on the server.
 */
export function followConfig(
  first: readonly string[],
  by: string,
  probability: number,
  command: Command,
  walk: StartupWalk,
  syntax: ConfigSyntax = {},
): void {
  const { catalog } = walk;
  const queue = first.map((path) => ({ path, evidence: by, chance: probability }));
  const seen = new Set<string>();
  for (let next = queue.shift(); next !== undefined && seen.size < maxFiles; next = queue.shift()) {
    const { path, evidence, chance } = next;
    const entry = catalog.file(path);
    if (!entry || seen.has(entry.path)) continue;
    seen.add(entry.path);
    if (catalog.fact(entry)?.kind === "elf") {
      walk.elf.load(command, path, "server", chance, evidence);
      continue;
    }
    walk.open(path, "config", chance, evidence);
    const filesOf = (folder: string): readonly string[] => {
      const names = catalog.list(folder);
      return names.length > maxFolderFiles ? [] : names;
    };
    const text = withoutComments(textOf(catalog, path) ?? "");
    const base = syntax.root ?? folderOf(path);
    for (const [, named] of [...text.matchAll(syntax.includes ?? commonIncludes)].slice(0, maxPaths)) {
      if (named === undefined || named.includes("$")) continue;
      const target = joinPath(base, named);
      const isFolder = catalog.resolve(target)?.type === "directory";
      const targets = isFolder ? globPaths(catalog, `${target}/*.c*`) : hasGlob(target) ? globPaths(catalog, target) : [target];
      for (const one of targets) queue.push({ path: one, evidence: `${path} → ${named}`, chance });
    }
    for (const [named] of [...text.matchAll(absolutePath)].slice(0, maxPaths)) {
      const file = catalog.file(named);
      if (file && !seen.has(file.path) && !/\.(?:log|pid|sock|lock|html?)$/.test(named) && (file.mode & 0o111) === 0)
        walk.open(named, "server", chance * 0.6, `${path} → ${named}`);
      else if (!file && syntax.opensFolders && catalog.resolve(named)?.type === "directory" && !systemFolders.test(named))
        for (const name of filesOf(named)) walk.open(`${named}/${name}`, "server", chance * 0.6, `${path} → ${named}`); // prettier-ignore
    }
    for (const [pattern] of [...text.matchAll(absolutePattern)].slice(0, 50))
      for (const one of globPaths(catalog, pattern).slice(0, maxFolderFiles))
        walk.open(one, "server", chance * 0.7, `${path} → ${pattern}`);
    // Time zones by their names.
    for (const [zone] of [
      ...text.matchAll(/\b(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/[A-Z]\w+(?:\/\w+)?/g),
    ].slice(0, 20))
      // prettier-ignore
      walk.open(`/usr/share/zoneinfo/${zone}`, "timezone", chance * 0.7, `${path} → ${zone}`);
  }
}

/** `#`, `;` and `//` comments that take a line, and block comments as in C. */
function withoutComments(text: string): string {
  return text
    .slice(0, 256 * 1024)
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/^[ \t]*(?:#|;|\/\/|--).*$/gm, "");
}
