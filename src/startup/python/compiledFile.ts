import type { FileCatalog } from "../../facts/fileCatalog.ts";
import { folderOf, nameOf } from "../paths.ts";

/** The compiled form of a source file, in `__pycache__` (PEP 3147). */
export interface CompiledFile {
  readonly path: string;
  /** Whether it fits its source; then the source is not opened (PEP 552). */
  readonly isValid: boolean;
}

const remembered = new WeakMap<FileCatalog, Map<string, CompiledFile | null>>();

/** Undefined when there is none. */
export function compiledFile(catalog: FileCatalog, sourcePath: string, minor: number): CompiledFile | undefined {
  let known = remembered.get(catalog);
  if (known === undefined) remembered.set(catalog, (known = new Map<string, CompiledFile | null>()));
  const key = `${minor} ${sourcePath}`;
  let compiled = known.get(key);
  if (compiled === undefined) known.set(key, (compiled = find(catalog, sourcePath, minor) ?? null));
  return compiled ?? undefined;
}

function find(catalog: FileCatalog, sourcePath: string, minor: number): CompiledFile | undefined {
  if (!sourcePath.endsWith(".py")) return undefined;
  const source = catalog.file(sourcePath);
  const path = `${folderOf(sourcePath)}/__pycache__/${nameOf(sourcePath).slice(0, -3)}.cpython-3${minor}.pyc`;
  const entry = catalog.file(path);
  if (source === undefined || entry === undefined) return undefined;
  const header = catalog.fact(entry);
  // What has not been read yet is taken to fit, as it does nearly always.
  if (header?.kind !== "pyc" || (header.flags & 1) !== 0) return { path, isValid: true };
  const fits = header.sourceMtimeEpochS === source.mtimeEpochS >>> 0 && header.sourceSizeBytes === source.sizeBytes >>> 0;
  return { path, isValid: fits };
}
