import type { TarEntry } from "../image/image.ts";
import type { FileFact } from "./fileFact.ts";

/** A path of the final root filesystem, with the layer that provides it. */
export interface CatalogEntry extends TarEntry {
  readonly type: "file" | "directory" | "symlink" | "hardlink" | "other";
  /** Index into `Image.layers`. */
  readonly layerIndex: number;
  /** Index into that layer's entries. */
  readonly entryIndex: number;
}

/**
 * The squashed root filesystem of an image. (In the OCI specification "image index" is the multi-platform manifest
 * list, hence this name.) Pure: it never reads; what it lacks it notes in `wanted`.
 */
export interface FileCatalog {
  /** Regular files, hard links counted as files of their own, as `find -type f` would. */
  readonly fileCount: number;
  /** Their sizes; content shared by hard links counts once. */
  readonly totalSizeBytes: number;
  /** The entry at exactly this path; symlinks are not followed. */
  get(path: string): CatalogEntry | undefined;
  /**
   * The regular file or directory that opening this path would reach, symlinks followed inside the root as the kernel would
   * (`..` stops at the root, 40 links at most); undefined when nothing is there. For a hard link: the link's own entry.
   */
  resolve(path: string): CatalogEntry | undefined;
  /** `resolve`, if it is a regular file (or hard link to one). */
  file(path: string): CatalogEntry | undefined;
  /** Names in a directory, symlinks to it followed; empty when it is none. */
  list(path: string): readonly string[];
  /** All regular files and hard links, in path order. */
  files(): Iterable<CatalogEntry>;
  /** What is known of the content; hard links give the fact of the file they share. */
  fact(entry: CatalogEntry): FileFact | undefined;
  /** Entries whose fact was asked for and is still to be fetched by range; see `LayerFacts.isPending`. */
  readonly wanted: ReadonlySet<CatalogEntry>;
}
