import { formatBytes, formatCount, formatFraction } from "../base/format.ts";
import type { Explanation, FileExplanation, FolderExplanation, MissingExplanation, Referrer } from "../inspect/explain.ts";
import { instructionText } from "../results/instructionText.ts";
import { momentText } from "./momentArgument.ts";
import { printable } from "./table.ts";

/** Why a path is or is not opened, for people at a terminal: the answer first. */
export function printExplanation(explanation: Explanation): string {
  const { asked, path } = explanation;
  const name = asked === path ? printable(path) : `${printable(asked)} → ${printable(path)}`;
  return [name, ...linesOf(explanation).map((line) => `  ${line}`)].map((line) => `${line}\n`).join("");
}

function linesOf(explanation: Explanation): string[] {
  switch (explanation.kind) {
    case "file":
      return fileLines(explanation);
    case "folder":
      return folderLines(explanation);
    case "missing":
      return missingLines(explanation);
  }
}

function fileLines(file: FileExplanation): string[] {
  const { verdict, sizeBytes, layerIndex, createdBy } = file;
  const made = createdBy === "" ? "" : `: ${printable(instructionText(createdBy).slice(0, 100))}`;
  const owner = file.package;
  return [
    ...verdictLines(verdict, sizeBytes),
    `${formatBytes(sizeBytes)} in layer ${layerIndex + 1}${made}`,
    ...(owner
      ? [
          `Part of ${printable(`${owner.manager} ${owner.name} ${owner.version}`.trim())}, of which ${formatCount(owner.openedFiles)} of ${formatCount(owner.files)} files are opened.`,
        ]
      : []),
  ];
}

function verdictLines(verdict: FileExplanation["verdict"], sizeBytes: number): string[] {
  if (verdict.kind === "untouched") {
    const { referrers, referrerCount, openedBeside, filesBeside } = verdict;
    if (verdict.isProvidedByRuntime) return ["Never opened: the container runtime puts its own file over it."];
    if (verdict.compiledPath !== undefined) return [`Not opened: Python opens its compiled form, ${printable(verdict.compiledPath)}.`];
    return [
      "Not expected to be opened: no rule leads to it.",
      ...(referrerCount > 0
        ? ["Named by", ...referrers.map((referrer) => `  ${referrerText(referrer)}`), ...more(referrerCount - referrers.length)]
        : ["No file that Coldstart reads names it."]),
      ...(filesBeside > 1 ? [`In its folder, ${formatCount(openedBeside)} of ${formatCount(filesBeside)} files are opened.`] : []),
    ];
  }
  const because = [`Because: ${verdict.ruleMeaning} (${verdict.rule})`, `Evidence: ${printable(verdict.evidence)}`];
  const chance = `${formatFraction(verdict.probability)} likely`;
  if (verdict.kind === "unlikely")
    return [`Probably not opened: only ${chance} ${momentText(verdict.moment)}, too little to be counted.`, ...because];
  const reading = verdict.reading === undefined ? "" : verdict.reading === "mapped" ? " It is mapped into memory." : " It is read whole.";
  const first =
    verdict.moment === "ready"
      ? `${formatBytes(verdict.pageBytes)} of its ${formatBytes(sizeBytes)} read until ready`
      : "not read until ready";
  return [
    `Opened ${momentText(verdict.moment)} (${chance}).`,
    `Pages: ${first}, ${formatBytes(verdict.requestPageBytes)} until the first request is answered.${reading}`,
    ...because,
  ];
}

function referrerText({ path, line, when, isOpened, namedBy }: Referrer): string {
  const place = printable(line === undefined ? path : `${path}:${line}`);
  const how = when === "always" ? "" : when === "maybe" ? ", under a condition" : ", in a function";
  if (isOpened) return `${place}${how}. That file is opened.`;
  if (namedBy.files === 0) return `${place}${how}. Nothing names that file, and it is not opened.`;
  const others = namedBy.files === 1 ? "1 file" : `${formatCount(namedBy.files)} files`;
  return `${place}${how}. That file is not opened; ${others} ${namedBy.files === 1 ? "names" : "name"} it${namedBy.isOneOpened ? ", an opened one among them" : ", none of them opened"}.`;
}

function more(count: number): string[] {
  return count > 0 ? [`  and ${formatCount(count)} more`] : [];
}

function folderLines({ files, bytes, openedFiles, pageBytes, requestFiles, largest }: FolderExplanation): string[] {
  return [
    `A folder: ${formatCount(openedFiles)} of its ${formatCount(files)} files are opened until ready, ${formatBytes(pageBytes)} of ${formatBytes(bytes)} read.`,
    ...(requestFiles > 0 ? [`${formatCount(requestFiles)} more are opened by the first request.`] : []),
    ...largest.map((file) => `  ${formatBytes(file.pageBytes)} ${printable(file.path)} (${printable(file.evidence)})`),
  ];
}

function missingLines({ nearestFolder, removed }: MissingExplanation): string[] {
  if (!removed) return [`Not in the image. The nearest folder that is there: ${printable(nearestFolder)}`];
  const by = removed.byLayer === undefined ? "a later layer put something else in its place" : `layer ${removed.byLayer + 1} removes it`;
  return [`Not in the image as a container sees it: layer ${removed.fromLayer + 1} has it, ${by}.`];
}
