import { formatBytes, formatCount, formatFraction } from "../base/format.ts";
import type { Problem } from "../base/text.ts";
import type { ProvableFact } from "../dockerfile/dockerfile.ts";
import type { Report, ReportDockerfile, ReportFinding } from "../results/report.ts";
import { instructionText } from "../results/instructionText.ts";
import { amountText, formatShare, measures, measureText, shareIntervalText, shareText, wholeOf } from "../results/measureText.ts";
import type { Measure } from "../startup/startupSet.ts";
import { printFindings } from "./printFindings.ts";
import { printTraced } from "./printTraced.ts";
import { printable, textTable } from "./table.ts";

export interface PrintOptions {
  readonly measure: Measure;
  /** How many files and packages are listed. */
  readonly top: number;
}

/** The report for people at a terminal: the answer first. */
export function printReport(report: Report, options: PrintOptions): string {
  return [
    headline(report, options.measure),
    measureTable(report),
    printFindings(report.findings, report.layers, options.top),
    report.traced ? printTraced(report, report.traced, options.top) : "",
    weights(report),
    commands(report),
    flags(report),
    report.dockerfile ? instructions(report, report.dockerfile, options.measure) : layers(report, options.measure),
    packages(report, options.top),
    files(report, options.top),
    problems(report.problems),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** `Startup touches ≈ 2.9 % of 6.7 GB (4 KiB pages, estimated; 90 % interval 2.1 % to 4.0 %).` */
export function headline(report: Report, measure: Measure): string {
  const { totals, image, estimate } = report;
  const interval = estimate[measure];
  const { inBrackets } = measureText(measure, estimate.chunkSizeBytes);
  const bounds = shareIntervalText(interval, wholeOf(measure, totals));
  const source = `${printable(image.reference)} from ${printable(image.originLabel)}, ${printable(image.platform)}`;
  return `Startup touches ≈ ${shareText(measure, interval.value, totals)} (${inBrackets}, estimated; 90 % interval ${bounds}).\n${source}\n`;
}

function measureTable({ estimate, totals }: Report): string {
  const rows = measures.map((measure) => {
    const interval = estimate[measure];
    const { label, inBrackets } = measureText(measure, estimate.chunkSizeBytes);
    return [
      measure === "chunkBytes" ? `${label} (${inBrackets})` : label,
      amountText(measure, interval.value),
      formatShare(interval.value, wholeOf(measure, totals)),
      `${amountText(measure, interval.low)} to ${amountText(measure, interval.high)}`,
      amountText(measure, estimate.afterRequest[measure].value),
      formatShare(estimate.afterRequest[measure].value, wholeOf(measure, totals)),
    ];
  });
  return textTable(["until ready", ">estimate", ">share", ">90 % interval", ">after the first request", ">share"], rows);
}

function weights(report: Report): string {
  if (report.weights.length === 0) return "";
  const rows = report.weights
    .slice(0, mostWeights)
    .map((file) => [
      formatBytes(file.sizeBytes),
      formatBytes(file.readyBytes),
      formatBytes(file.requestBytes),
      `${file.format}, ${readingText[file.reading]}`,
      printable(file.path),
    ]);
  const more = report.weights.length > mostWeights ? `  and ${formatCount(report.weights.length - mostWeights)} more\n` : "";
  return `Model weights (counted above)\n${textTable([">size", ">until ready", ">after the first request", "read as", "file"], rows)}${more}`;
}

const mostWeights = 12;
const readingText = { mapped: "mapped when used", read: "read whole" } as const;

function commands(report: Report): string {
  const lines = report.estimate.commands.map((command) => {
    const chance = command.probability < 0.995 ? ` (${formatFraction(command.probability)} likely)` : "";
    return `  ${command.argv.map((word) => printable(word)).join(" ")}${command.executable === null ? "  — not in the image" : ""}${chance}\n`;
  });
  return lines.length > 0 ? `Runs\n${lines.join("")}` : "";
}

function flags(report: Report): string {
  return report.estimate.flags.length > 0
    ? `Not certain (confidence ${report.estimate.confidence})\n${report.estimate.flags.map((flag) => `  ${printable(flag.message)}\n`).join("")}`
    : "";
}

function layers(report: Report, measure: Measure): string {
  const rows = report.layers.map((layer) => {
    return [
      String(layer.index + 1),
      formatBytes(layer.bytes),
      formatCount(layer.files),
      formatShare(layer[measure], wholeOf(measure, layer)),
      printable(instructionText(layer.createdBy).slice(0, 90)),
    ];
  });
  return `Layers\n${textTable([">layer", ">size", ">files", ">touched", "made by"], rows)}`;
}

function instructions(report: Report, dockerfile: ReportDockerfile, measure: Measure): string {
  if (dockerfile.unmatchedReason !== null) {
    return `Layers (not matched to instructions: ${printable(dockerfile.unmatchedReason)})\n${layers(report, measure).split("\n").slice(1).join("\n")}`;
  }
  const rows = dockerfile.instructions.map((instruction) => {
    const layer = instruction.layerIndex === null ? undefined : report.layers[instruction.layerIndex];
    return [
      String(instruction.line),
      layer ? formatBytes(layer.bytes) : "",
      layer ? formatCount(layer.files) : "",
      layer ? formatShare(layer[measure], wholeOf(measure, layer)) : "",
      printable(`${instruction.keyword} ${instruction.text}`.replace(/\s+/g, " ").slice(0, 90)),
    ];
  });
  return `Instructions of ${printable(dockerfile.path)}\n${textTable([">line", ">size", ">files", ">touched", "instruction"], rows)}`;
}

function packages(report: Report, top: number): string {
  if (report.packages.length === 0 || top === 0) return "";
  const rows = report.packages
    .slice(0, top)
    .map((owner) => [
      formatBytes(owner.bytes - owner.pageBytes),
      formatBytes(owner.bytes),
      formatShare(owner.pageBytes, owner.bytes),
      printable(`${owner.manager} ${owner.name} ${owner.version}`),
    ]);
  return `Packages by bytes never read\n${textTable([">not read", ">size", ">read", "package"], rows)}`;
}

function files(report: Report, top: number): string {
  if (top === 0) return "";
  const largest = [...report.files].sort((a, b) => b.pageBytes - a.pageBytes).slice(0, top);
  const rows = largest.map((file) => [
    formatBytes(file.pageBytes),
    formatBytes(file.sizeBytes),
    printable(file.path),
    printable(file.evidence),
  ]);
  return `Files by bytes read (${formatCount(report.files.length)} opened)\n${textTable([">read", ">size", "file", "because"], rows)}`;
}

/** What a Dockerfile alone tells, line by line, and how to learn more. */
export function printProvable(
  path: string,
  facts: readonly ProvableFact[],
  findings: readonly ReportFinding[],
  found: readonly Problem[],
): string {
  // Those without a size say what the facts say.
  const sized = findings.filter(({ sizeBytes }) => sizeBytes !== null);
  const lines = facts.map((fact) => `  line ${fact.range.startLine + 1}: ${printable(fact.summary)}\n    ${printable(fact.reason)}\n`);
  const head =
    lines.length > 0
      ? `What the text of ${printable(path)} proves\n${lines.join("")}`
      : `The text of ${printable(path)} alone proves nothing about startup.\n`;
  return [
    head,
    printFindings(sized, [], sized.length),
    problems(found),
    "Sizes and shares need an image: name the one built from it with --image.\n",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function problems(found: readonly Problem[]): string {
  const lines = found.slice(0, 20).map((problem) => `  ${problem.severity}: ${printable(problem.message)}\n`);
  const more = found.length > 20 ? `  and ${found.length - 20} more\n` : "";
  return lines.length > 0 ? `Problems\n${lines.join("")}${more}` : "";
}
