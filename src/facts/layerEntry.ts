import type { TarEntry } from "../image/image.ts";
import type { TarHeader } from "../image/tarHeader.ts";
import { layerPath, pathMeaning } from "./layerPath.ts";

/** Tars can hold times beyond the end of the world; file systems clamp them, too. */
const maxTimeEpochS = 2 ** 42;
/** The kernel takes no longer target (PATH_MAX). */
const maxLinkLength = 4096;

/**
 * What a tar header, or an entry of a table of contents, means in a layer. Without `entry` it adds nothing to the layer; `problem`
 * says so where it should have.
 */
export function layerEntry(header: Omit<TarHeader, "isSparse">): { readonly entry?: TarEntry; readonly problem?: string } {
  const path = layerPath(header.name);
  if (path === undefined) return { problem: `The entry ${shortened(header.name)} was left out: no file can have this path.` };
  const mtimeEpochS = Math.max(-maxTimeEpochS, Math.min(maxTimeEpochS, Math.floor(header.mtimeEpochS)));
  const { mode } = header;
  const meaning = pathMeaning(path);
  switch (meaning.kind) {
    case "ignored":
      return {};
    case "invalid":
      return { problem: `The entry ${shortened(path)} was left out: it deletes nothing that can exist.` };
    case "whiteout":
    case "opaque":
      return { entry: { path: meaning.path, type: meaning.kind, sizeBytes: 0, mode, mtimeEpochS } };
    case "plain":
      break;
  }
  switch (header.type) {
    case "file":
      return { entry: { path, type: "file", sizeBytes: header.sizeBytes, mode, mtimeEpochS } };
    case "symlink":
      return { entry: { path, type: "symlink", sizeBytes: 0, mode, mtimeEpochS, linkTarget: header.linkName.slice(0, maxLinkLength) } };
    case "hardlink": {
      const linkTarget = layerPath(header.linkName);
      if (linkTarget !== undefined) return { entry: { path, type: "hardlink", sizeBytes: 0, mode, mtimeEpochS, linkTarget } };
      return { problem: `The hard link ${shortened(path)} was left out: it leads outside the image.` };
    }
    case "directory":
    case "other":
      return { entry: { path, type: header.type, sizeBytes: 0, mode, mtimeEpochS } };
  }
}

/** For messages: names may be a megabyte long. */
export function shortened(path: string): string {
  return path.length > 120 ? `${path.slice(0, 120)}…` : path;
}
