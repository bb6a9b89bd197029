import { readFact } from "../../src/facts/extractors.ts";
import type { FileCatalog } from "../../src/facts/fileCatalog.ts";
import type { FileFact } from "../../src/facts/fileFact.ts";
import { squashLayers } from "../../src/facts/squash.ts";
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
  const entries: TarEntry[] = [];
  const facts = new Map<number, FileFact>();
  const folders = new Set<string>(["/"]);
  const add = (path: string, entry: Partial<TarEntry>, fact?: FileFact): TarEntry => {
    for (let end = path.indexOf("/", 1); end > 0; end = path.indexOf("/", end + 1)) {
      const folder = path.slice(0, end);
      // What the table says of a folder's path (a symlink, as for /lib) goes first.
      if (!folders.has(folder) && !(folder in files)) entries.push(entryOf(folder, { type: "directory" }));
      folders.add(folder);
    }
    if (fact) facts.set(entries.length, fact);
    const made = entryOf(path, entry);
    entries.push(made);
    return made;
  };
  for (const [path, file] of Object.entries(files)) {
    if (typeof file === "string" || file instanceof Uint8Array) {
      const content = typeof file === "string" ? new TextEncoder().encode(file) : file;
      const entry = add(path, { sizeBytes: content.length });
      const fact = readFact(entry, content);
      if (fact) facts.set(entries.length - 1, fact);
    } else if ("link" in file) add(path, { type: "symlink", linkTarget: file.link });
    else if ("directory" in file) add(path, { type: "directory" });
    else if ("sizeBytes" in file) add(path, { sizeBytes: file.sizeBytes }, file.fact);
    else add(path, { sizeBytes: 10_000 }, file);
  }
  return squashLayers([
    {
      diffId: `sha256:${"0".repeat(64)}`,
      tarSizeBytes: 0,
      entries,
      fact: (entryIndex) => facts.get(entryIndex),
      basis: "contents",
      isPending: () => false,
      problems: [],
    },
  ]);
}

function entryOf(path: string, entry: Partial<TarEntry>): TarEntry {
  return { path, type: "file", sizeBytes: 0, mode: 0o755, mtimeEpochS: 1_700_000_000, ...entry };
}
