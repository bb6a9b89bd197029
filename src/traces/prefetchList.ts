import type { PrefetchFile } from "./prefetchFiles.ts";

/** A list for one tool, and what could not be said in it. */
export interface PrefetchList {
  readonly text: string;
  readonly files: number;
  /** What fetching the list costs: whole files, or their ranges. */
  readonly bytes: number;
  readonly leftOut: readonly { readonly count: number; readonly reason: string }[];
}

export interface PrefetchFormat {
  readonly name: string;
  /** What takes the list, for people. */
  readonly usage: string;
  /** How the tool counts a file. */
  readonly bytesOf: (file: PrefetchFile) => number;
  /** `manifestDigest`: of the image, where its origin knows it. */
  write(files: readonly PrefetchFile[], manifestDigest: string | undefined): PrefetchList;
}

/** overlaybd refuses longer lists (overlaybd `src/prefetch.cpp`, MAX_FILE_SIZE). */
const maxOverlaybdBytes = 65_536;

/**
 * Every list that can be written. What the tools make of the order:
 * - eStargz puts these files at the front of each layer, in this order, and fetches all of them in one request before the
 *   container starts (stargz-snapshotter `docs/stargz-estargz.md`).
 * - SOCI sorts and merges the spans of all files (soci-snapshotter `normalizePrefetchSpans`): the order has no effect.
 * - Nydus puts them at the front of its blob in this order and fetches them in this order (nydus-builder `core/prefetch.rs`).
 * - overlaybd fetches file after file in this order, several at a time (overlaybd `src/prefetch.cpp`).
 */
export const prefetchFormats: readonly PrefetchFormat[] = [
  {
    name: "estargz",
    usage: "ctr-remote image optimize --oci --prefetch-list LIST IMAGE NEW-IMAGE",
    bytesOf: wholeBytes,
    // The lines are patterns (stargz-snapshotter `docs/ctr-remote.md`, "Prefetch list glob patterns"): what would be a wildcard is put in a class of its own.
    write: (files) => lineList(files, (path) => path.replace(/[*?[]/g, "[$&]")),
  },
  {
    name: "estargz-record",
    usage: "nerdctl image convert --oci --estargz --estargz-record-in LIST IMAGE NEW-IMAGE",
    bytesOf: wholeBytes,
    write(files, manifestDigest) {
      const lines = files.map(({ path, layerIndex }) => JSON.stringify({ path: path.slice(1), manifestDigest, layerIndex }));
      return { text: lines.map((line) => `${line}\n`).join(""), ...sums(files, wholeBytes), leftOut: [] };
    },
  },
  {
    name: "soci",
    usage: "soci convert --prefetch-files-json LIST IMAGE NEW-IMAGE",
    bytesOf: wholeBytes,
    write: (files) => ({
      text: `${JSON.stringify(
        files.map(({ path }) => path),
        null,
        1,
      )}\n`,
      ...sums(files, wholeBytes),
      leftOut: [],
    }),
  },
  {
    name: "nydus",
    usage:
      "nydusify convert --prefetch-patterns --source IMAGE --target NEW-IMAGE < LIST, or nydus-image create --prefetch-policy fs … < LIST",
    bytesOf: wholeBytes,
    write: (files) => lineList(files, (path) => path),
  },
  {
    name: "nydus-ranges",
    usage: "nydusify optimize --prefetch-files LIST --source NYDUS-IMAGE --target NEW-IMAGE",
    bytesOf: rangeBytes,
    write: (files) => ({
      text: `${JSON.stringify({ version: "v1", files: files.map(({ path, ranges }) => ({ path, ...(ranges && { ranges: ranges.map((range) => [range.offset, range.sizeBytes]) }) })) }, null, 1)}\n`,
      ...sums(files, rangeBytes),
      leftOut: [],
    }),
  },
  {
    name: "overlaybd",
    usage: "ctr record-trace --priority_list LIST OVERLAYBD-IMAGE NEW-IMAGE",
    bytesOf: wholeBytes,
    write: overlaybdList,
  },
];

function wholeBytes(file: PrefetchFile): number {
  return file.sizeBytes;
}

function rangeBytes({ sizeBytes, ranges }: PrefetchFile): number {
  return ranges ? ranges.reduce((sum, range) => sum + range.sizeBytes, 0) : sizeBytes;
}

function sums(files: readonly PrefetchFile[], bytesOf: (file: PrefetchFile) => number): { files: number; bytes: number } {
  return { files: files.length, bytes: files.reduce((sum, file) => sum + bytesOf(file), 0) };
}

/** One path per line. Tools cut white space off the ends of a line, so a path that has it there cannot be said. */
function lineList(files: readonly PrefetchFile[], written: (path: string) => string): PrefetchList {
  const kept = files.filter(({ path }) => !path.includes("\n") && path.trim() === path);
  return {
    text: kept.map(({ path }) => `${written(path)}\n`).join(""),
    ...sums(kept, wholeBytes),
    leftOut: leftOut(files.length - kept.length, "their names hold line breaks or end in spaces, which a line of the list cannot say"),
  };
}

/** overlaybd reads plain names only and a list of limited length (`invalid_abs_path` and MAX_FILE_SIZE in its `src/prefetch.cpp`). */
function overlaybdList(files: readonly PrefetchFile[]): PrefetchList {
  const plain = files.filter(({ path }) => /^(?:\/[A-Za-z0-9_.-]+)+$/.test(path));
  let left = maxOverlaybdBytes;
  const kept = plain.filter(({ path }) => (left -= path.length + 1) >= 0);
  return {
    text: kept.map(({ path }) => `${path}\n`).join(""),
    ...sums(kept, wholeBytes),
    leftOut: [
      ...leftOut(files.length - plain.length, "overlaybd reads names of letters, digits, _, - and . only"),
      ...leftOut(plain.length - kept.length, "overlaybd reads lists of at most 64 KiB; they are opened last"),
    ],
  };
}

function leftOut(count: number, reason: string): PrefetchList["leftOut"] {
  return count > 0 ? [{ count, reason }] : [];
}
