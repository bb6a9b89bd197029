import { formatBytes } from "../base/format.ts";
import { savableBytes } from "../findings/imageFindings.ts";
import { instructionText } from "../results/instructionText.ts";
import type { ReportFinding, ReportLayer } from "../results/report.ts";
import { printable } from "./table.ts";

/** What could be left out, the sum first. Empty without findings. */
export function printFindings(findings: readonly ReportFinding[], layers: readonly ReportLayer[], top: number): string {
  if (findings.length === 0 || top === 0) return "";
  const shown = findings.slice(0, top);
  const lines = shown.flatMap((finding) => {
    const { sizeBytes, message, advice, evidence } = finding;
    const files = evidence.slice(0, 2).map(({ path, sizeBytes: bytes }) => `${printable(path)} (${formatBytes(bytes)})`);
    return [
      `  ${(sizeBytes === null ? "" : formatBytes(sizeBytes)).padStart(7)}  ${printable(message)}`,
      `           ${printable(advice)}`,
      ...(files.length > 0 ? [`           ${files.join(", ")}${finding.files > files.length ? ", …" : ""}`] : []),
      ...placeLine(finding, layers),
    ];
  });
  const more = findings.length > shown.length ? [`  and ${findings.length - shown.length} more`] : [];
  const bytes = savableBytes(findings);
  const head = bytes > 0 ? `Could save ${formatBytes(bytes)}` : "Could be left out";
  return [head, ...lines, ...more].map((line) => `${line}\n`).join("");
}

function placeLine({ line, layerIndex }: ReportFinding, layers: readonly ReportLayer[]): string[] {
  const maker = printable(instructionText(layers[layerIndex ?? -1]?.createdBy ?? "").slice(0, 90));
  const place = line !== null ? `line ${line}` : layerIndex !== null ? `layer ${layerIndex + 1}` : "";
  if (place === "") return [];
  return [`           ${place}${maker === "" ? "" : `: ${maker}`}`];
}
