import { existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { formatBytes } from "../../src/base/format.ts";
import type { SpaceNeed } from "./needs.ts";

/** A file system. */
export interface Disk {
  readonly id: number;
  readonly freeBytes: number;
  readonly sizeBytes: number;
}

/** The disk of a folder, or of the nearest one above it that exists. */
export function diskOf(folder: string): Disk {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  const { bavail, blocks, bsize } = statfsSync(there);
  return { id: statSync(there).dev, freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
}

/** One sentence for each disk that is too small for what would be put there; empty: all fits. */
export function shortOfSpace(needs: readonly SpaceNeed[], disk: (folder: string) => Disk): readonly string[] {
  const byDisk = new Map<number, SpaceNeed[]>();
  for (const need of needs) {
    const { id } = disk(need.folder);
    byDisk.set(id, [...(byDisk.get(id) ?? []), need]);
  }
  return [...byDisk.values()].flatMap((here) => {
    const { freeBytes, sizeBytes } = disk(here[0]?.folder ?? "/");
    const left = sizeBytes * Math.max(...here.map((need) => need.freeShare ?? 0));
    const needed = here.reduce((sum, need) => sum + need.bytes, left);
    if (needed <= freeBytes) return [];
    const folders = [...new Set(here.map((need) => need.folder))].map((folder) => {
      const what = here.filter((need) => need.folder === folder).map((need) => `${need.what} ${formatBytes(need.bytes)}`);
      return `in ${folder} ${what.join(", ")}`;
    });
    if (left > 0) folders.push(`left free, as the cluster's kubelet wants it, ${formatBytes(left)}`);
    return [`${formatBytes(needed)} are needed on one disk, and ${formatBytes(freeBytes)} are free: ${folders.join("; ")}.`];
  });
}
