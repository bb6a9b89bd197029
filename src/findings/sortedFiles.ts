import type { CatalogEntry, FileCatalog } from "../facts/fileCatalog.ts";
import { buildFolderOf } from "./buildTools.ts";
import { largeLibraryName, looksLikeWeights } from "./largeFiles.ts";
import { packageCacheOf, type PackageCache } from "./packageCaches.ts";
import { strayKindOf, temporaryFile, type StrayKind } from "./strayFiles.ts";

/**
 * The files of an image by what their names say, so that each question after the first looks at few of them. Only files whose bytes are
 * theirs alone: content that hard links share is freed by none of them.
 */
export interface SortedFiles {
  isUnshared(entry: CatalogEntry): boolean;
  readonly caches: readonly (readonly [PackageCache, CatalogEntry])[];
  /** With the kind of tool. */
  readonly buildTools: readonly (readonly [string, CatalogEntry])[];
  readonly strays: readonly (readonly [StrayKind, CatalogEntry])[];
  readonly temporary: readonly CatalogEntry[];
  readonly weights: readonly CatalogEntry[];
  /** By name without version. */
  readonly libraries: ReadonlyMap<string, readonly CatalogEntry[]>;
}

const known = new WeakMap<FileCatalog, SortedFiles>();

export function sortedFiles(catalog: FileCatalog): SortedFiles {
  const before = known.get(catalog);
  if (before) return before;
  const made = sort(catalog);
  known.set(catalog, made);
  return made;
}

function sort(catalog: FileCatalog): SortedFiles {
  const shared = new Set<string>();
  for (const { type, layerIndex, linkTarget } of catalog.files()) if (type === "hardlink") shared.add(`${layerIndex}:${linkTarget}`);
  const isUnshared = ({ type, sizeBytes, layerIndex, path }: CatalogEntry): boolean =>
    type === "file" && sizeBytes > 0 && (shared.size === 0 || !shared.has(`${layerIndex}:${path}`));
  const caches: [PackageCache, CatalogEntry][] = [];
  const buildTools: [string, CatalogEntry][] = [];
  const strays: [StrayKind, CatalogEntry][] = [];
  const temporary: CatalogEntry[] = [];
  const weights: CatalogEntry[] = [];
  const libraries = new Map<string, CatalogEntry[]>();
  for (const entry of catalog.files()) {
    if (!isUnshared(entry)) continue;
    const { path } = entry;
    const cache = packageCacheOf(path);
    if (cache) {
      caches.push([cache, entry]);
      continue;
    }
    const tool = buildFolderOf(path);
    if (tool !== undefined) buildTools.push([tool, entry]);
    if (temporaryFile.test(path)) temporary.push(entry);
    const stray = strayKindOf(path);
    if (stray) strays.push([stray, entry]);
    if (looksLikeWeights(entry)) weights.push(entry);
    const library = largeLibraryName(entry);
    if (library === undefined) continue;
    const same = libraries.get(library);
    if (same) same.push(entry);
    else libraries.set(library, [entry]);
  }
  return { isUnshared, caches, buildTools, strays, temporary, weights, libraries };
}
