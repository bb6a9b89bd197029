import type { CatalogEntry, FileCatalog } from "../../src/facts/fileCatalog.ts";
import type { FileFact } from "../../src/facts/fileFact.ts";
import { readFact } from "../../src/facts/extractors.ts";
import type { TarEntry } from "../../src/image/image.ts";

/**
 * What stands at a path: its content, the fact of its content, a symlink, an (empty) directory, or a file of which
 * only the size matters. Parent directories come by themselves. Everything is executable.
 */
export type MemoryFile =
  | string
  | Uint8Array
  | FileFact
  | { readonly link: string }
  | { readonly directory: true }
  | { readonly sizeBytes: number; readonly fact?: FileFact };

/** A root filesystem of one layer, written down as a table. Contents become facts through the real extractors. */
export function memoryCatalog(files: Readonly<Record<string, MemoryFile>>): FileCatalog {
  const entries = new Map<string, CatalogEntry>();
  const facts = new Map<CatalogEntry, FileFact>();
  const children = new Map<string, string[]>();

  function add(entry: TarEntry): CatalogEntry {
    const made = { ...entry, layerIndex: 0, entryIndex: entries.size } as CatalogEntry;
    entries.set(made.path, made);
    if (made.path !== "/") {
      const parent = made.path.slice(0, made.path.lastIndexOf("/")) || "/";
      if (!entries.has(parent)) add(entryOf(parent, "directory", 0));
      const siblings = children.get(parent);
      if (siblings) siblings.push(made.path.slice(made.path.lastIndexOf("/") + 1));
      else children.set(parent, [made.path.slice(made.path.lastIndexOf("/") + 1)]);
    }
    return made;
  }

  if (!("/" in files)) add(entryOf("/", "directory", 0));
  for (const [path, file] of Object.entries(files)) {
    if (typeof file === "string" || file instanceof Uint8Array) {
      const content = typeof file === "string" ? new TextEncoder().encode(file) : file;
      const entry = add(entryOf(path, "file", content.length));
      const fact = readFact(entry, content);
      if (fact) facts.set(entry, fact);
    } else if ("link" in file) add({ ...entryOf(path, "symlink", 0), linkTarget: file.link });
    else if ("directory" in file) add(entryOf(path, "directory", 0));
    else if ("sizeBytes" in file) {
      const entry = add(entryOf(path, "file", file.sizeBytes));
      if (file.fact) facts.set(entry, file.fact);
    } else facts.set(add(entryOf(path, "file", 10_000)), file);
  }

  function resolve(path: string, links = 0): CatalogEntry | undefined {
    let current = "";
    const parts = path.split("/");
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as string;
      if (part === "" || part === ".") continue;
      if (part === "..") {
        current = current.slice(0, Math.max(0, current.lastIndexOf("/")));
        continue;
      }
      const entry = entries.get(`${current}/${part}`);
      if (!entry) return undefined;
      if (entry.type === "symlink") {
        const target = entry.linkTarget ?? "";
        if (links >= 40) return undefined;
        return resolve([target.startsWith("/") ? target : `${current}/${target}`, ...parts.slice(i + 1)].join("/"), links + 1);
      }
      current = entry.path;
    }
    return entries.get(current || "/");
  }

  function file(path: string): CatalogEntry | undefined {
    const entry = resolve(path);
    return entry?.type === "file" || entry?.type === "hardlink" ? entry : undefined;
  }

  const regular = [...entries.values()].filter((entry) => entry.type === "file").sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    fileCount: regular.length,
    totalSizeBytes: regular.reduce((sum, entry) => sum + entry.sizeBytes, 0),
    get: (path) => entries.get(path),
    resolve,
    file,
    list: (path) => children.get(resolve(path)?.path ?? "") ?? [],
    files: () => regular,
    fact: (entry) => facts.get(entry),
    wanted: new Set(),
  };
}

function entryOf(path: string, type: TarEntry["type"], sizeBytes: number): TarEntry {
  return { path, type, sizeBytes, mode: 0o755, mtimeEpochS: 1_700_000_000 };
}
