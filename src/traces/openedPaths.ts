import type { Problem } from "../base/text.ts";
import type { Moment } from "../startup/startupSet.ts";
import type { ByteRange, TracedFile, TracedSet, TraceFormat } from "./tracedSet.ts";

/** Linux takes no longer path (PATH_MAX). */
const maxPathLength = 4096;
/** Distinct paths that are kept; a container with more has not started, it was searched. */
const maxPaths = 1_000_000;
/** Ranges that are kept of one file before they are merged into one. */
const maxRanges = 10_000;

interface Opened {
  path: string;
  firstOpenMs?: number | undefined;
  executed?: boolean | undefined;
  pagesRead?: number | undefined;
  requestPagesRead?: number | undefined;
  moment?: "firstRequest" | undefined;
  ranges?: ByteRange[] | undefined;
}

/** Collects what a recorder saw, each path once, in the order in which it came. Bounded, whatever the trace holds. */
export class OpenedPaths {
  readonly #byPath = new Map<string, Opened>();
  #firstUnreadable = 0;
  #unreadable = 0;
  #tooMany = false;

  add(path: string, seen: Omit<TracedFile, "path"> = {}): void {
    if (path === "" || path.length > maxPathLength || path.includes("\0")) return;
    let opened = this.#byPath.get(path);
    if (!opened) {
      if (this.#byPath.size >= maxPaths) {
        this.#tooMany = true;
        return;
      }
      opened = { path, ...(seen.moment && { moment: seen.moment }) };
      this.#byPath.set(path, opened);
    }
    if (seen.firstOpenMs !== undefined) opened.firstOpenMs = Math.min(opened.firstOpenMs ?? Infinity, seen.firstOpenMs);
    if (seen.executed) opened.executed = true;
    if (seen.pagesRead !== undefined) opened.pagesRead = Math.max(opened.pagesRead ?? 0, seen.pagesRead);
    if (seen.requestPagesRead !== undefined) opened.requestPagesRead = Math.max(opened.requestPagesRead ?? 0, seen.requestPagesRead);
    if (seen.moment === undefined) delete opened.moment;
    if (seen.ranges) {
      const all = (opened.ranges ??= []);
      for (const range of seen.ranges) all.push(range);
      if (all.length > maxRanges) opened.ranges = mergedRanges(all);
    }
  }

  /** Notes a line or an item that says nothing that is understood. */
  unreadable(number: number): void {
    if (this.#unreadable++ === 0) this.#firstUnreadable = number;
  }

  result(
    format: TraceFormat,
    more: { readonly moments?: readonly Moment[]; readonly isInOrder?: boolean; readonly lacksInterpreters?: boolean } & Pick<
      TracedSet,
      "chunkBytes"
    > = {},
    problems: readonly Problem[] = [],
  ): TracedSet {
    const files = [...this.#byPath.values()];
    // A stable sort: where times are equal or missing, the order of the lines decides.
    if (files.every((file) => file.firstOpenMs !== undefined)) files.sort((a, b) => (a.firstOpenMs as number) - (b.firstOpenMs as number));
    const all = [...problems];
    if (this.#unreadable > 0)
      all.push({
        severity: "warning",
        message: `${this.#unreadable === 1 ? "1 line" : `${this.#unreadable} lines`} of the trace could not be understood, the first is line ${this.#firstUnreadable}.`,
      });
    if (this.#tooMany) all.push({ severity: "warning", message: `The trace names more than ${maxPaths} files; the others are left out.` });
    return { format, moments: [], isInOrder: true, lacksInterpreters: false, ...more, files, problems: all };
  }
}

/** Overlapping and touching ranges as one, in rising order; beyond `maxRanges` the gaps are closed. */
export function mergedRanges(ranges: readonly ByteRange[]): ByteRange[] {
  const merged: ByteRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.offset - b.offset)) {
    const last = merged[merged.length - 1];
    if (last && range.offset <= last.offset + last.sizeBytes)
      merged[merged.length - 1] = {
        offset: last.offset,
        sizeBytes: Math.max(last.sizeBytes, range.offset + range.sizeBytes - last.offset),
      };
    else merged.push(range);
  }
  const [first] = merged;
  const last = merged[merged.length - 1];
  if (merged.length <= maxRanges || !first || !last) return merged;
  return [{ offset: first.offset, sizeBytes: last.offset + last.sizeBytes - first.offset }];
}

/** A range of untrusted numbers; undefined when it is none. */
export function rangeOf(offset: unknown, sizeBytes: unknown): ByteRange | undefined {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(sizeBytes)) return undefined;
  if ((offset as number) < 0 || (sizeBytes as number) < 0 || !Number.isSafeInteger((offset as number) + (sizeBytes as number)))
    return undefined;
  return { offset: offset as number, sizeBytes: sizeBytes as number };
}
