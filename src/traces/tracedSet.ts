import type { Problem } from "../base/text.ts";
import type { Moment } from "../startup/startupSet.ts";

/** Who wrote a trace, as far as its form tells. The names are shown to people. */
export type TraceFormat =
  | "stargz record"
  | "file list"
  | "nydus optimizer"
  | "nydus ranges"
  | "SOCI list"
  | "fanotify log"
  | "fatrace log"
  | "opensnoop log"
  | "strace log"
  | "recorded truth";

/** A part of a file, in bytes from its start. */
export interface ByteRange {
  readonly offset: number;
  readonly sizeBytes: number;
}

/** A path that a recorder saw opened; whether it is a file of the image is not decided here. */
export interface TracedFile {
  /** As recorded; a relative path is relative to the container's working directory. */
  readonly path: string;
  /** Since the first event of the trace; absent when the recorder tells no times. */
  readonly firstOpenMs?: number | undefined;
  /** It was run as a program. Absent: not known. */
  readonly executed?: boolean | undefined;
  /** It was opened only after the container was ready, by its first request. Absent: until the trace's first moment. */
  readonly moment?: "firstRequest" | undefined;
  /** 4 KiB pages that were read until the trace's first moment. Absent: not known. */
  readonly pagesRead?: number | undefined;
  /** The same until the first request was answered, where the recorder told the two apart. */
  readonly requestPagesRead?: number | undefined;
  /** What was read of it. Absent: not known. */
  readonly ranges?: readonly ByteRange[] | undefined;
}

/** What a lazy loader would have fetched in chunks of one size. */
export interface ChunkSum {
  readonly moment: Moment;
  readonly chunkSizeBytes: number;
  readonly bytes: number;
}

/** What one recording says, whatever its form. */
export interface TracedSet {
  readonly format: TraceFormat;
  /** Until when it was recorded, `ready` first; empty when the trace does not tell. */
  readonly moments: readonly Moment[];
  /** Each path once, in the order of first use if `isInOrder`. */
  readonly files: readonly TracedFile[];
  readonly isInOrder: boolean;
  /** What it adds up to in chunks of these sizes, where the recorder measured that. */
  readonly chunkBytes?: readonly ChunkSum[] | undefined;
  /**
   * The recorder saw system calls only: what the kernel opens by itself, the interpreter of a program or script that is executed,
   * is not in it.
   */
  readonly lacksInterpreters: boolean;
  readonly problems: readonly Problem[];
}
