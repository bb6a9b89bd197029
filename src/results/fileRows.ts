import type { Inspection } from "../inspect/inspection.ts";
import { rules } from "../startup/rules.ts";
import type { StartupFile } from "../startup/startupSet.ts";
import type { FilePage, FileQuery, FileRow, OpenedRow, TouchedFilter } from "./report.ts";

/**
 * One page of all files of the image. Pure; rows of one inspection are made once, and the pages of one query share their order, so that
 * scrolling through a hundred thousand files stays smooth.
 */
export function filePage(inspection: Inspection, query: FileQuery): FilePage {
  const { rows, totalBytes } = matchingRows(inspection, query);
  return { total: rows.length, totalBytes, rows: rows.slice(query.offset, query.offset + query.limit) };
}

interface MatchingRows {
  readonly key: string;
  readonly rows: readonly FileRow[];
  readonly totalBytes: number;
}

const lastQueryByInspection = new WeakMap<Inspection, MatchingRows>();

function matchingRows(inspection: Inspection, query: FileQuery): MatchingRows {
  const key = JSON.stringify([query.search, query.touched, query.layerIndex, query.package, query.sort]);
  const last = lastQueryByInspection.get(inspection);
  if (last?.key === key) return last;
  const words = query.search.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = rowsOf(inspection).filter(
    (row) =>
      isInFilter(row, query.touched) &&
      (query.layerIndex === undefined || row.layerIndex === query.layerIndex) &&
      (query.package === undefined || row.package === query.package || row.package.startsWith(`${query.package} `)) &&
      matches(row, words),
  );
  if (query.sort === "size") rows.sort((a, b) => b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : 1));
  const made = { key, rows, totalBytes: rows.reduce((sum, row) => sum + row.sizeBytes, 0) };
  lastQueryByInspection.set(inspection, made);
  return made;
}

const rowsByInspection = new WeakMap<Inspection, readonly FileRow[]>();

function rowsOf(inspection: Inspection): readonly FileRow[] {
  const made = rowsByInspection.get(inspection);
  if (made) return made;
  const { files, requestFiles } = inspection.estimate;
  const openedByPath = new Map([...files, ...requestFiles].map((file) => [file.path, openedRow(file)]));
  const packageByPath = new Map<string, string>();
  for (const owner of inspection.packages) {
    for (const path of owner.paths) packageByPath.set(path, `${owner.manager} ${owner.name} ${owner.version}`.trim());
  }
  const rows: FileRow[] = [];
  for (const entry of inspection.catalog.files()) {
    const opened = openedByPath.get(entry.path);
    rows.push({
      path: entry.path,
      sizeBytes: entry.sizeBytes,
      layerIndex: entry.layerIndex,
      package: packageByPath.get(entry.path) ?? "",
      ...(opened && { opened }),
    });
  }
  rowsByInspection.set(inspection, rows);
  return rows;
}

function openedRow({ probability, rule, evidence, moment, pageBytes, requestPageBytes }: StartupFile): OpenedRow {
  return { probability, rule, ruleMeaning: rules[rule] ?? "", evidence, moment, pageBytes, requestPageBytes };
}

function isInFilter({ opened }: FileRow, filter: TouchedFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "touched":
      return opened?.moment === "ready";
    case "request":
      return opened?.moment === "firstRequest";
    case "untouched":
      return opened === undefined;
  }
}

function matches(row: FileRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = `${row.path} ${row.package}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
