import type { Inspection } from "../inspect/inspection.ts";
import { rules } from "../startup/rules.ts";
import type { FilePage, FileQuery, FileRow, OpenedRow, Report, ReportFile, TouchedFilter } from "./report.ts";

/**
 * One page of all files of the image. Pure; rows of one inspection are made once, and the pages of one query share their order, so that
 * scrolling through a hundred thousand files stays smooth.
 */
export function filePage(inspection: Inspection, query: FileQuery): FilePage {
  return pageOf(inspection, rowsOf, query);
}

/** The same of a saved report, which holds the files that startup opens and no others. */
export function openedFilePage(report: Pick<Report, "files" | "requestFiles">, query: FileQuery): FilePage {
  return pageOf(report, openedRowsOf, query);
}

function pageOf<Source extends object>(source: Source, rowsOfSource: (source: Source) => readonly FileRow[], query: FileQuery): FilePage {
  const key = JSON.stringify([query.search, query.touched, query.layerIndex, query.package, query.sort]);
  const last = lastQueries.get(source);
  const { rows, totalBytes } = last?.key === key ? last : { rows: matchingRows(rowsOfSource(source), query), totalBytes: undefined };
  const made = { key, rows, totalBytes: totalBytes ?? rows.reduce((sum, row) => sum + row.sizeBytes, 0) };
  lastQueries.set(source, made);
  return { total: rows.length, totalBytes: made.totalBytes, rows: rows.slice(query.offset, query.offset + query.limit) };
}

/** By an inspection or a report: what the latest question came to. */
const lastQueries = new WeakMap<object, { readonly key: string; readonly rows: readonly FileRow[]; readonly totalBytes: number }>();

function matchingRows(all: readonly FileRow[], query: FileQuery): readonly FileRow[] {
  const words = query.search.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = all.filter(
    (row) =>
      isInFilter(row, query.touched) &&
      (query.layerIndex === undefined || row.layerIndex === query.layerIndex) &&
      (query.package === undefined || row.package === query.package || row.package?.startsWith(`${query.package} `) === true) &&
      matches(row, words),
  );
  return query.sort === "size" ? rows.sort((a, b) => b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : 1)) : rows;
}

function openedRowsOf({ files, requestFiles }: Pick<Report, "files" | "requestFiles">): readonly FileRow[] {
  return [...files, ...requestFiles]
    .map((file) => ({ path: file.path, sizeBytes: file.sizeBytes, layerIndex: file.layerIndex, opened: openedRow(file) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
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

/** A saved report may name rules that this version does not know. */
const meaningOf: ReadonlyMap<string, string> = new Map(Object.entries(rules));

function openedRow({ probability, rule, evidence, moment, pageBytes, requestPageBytes }: ReportFile): OpenedRow {
  return { probability, rule, ruleMeaning: meaningOf.get(rule) ?? "", evidence, moment, pageBytes, requestPageBytes };
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
  const text = `${row.path} ${row.package ?? ""}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
