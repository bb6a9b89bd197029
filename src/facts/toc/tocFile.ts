import type { Problem } from "../../base/text.ts";
import type { Digest, TarEntry } from "../../image/image.ts";

/** What a layer's table of contents tells, whichever form it has. */
export interface TableOfContents {
  readonly files: readonly TocFile[];
  readonly problems: readonly Problem[];
}

export interface TocFile {
  readonly entry: TarEntry;
  /** In order; empty where there is no content, or where the table does not tell where it lies. */
  readonly pieces: readonly ContentPiece[];
  /** Of the whole content. */
  readonly digest?: Digest | undefined;
}

/** A part of a file's content and where it lies in the blob as stored. */
export interface ContentPiece {
  readonly startByte: number;
  /** Exclusive. Bytes behind the piece may be within. */
  readonly endByte: number;
  readonly form: PieceForm;
  /** Unpacked bytes before the piece. */
  readonly skipBytes: number;
  readonly sizeBytes: number;
  /** Of the unpacked piece. */
  readonly digest?: Digest | undefined;
}

export type PieceForm =
  /** `gzip` and `zstd` streams begin at `startByte`; `zeros` are stored nowhere; `plain` is not compressed. */
  | { readonly kind: "gzip" | "zstd" | "zeros" | "plain" }
  /** In the middle of a deflate stream. `storedDigest`: of the bytes from `startByte` to `endByte`. */
  | { readonly kind: "deflate"; readonly checkpoint: DeflateCheckpoint; readonly storedDigest?: Digest | undefined };

/** What inflating in the middle of a stream needs (zlib's examples/zran.c). */
export interface DeflateCheckpoint {
  /** Bits of the first byte that belong to the block that begins here: its highest ones. 0: the block begins with the byte. */
  readonly bits: number;
  /** The 32 KiB of unpacked data before. */
  readonly window: Uint8Array;
}

/** Thrown for a table that contradicts itself; the layer is read as a whole then. */
export class BadTableOfContents extends Error {
  override readonly name = "BadTableOfContents";
}
