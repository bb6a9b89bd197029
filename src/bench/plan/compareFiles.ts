import { formatCount } from "../../base/format.ts";
import { foreignLine } from "../../base/foreignText.ts";
import type { CatalogEntry, FileCatalog } from "../../facts/fileCatalog.ts";

/** What two root filesystems have in common. */
export interface FileComparison {
  /** Paths that both have, alike in type, mode, size and link target. */
  readonly equalCount: number;
  /** Of these, files of which something is known of the content in both, and agrees. */
  readonly equalContentCount: number;
  readonly differenceCount: number;
  /** The first few differences in path order, in words. */
  readonly differences: readonly string[];
}

/** Conversions to eStargz put these into the root of each layer (stargz-snapshotter, docs/estargz.md). */
const addedByConversion: ReadonlySet<string> = new Set(["/stargz.index.json", "/.prefetch.landmark", "/.no.prefetch.landmark"]);

const maxDifferences = 5;

/**
 * Compares every path of two images: type, permission bits, size and link target; and what is remembered of contents where both are known.
 * A hard link counts as the file that it is. Owners and times are not compared.
 */
export function compareFiles(left: FileCatalog, right: FileCatalog): FileComparison {
  const differences: string[] = [];
  let equalCount = 0;
  let equalContentCount = 0;
  let differenceCount = 0;
  for (const path of pathsOf(left, right)) {
    const [a, b] = [left.get(path), right.get(path)];
    const difference = differenceOf(a, b);
    if (difference !== undefined) {
      differenceCount++;
      if (differences.length < maxDifferences) differences.push(`${foreignLine(path, 120)}: ${difference}`);
      continue;
    }
    equalCount++;
    if (!a || !b || (a.type !== "file" && a.type !== "hardlink")) continue;
    const [known, other] = [left.fact(a), right.fact(b)];
    if (known === undefined || other === undefined) continue;
    if (JSON.stringify(known) === JSON.stringify(other)) equalContentCount++;
    else {
      equalCount--;
      differenceCount++;
      if (differences.length < maxDifferences) differences.push(`${foreignLine(path, 120)}: other content`);
    }
  }
  return { equalCount, equalContentCount, differenceCount, differences };
}

/** All paths of both, a folder before what is in it. */
function* pathsOf(left: FileCatalog, right: FileCatalog): Generator<string> {
  const folders = ["/"];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const names = new Set([...namesIn(left, folder), ...namesIn(right, folder)]);
    for (const name of [...names].sort()) {
      const path = folder === "/" ? `/${name}` : `${folder}/${name}`;
      if (addedByConversion.has(path)) continue;
      yield path;
      if (left.get(path)?.type === "directory" || right.get(path)?.type === "directory") folders.push(path);
    }
  }
}

/** A symlink to a folder has none of its own. */
function namesIn(catalog: FileCatalog, folder: string): readonly string[] {
  return folder === "/" || catalog.get(folder)?.type === "directory" ? catalog.list(folder) : [];
}

function differenceOf(a: CatalogEntry | undefined, b: CatalogEntry | undefined): string | undefined {
  if (!a) return "only in the second";
  if (!b) return "only in the first";
  const [type, otherType] = [typeOf(a), typeOf(b)];
  if (type !== otherType) return `${type} and ${otherType}`;
  if (type === "symlink") return a.linkTarget === b.linkTarget ? undefined : "another link target";
  if (a.mode !== b.mode) return `mode ${a.mode.toString(8)} and ${b.mode.toString(8)}`;
  if (type === "file" && a.sizeBytes !== b.sizeBytes) return `${formatCount(a.sizeBytes)} and ${formatCount(b.sizeBytes)} bytes`;
  return undefined;
}

/** Converters sort the files, so that another one of several links may come to be the file. */
function typeOf({ type }: CatalogEntry): string {
  return type === "hardlink" ? "file" : type;
}
