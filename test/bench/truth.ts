import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { truthLine } from "../../src/traces/formats/truthText.ts";
import { corpusFolder } from "./corpus.ts";

/** What was opened and read until one moment; sizes in bytes. */
export interface TrueMeasures {
  readonly openedFiles: number;
  readonly openedWholeBytes: number;
  readonly pageBytesRead: number;
  readonly chunkBytes1MiB: number;
  readonly chunkBytes4MiB: number;
}

export interface TrueFile {
  readonly sizeBytes: number;
  /** 4 KiB pages. */
  readonly pagesRead: number;
  readonly executed: boolean;
}

/** How much the recorded starts of one image differ from each other. */
export interface Variation {
  /** Of the opened sets of two starts without read-ahead: 1 when they are equal. */
  readonly openedJaccardRepeat: number;
  /** Of the opened sets without and with read-ahead. */
  readonly openedJaccardReadahead: number;
  /** What the other start without read-ahead read. */
  readonly pageBytesRepeat: number;
}

/** What one image of `test/corpus` did when it started. */
export interface Truth extends TrueMeasures {
  readonly totalFiles: number;
  readonly totalBytes: number;
  /** With the read-ahead of 128 KiB that Linux has by default. */
  readonly pageBytesReadahead128K: number;
  /** Path → what was seen of it until ready. */
  readonly opened: ReadonlyMap<string, TrueFile>;
  /** The same until the first request was answered, what was opened until ready included; absent when none was sent. */
  readonly request?: TrueMeasures & { readonly opened: ReadonlyMap<string, TrueFile> };
  /** Absent in records of older tracers. */
  readonly variation?: Variation;
}

const measureKeys = ["openedFiles", "openedWholeBytes", "pageBytesRead", "chunkBytes1MiB", "chunkBytes4MiB"] as const;
const variationKeys = ["openedJaccardRepeat", "openedJaccardReadahead", "pageBytesRepeat"] as const;

export function truthFile(name: string): string {
  return join(corpusFolder, name, "truth.txt");
}

export function hasTruth(name: string): boolean {
  return existsSync(truthFile(name));
}

export function readTruth(name: string): Truth {
  return parseTruth(readFileSync(truthFile(name), "utf8"));
}

/** The format is described in `test/corpus/README.md`. */
export function parseTruth(truthText: string): Truth {
  const numbers = new Map<string, number>();
  const opened = new Map<string, TrueFile>();
  const requested = new Map<string, TrueFile>();
  let folder = "";
  for (const text of truthText.split("\n")) {
    if (text === "") continue;
    const line = truthLine(text);
    if (!line) throw new Error(`Unreadable line: ${text}`);
    if (line.kind === "folder") folder = line.path;
    else if (line.kind === "total") numbers.set(line.name, line.value);
    else {
      const path = folder === "/" ? `/${line.name}` : `${folder}/${line.name}`;
      if (line.ready) opened.set(path, { sizeBytes: line.sizeBytes, ...line.ready });
      if (line.request) requested.set(path, { sizeBytes: line.sizeBytes, ...line.request });
    }
  }
  const number = (key: string): number => {
    const value = numbers.get(key);
    if (value === undefined || Number.isNaN(value)) throw new Error(`${key} is missing.`);
    return value;
  };
  return {
    totalFiles: number("totalFiles"),
    totalBytes: number("totalBytes"),
    pageBytesReadahead128K: number("pageBytesReadahead128K"),
    ...record(measureKeys, number),
    opened,
    ...(numbers.has(requestKey("openedFiles")) && {
      request: { ...record(measureKeys, (key) => number(requestKey(key))), opened: requested },
    }),
    ...(numbers.has(variationKeys[0]) && { variation: record(variationKeys, number) }),
  };
}

/** The inverse of `parseTruth`. */
export function formatTruth(truth: Truth): string {
  const { request, variation } = truth;
  const lines = [
    `totalFiles ${truth.totalFiles}`,
    `totalBytes ${truth.totalBytes}`,
    ...measureKeys.slice(0, 3).map((key) => `${key} ${truth[key]}`),
    `pageBytesReadahead128K ${truth.pageBytesReadahead128K}`,
    ...measureKeys.slice(3).map((key) => `${key} ${truth[key]}`),
    ...(request ? measureKeys.map((key) => `${requestKey(key)} ${request[key]}`) : []),
    ...(variation ? variationKeys.map((key) => `${key} ${Number(variation[key].toFixed(4))}`) : []),
  ];
  const column = (file: TrueFile | undefined): string => (file ? `${file.pagesRead}${file.executed ? "x" : ""}` : "-");
  const files = new Map([...(request?.opened ?? []), ...truth.opened]);
  const folders = new Map<string, string[]>();
  for (const path of [...files.keys()].sort()) folders.set(dirname(path), [...(folders.get(dirname(path)) ?? []), path]);
  for (const folder of [...folders.keys()].sort()) {
    lines.push(folder);
    for (const path of folders.get(folder) ?? []) {
      const cells = [files.get(path)?.sizeBytes, column(truth.opened.get(path)), ...(request ? [column(request.opened.get(path))] : [])];
      lines.push(`\t${path.slice(path.lastIndexOf("/") + 1)}\t${cells.join("\t")}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** `openedFiles` → `requestOpenedFiles`. */
function requestKey(key: string): string {
  return `request${key.charAt(0).toUpperCase()}${key.slice(1)}`;
}

function record<K extends string, V>(keys: readonly K[], of: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<K, V>;
}
