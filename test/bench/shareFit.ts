import { elfFactOf } from "../../src/startup/elf.ts";
import { shareOf } from "../../src/startup/pages.ts";
import { weightsFormat } from "../../src/startup/weights.ts";
import type { TracedImage } from "./tracedImages.ts";

/** Files above this size without a row of their own tell whether one is missing. */
const largeBytes = 100_000;

/** How much was read of files that are no ELF objects, by the row of `pages.ts` that they fall under; large files without one by their ending. */
export function shareObservations(images: readonly TracedImage[]): string[][] {
  const kinds = new Map<string, { files: number; images: Set<string>; bytes: number; read: number; least: number; most: number }>();
  for (const { name, truth, inspection } of images)
    for (const [path, { sizeBytes, pagesRead }] of truth.opened) {
      const entry = inspection.catalog.file(path);
      if (entry?.sizeBytes !== sizeBytes || sizeBytes === 0 || elfFactOf(inspection.catalog, path)) continue;
      const row =
        weightsFormat(path)?.format ??
        shareOf(path, inspection.catalog)?.ending.source ??
        (sizeBytes > largeBytes ? endingOf(path) : "small");
      const kind = kinds.get(row) ?? { files: 0, images: new Set<string>(), bytes: 0, read: 0, least: 1, most: 0 };
      kinds.set(row, kind);
      const read = Math.min(sizeBytes, pagesRead * 4096);
      kind.files++;
      kind.images.add(name);
      kind.bytes += sizeBytes;
      kind.read += read;
      kind.least = Math.min(kind.least, read / sizeBytes);
      kind.most = Math.max(kind.most, read / sizeBytes);
    }
  return [...kinds]
    .sort((a, b) => b[1].bytes - a[1].bytes)
    .map(([row, { files, images: inImages, bytes, read, least, most }]) => [
      row,
      String(files),
      String(inImages.size),
      ...[read / bytes, least, most].map((share) => share.toFixed(3)),
    ]);
}

function endingOf(path: string): string {
  return /\.[a-z]\w{0,12}$/i.exec(path)?.[0] ?? path;
}
