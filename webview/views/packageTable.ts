import { formatBytes } from "../../src/base/format.ts";
import type { PanelReport } from "../../src/protocol/messages.ts";
import type { ReportMeasure } from "../../src/results/measureText.ts";
import type { ReportPackage } from "../../src/results/report.ts";
import { el, hidden, on } from "../dom.ts";
import { everyFile, type FileFilter } from "../state.ts";
import { shareCell } from "./share.ts";

const mostRows = 10;

/** The packages whose weight startup does not need, heaviest first. */
export function packageTable(report: PanelReport, measure: ReportMeasure, showFiles: (filter: FileFilter) => void): Node[] {
  const rows = [...report.packages].sort((a, b) => untouched(b) - untouched(a)).slice(0, mostRows);
  if (rows.length === 0) return [];
  const more = report.packages.length > mostRows ? `the heaviest ${mostRows} of ${report.packages.length}` : "heaviest first";
  return [
    el("h2", {}, "Packages that startup leaves untouched ", el("span", { class: "dim" }, more)),
    el(
      "table",
      { class: "packages" },
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          el("th", { scope: "col" }, "Package"),
          el("th", { scope: "col", class: "number" }, "Not read"),
          el("th", { scope: "col", class: "number" }, "Size"),
          el("th", { scope: "col", class: "number" }, "Touched"),
        ),
      ),
      el(
        "tbody",
        {},
        ...rows.map((owner) =>
          el(
            "tr",
            {},
            el(
              "th",
              { scope: "row" },
              on(el("button", { class: "plain" }, `${owner.name} ${owner.version}`.trim(), hidden(", show its files")), "click", () =>
                showFiles({ ...everyFile, package: `${owner.manager} ${owner.name}` }),
              ),
              el("span", { class: "dim" }, ` ${owner.manager}, layer ${owner.layerIndex + 1}`),
            ),
            el("td", { class: "number strong" }, formatBytes(untouched(owner))),
            el("td", { class: "number" }, formatBytes(owner.bytes)),
            shareCell(touchedOf(owner, measure), measure === "openedFiles" ? owner.files : owner.bytes),
          ),
        ),
      ),
    ),
  ];
}

export function untouched(owner: ReportPackage): number {
  return Math.max(0, owner.bytes - owner.pageBytes);
}

/** Chunks are counted per layer only: a chunk may hold files of several packages. */
export function touchedOf(owner: ReportPackage, measure: ReportMeasure): number | undefined {
  return measure === "chunkBytes" ? undefined : owner[measure];
}
