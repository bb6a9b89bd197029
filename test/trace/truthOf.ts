import type { TrueFile, TrueMeasures, Truth } from "../bench/truth.ts";
import type { CachedFile, Seen, Start } from "./oneStart.ts";

/** What is written down of three starts of one image. */
export interface ThreeStarts {
  /** On a disk without read-ahead: the record itself. */
  readonly first: Start;
  /** With the usual read-ahead of 128 KiB. */
  readonly readahead: Start;
  /** As the first, to see what varies. */
  readonly repeat: Start;
}

/**
 * Files made at runtime are none of the image; directories are not files. What was opened is what `first` opened. A machine may
 * drop pages before they are counted, and never the same ones: so the pages of a file are the most that `first` or `repeat` show.
 */
export function truthOf({ first: alone, readahead, repeat }: ThreeStarts): Truth {
  const ready = withMostPages(alone.ready, repeat.ready);
  const request = alone.request && withMostPages(withMostPages(alone.request, repeat.request ?? alone.request), ready);
  const files = [...ready.files.values()];
  const opened = openedFiles(ready);
  return {
    totalFiles: files.length,
    totalBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    ...measuresOf(ready),
    pageBytesReadahead128K: measuresOf(readahead.ready).pageBytesRead,
    opened,
    ...(request && { request: { ...measuresOf(request), opened: openedFiles(request) } }),
    variation: {
      openedJaccardRepeat: jaccard(opened, openedFiles(repeat.ready)),
      openedJaccardReadahead: jaccard(opened, openedFiles(readahead.ready)),
      pageBytesRepeat: measuresOf(repeat.ready).pageBytesRead,
    },
  };
}

function withMostPages(seen: Seen, other: Seen): Seen {
  const files = new Map<string, CachedFile>();
  for (const [path, file] of seen.files) {
    const again = other.files.get(path);
    files.set(path, again && again.pages > file.pages ? again : file);
  }
  return { opened: seen.opened, files };
}

function openedFiles({ opened, files }: Seen): Map<string, TrueFile> {
  const found = new Map<string, TrueFile>();
  for (const [path, executed] of opened) {
    // The kernel's way to name a file that was removed after it was opened.
    const name = files.has(path) ? path : path.replace(/ \(deleted\)$/, "");
    const file = files.get(name);
    if (file) found.set(name, { sizeBytes: file.sizeBytes, pagesRead: file.pages, executed });
  }
  return found;
}

function measuresOf(seen: Seen): TrueMeasures {
  const opened = [...openedFiles(seen).values()];
  const sum = { pageBytesRead: 0, chunkBytes1MiB: 0, chunkBytes4MiB: 0 };
  // A file with several names is on the disk once.
  const counted = new Set<string>();
  for (const file of seen.files.values()) {
    if (file.pages === 0 || counted.has(file.inode)) continue;
    counted.add(file.inode);
    sum.pageBytesRead += Math.min(file.pages * 4096, file.sizeBytes);
    sum.chunkBytes1MiB += file.chunkBytes1MiB;
    sum.chunkBytes4MiB += file.chunkBytes4MiB;
  }
  return { openedFiles: opened.length, openedWholeBytes: opened.reduce((total, file) => total + file.sizeBytes, 0), ...sum };
}

/** Shared ÷ all, 1 for two empty sets. */
export function jaccard(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): number {
  const shared = [...one.keys()].filter((path) => other.has(path)).length;
  const all = one.size + other.size - shared;
  return all === 0 ? 1 : shared / all;
}
