import { formatBytes, formatCount } from "../../src/base/format.ts";
import type { PanelReport } from "../../src/protocol/messages.ts";
import { el } from "../dom.ts";
import { plainTable } from "./plainTable.ts";
import { shareCell } from "./share.ts";

const mostFiles = 20;
const readingTexts = { mapped: "mapped when used", read: "read whole" } as const;

/** Model weights apart from the rest: they are read by other rules, and dwarf everything else. Nothing where there are none. */
export function weightsTable({ weights }: PanelReport): Node[] {
  if (weights.length === 0) return [];
  const rows = weights
    .slice(0, mostFiles)
    .map((file) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, el("span", { class: "path" }, file.path), el("span", { class: "dim reason" }, file.evidence)),
        el("td", {}, `${file.format}, ${readingTexts[file.reading]}`),
        el("td", { class: "number" }, formatBytes(file.sizeBytes)),
        el("td", { class: "number" }, formatBytes(file.readyBytes)),
        el("td", { class: "number" }, formatBytes(file.requestBytes)),
        shareCell(file.readyBytes, file.sizeBytes),
      ),
    );
  const head = ["File", "Read as", "Size", "Until ready", "After the first request", "Share until ready"];
  const more = weights.length - mostFiles;
  return [
    el("h2", {}, "Model weights ", el("span", { class: "dim" }, "counted in all measures")),
    plainTable(head, rows, 2),
    ...(more > 0 ? [el("p", { class: "dim" }, `and ${formatCount(more)} smaller files`)] : []),
  ];
}
