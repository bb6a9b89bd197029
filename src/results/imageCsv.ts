import { csvLine } from "./csvLine.ts";
import type { Report } from "./report.ts";

/** The files that startup is expected to open, for spreadsheets: one row a file, sizes in bytes, with the reason. */
export function filesCsv({ image, files, requestFiles }: Report): string {
  const columns = [
    "image",
    "path",
    "size_bytes",
    "layer",
    "probability",
    "opened",
    "ready_page_bytes",
    "request_page_bytes",
    "rule",
    "evidence",
  ];
  const rows = [...files, ...requestFiles].map((file) => [
    image.reference,
    file.path,
    file.sizeBytes,
    file.layerIndex + 1,
    file.probability,
    file.moment,
    file.moment === "ready" ? file.pageBytes : 0,
    file.requestPageBytes,
    file.rule,
    file.evidence,
  ]);
  return [columns, ...rows].map(csvLine).join("");
}

/** All packages of the image: how much of each startup opens. */
export function packagesCsv({ image, packages }: Report): string {
  const columns = [
    "image",
    "manager",
    "package",
    "version",
    "layer",
    "files",
    "bytes",
    "opened_files",
    "opened_whole_bytes",
    "opened_page_bytes",
    "untouched_bytes",
  ];
  const rows = packages.map((one) => [
    image.reference,
    one.manager,
    one.name,
    one.version,
    one.layerIndex + 1,
    one.files,
    one.bytes,
    one.openedFiles,
    one.wholeBytes,
    one.pageBytes,
    Math.max(0, one.bytes - one.pageBytes),
  ]);
  return [columns, ...rows].map(csvLine).join("");
}
