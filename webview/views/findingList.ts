import { formatBytes, formatCount } from "../../src/base/format.ts";
import type { PanelReport } from "../../src/protocol/messages.ts";
import type { ReportFinding } from "../../src/results/report.ts";
import { el } from "../dom.ts";
import { plainTable } from "./plainTable.ts";
import { shareCell } from "./share.ts";

const signs = { warning: "▲", information: "•" } as const;
const mostFindings = 12;

/** What could be left out of the image, most bytes first, each with what to do. Nothing where there is nothing to say. */
export function findingList({ findings, totals }: PanelReport): Node[] {
  if (findings.length === 0) return [];
  const bytes = findings.reduce((sum, finding) => sum + (finding.sizeBytes ?? 0), 0);
  const rows = findings.slice(0, mostFindings).map((finding) => row(finding, totals.bytes));
  const head = ["What", "Size", "Read at startup", "Share of the image"];
  const more = findings.length - mostFindings;
  return [
    el("h2", {}, `What could be left out: ${formatBytes(bytes)} `, el("span", { class: "dim" }, "each byte counts once")),
    plainTable(head, rows),
    ...(more > 0 ? [el("p", { class: "dim" }, `and ${formatCount(more)} smaller ones`)] : []),
  ];
}

function row(finding: ReportFinding, imageBytes: number): Node {
  const { severity, message, advice, sizeBytes, readBytes, evidence, files } = finding;
  const largest = evidence.slice(0, 3).map(({ path, sizeBytes: bytes }) => `${path} (${formatBytes(bytes)})`);
  const shown = largest.join(", ") + (files > largest.length && largest.length > 0 ? ", …" : "");
  return el(
    "tr",
    {},
    el(
      "th",
      { scope: "row" },
      el("span", { class: `sign-${severity}`, "aria-label": severity }, signs[severity]),
      ` ${message} `,
      el("span", { class: "dim reason" }, placeText(finding), advice),
      shown !== "" && el("span", { class: "dim reason path" }, shown),
    ),
    el("td", { class: "number" }, sizeBytes === null ? "–" : formatBytes(sizeBytes)),
    el("td", { class: "number" }, readBytes === null ? "–" : formatBytes(readBytes)),
    sizeBytes === null ? el("td", { class: "number dim" }, "–") : shareCell(sizeBytes, imageBytes),
  );
}

function placeText({ line, layerIndex }: ReportFinding): string {
  if (line !== null) return `Line ${line}. `;
  return layerIndex === null ? "" : `Layer ${layerIndex + 1}. `;
}
