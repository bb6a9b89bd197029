import { OpenedPaths, rangeOf } from "../openedPaths.ts";
import type { ByteRange, TracedSet } from "../tracedSet.ts";

/**
 * A trace that is one JSON document; undefined when it is none that is known:
 * - SOCI: a list of paths, as `soci create --prefetch-files-json` takes it (soci-snapshotter `docs/prefetch.md`);
 * - Nydus: `{"version":"v1","files":[{"path":…,"ranges":[[offset,size],…]}]}`, as `nydus-image optimize --prefetch-files` takes
 *   it (nydus-builder `optimize_prefetch.rs`);
 * - the recorded truth of a start: `{"opened":[{"path","sizeBytes","pagesRead","executed"}],"chunkBytes4MiB":…}`.
 */
export function readJsonDocument(document: unknown): TracedSet | undefined {
  if (Array.isArray(document)) return document.every((item) => typeof item === "string") ? pathList(document) : undefined;
  if (!isObject(document)) return undefined;
  if (Array.isArray(document["opened"])) return truth(document["opened"], document);
  if (Array.isArray(document["files"])) return nydusRanges(document["files"]);
  return undefined;
}

function pathList(paths: readonly string[]): TracedSet {
  const opened = new OpenedPaths();
  for (const path of paths) opened.add(path.startsWith("/") ? path : `/${path}`);
  return opened.result("SOCI list");
}

function nydusRanges(files: readonly unknown[]): TracedSet {
  const opened = new OpenedPaths();
  for (const [index, file] of files.entries()) {
    const path = isObject(file) ? file["path"] : undefined;
    if (typeof path !== "string" || !path.startsWith("/")) {
      opened.unreadable(index + 1);
      continue;
    }
    const ranges = (file as Record<string, unknown>)["ranges"];
    // Without ranges the whole file is meant, which is no measurement of what was read.
    opened.add(path, Array.isArray(ranges) ? { ranges: ranges.map(pairOf).filter((range) => range !== undefined) } : {});
  }
  return opened.result("nydus ranges");
}

function pairOf(pair: unknown): ByteRange | undefined {
  return Array.isArray(pair) ? rangeOf(pair[0], pair[1]) : undefined;
}

function truth(files: readonly unknown[], totals: Readonly<Record<string, unknown>>): TracedSet {
  const opened = new OpenedPaths();
  for (const [index, file] of files.entries()) {
    const path = isObject(file) ? file["path"] : undefined;
    const pages = isObject(file) ? file["pagesRead"] : undefined;
    if (typeof path !== "string") opened.unreadable(index + 1);
    else
      opened.add(path, {
        pagesRead: Number.isSafeInteger(pages) && (pages as number) >= 0 ? (pages as number) : undefined,
        executed: (file as Record<string, unknown>)["executed"] === true,
      });
  }
  const chunkBytes = Object.entries(totals).flatMap(([key, value]) => {
    const size = /^chunkBytes(\d{1,4})MiB$/.exec(key)?.[1];
    return size !== undefined && typeof value === "number"
      ? [{ moment: "ready" as const, chunkSizeBytes: Number(size) * 1_048_576, bytes: value }]
      : [];
  });
  return opened.result("recorded truth", { moments: ["ready"], isInOrder: false, chunkBytes });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
