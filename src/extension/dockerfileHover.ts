import { formatBytes, formatCount, formatFraction } from "../base/format.ts";
import type { TextRange } from "../base/text.ts";
import type { BuildStage, Instruction } from "../dockerfile/dockerfile.ts";
import { stageChain } from "../dockerfile/effectiveConfig.ts";
import { amountText, formatShare, measures, measureText, shareIntervalText, wholeOf } from "../results/measureText.ts";
import type { StartupFile } from "../startup/startupSet.ts";
import { layersOf, layersText, sumText, type DockerfileView, type KnownImage } from "./dockerfileLenses.ts";
import { commandWords } from "./serviceCommand.ts";
import { markdownText as text } from "./visibleText.ts";

export interface Hover {
  readonly range: TextRange;
  /** Markdown without HTML, commands or links; everything from the image is escaped. */
  readonly markdown: string;
}

const mostRows = 8;
/** A hover belongs to an instruction's first lines; a heredoc of hundreds of lines shall not have it everywhere. */
const mostLines = 40;

/** The evidence behind the lenses of one line. Pure. */
export function dockerfileHover(view: DockerfileView, line: number): Hover | undefined {
  const stage = view.dockerfile.stages.find(({ range }) => covers(range, line));
  if (!stage) return undefined;
  const instruction = stage.instructions.find(({ range }) => covers(range, line));
  const range = instruction?.range ?? stage.fromRange;
  if (!covers(range, line) || line - range.startLine > mostLines) return undefined;
  const parts = [
    ...(view.status.kind === "known" ? evidence(view, view.status, stage, instruction) : []),
    ...view.provable
      .filter((fact) => fact.range.startLine === range.startLine)
      .map((fact) => `**${text(fact.summary)}**\n\n${text(fact.reason)}`),
  ];
  return parts.length > 0 ? { range, markdown: parts.join("\n\n---\n\n") } : undefined;
}

function covers(range: TextRange, line: number): boolean {
  return line >= range.startLine && line <= range.endLine;
}

function evidence(view: DockerfileView, status: KnownImage, stage: BuildStage, instruction: Instruction | undefined): string[] {
  const chain = stageChain(view.dockerfile, status.targetStage);
  if (!chain.includes(stage)) return [];
  if (!instruction) return stage.index === status.targetStage ? [imageEvidence(view, status)] : [];
  if (instruction.keyword === "ENTRYPOINT" || instruction.keyword === "CMD") return [commandEvidence(status)];
  const layerMap = layersOf(view.dockerfile, stage, status);
  const layerIndex = layerMap.kind === "matched" ? layerMap.layerOfInstruction[stage.instructions.indexOf(instruction)] : undefined;
  return layerIndex === undefined ? [] : [layerEvidence(view, status, layerIndex)];
}

function imageEvidence(view: DockerfileView, status: KnownImage): string {
  const { estimate, image } = status.inspection;
  const rows = measures.map((measure) => {
    const { label } = measureText(measure, estimate.chunkSizeBytes);
    const interval = estimate.measures[measure];
    const whole = wholeOf(measure, estimate.totals);
    const cells = [label, amountText(measure, interval.value), formatShare(interval.value, whole), shareIntervalText(interval, whole)];
    return `| ${cells.map((cell) => text(cell)).join(" | ")} |`;
  });
  const flags = estimate.flags.slice(0, mostRows).map((flag) => `- ${text(flag.message)}`);
  return [
    `**${text(sumText(view, status))}**`,
    `| Measure | Touched | Share | In 9 of 10 cases |\n| :-- | --: | --: | --: |\n${rows.join("\n")}`,
    `Confidence: ${estimate.confidence}. Image ${text(image.digest ?? image.configDigest)}, ${text(image.platform.os)}/${text(image.platform.architecture)}.`,
    flags.length > 0 ? `Why the truth may differ:\n\n${flags.join("\n")}` : "",
  ]
    .filter(Boolean)
    .join("\n\n");
}

function layerEvidence(view: DockerfileView, status: KnownImage, layerIndex: number): string {
  const { estimate } = status.inspection;
  const layer = estimate.layers[layerIndex];
  if (!layer) return "";
  const own = estimate.files.filter((file) => file.layerIndex === layerIndex);
  const heaviest = [...own].sort((a, b) => b.pageBytes - a.pageBytes).slice(0, mostRows);
  const more = own.length > heaviest.length ? `\n- and ${formatCount(own.length - heaviest.length)} more` : "";
  const unread = Math.max(0, layer.bytes - layer.pageBytes);
  return [
    `**Layer ${layerIndex + 1}: ${text(layersText([layer], view.measure, status))}**`,
    `${formatCount(layer.openedFiles)} of ${formatCount(layer.files)} files are opened; ${formatBytes(unread)} are not read before the container is ready.`,
    heaviest.length > 0
      ? `Opened, by bytes read:\n\n${heaviest.map(fileLine).join("\n")}${more}`
      : "None of its files is expected to be opened.",
  ].join("\n\n");
}

function fileLine(file: StartupFile): string {
  const chance = file.probability < 0.995 ? `, ${formatFraction(file.probability)} likely` : "";
  return `- ${text(file.path)} (${formatBytes(file.pageBytes)} of ${formatBytes(file.sizeBytes)}${chance}): ${text(file.evidence)}`;
}

function commandEvidence(status: KnownImage): string {
  const { commands, files, flags } = status.inspection.estimate;
  const lines = commands.slice(0, mostRows).map((command) => {
    const chance = command.probability < 0.995 ? `, ${formatFraction(command.probability)} likely` : "";
    return `1. ${text(commandWords(command.argv))} (${command.executable === undefined ? "not in the image" : text(command.executable)}${chance})`;
  });
  const notes = flags.slice(0, mostRows).map((flag) => `- ${text(flag.message)}`);
  return [
    `**${formatCount(files.length)} files are expected to be opened**`,
    lines.length > 0 ? `What runs:\n\n${lines.join("\n")}` : "What runs is not known.",
    notes.length > 0 ? `Why the truth may differ:\n\n${notes.join("\n")}` : "",
  ]
    .filter(Boolean)
    .join("\n\n");
}
