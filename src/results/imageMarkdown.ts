import { formatBytes, formatCount } from "../base/format.ts";
import { instructionText } from "./instructionText.ts";
import { markdownParts, markdownTable, markdownText } from "./markdownText.ts";
import { amountText, formatShare, measures, measureText, shareIntervalText, shareText, wholeOf } from "./measureText.ts";
import type { Report } from "./report.ts";

const mostRows = 10;

/** The image for a pull request: what startup touches, the heaviest layers and untouched packages, what could be left out. */
export function imageMarkdown(report: Report): string {
  const { image, totals, estimate, layers, packages, findings } = report;
  const heaviest = [...layers].sort((a, b) => b.bytes - a.bytes).slice(0, mostRows);
  return markdownParts([
    `### Image ${markdownText(image.reference)}`,
    `**Startup touches ≈ ${markdownText(shareText("pageBytes", estimate.pageBytes.value, totals))} (4 KiB pages, estimated; 90 % interval ${shareIntervalText(estimate.pageBytes, totals.bytes)}).**`,
    markdownTable(
      ["until ready", ">estimate", ">share", "90 % interval"],
      measures.map((measure) => [
        measureText(measure, estimate.chunkSizeBytes).label,
        amountText(measure, estimate[measure].value),
        formatShare(estimate[measure].value, wholeOf(measure, totals)),
        `${amountText(measure, estimate[measure].low)} to ${amountText(measure, estimate[measure].high)}`,
      ]),
    ),
    "#### Heaviest layers",
    markdownTable(
      ["layer", ">bytes", ">touched", ">files"],
      heaviest.map((layer) => [
        `${layer.index + 1} ${instructionText(layer.createdBy)}`,
        formatBytes(layer.bytes),
        formatShare(layer.pageBytes, layer.bytes),
        formatCount(layer.files),
      ]),
    ),
    ...(packages.length > 0
      ? [
          "#### Most untouched packages",
          markdownTable(
            ["package", ">bytes", ">touched"],
            packages
              .slice(0, mostRows)
              .map((one) => [`${one.manager} ${one.name} ${one.version}`, formatBytes(one.bytes), formatShare(one.pageBytes, one.bytes)]),
          ),
        ]
      : []),
    ...(findings.length > 0
      ? [
          "#### What could be left out",
          findings
            .slice(0, mostRows)
            .map(({ message }) => `- ${markdownText(message)}`)
            .join("\n"),
        ]
      : []),
  ]);
}
