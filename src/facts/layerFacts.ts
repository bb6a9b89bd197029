import type { Digest, TarEntry } from "../image/image.ts";
import type { Problem } from "../base/text.ts";
import type { FileFact } from "./fileFact.ts";

/**
 * What one pass over one layer yields. It depends on the layer's bytes only, so it is kept on disk by diffID and
 * serves every image that has the layer and every entrypoint of those images.
 */
export interface LayerFacts {
  readonly diffId: Digest;
  /** Size of the uncompressed tar; 0 where only a table of contents was read. */
  readonly tarSizeBytes: number;
  /** In tar order; of two entries with one path the later one wins. */
  readonly entries: readonly TarEntry[];
  /** The fact of `entries[entryIndex]`; undefined when its content says nothing to the estimator. */
  fact(entryIndex: number): FileFact | undefined;
  /**
   * Whether contents were read. `contents`: the whole layer was streamed and both digests agreed. `table-of-contents`: the
   * entries come from an index whose digest agreed, while the layer itself was not read; `fact` then knows only what was fetched.
   */
  readonly basis: "contents" | "table-of-contents";
  /** Entries whose fact has not been fetched although their content may matter; always empty for `contents`. */
  isPending(entryIndex: number): boolean;
  /** Things found wrong in the layer that did not stop the reading. */
  readonly problems: readonly Problem[];
}
