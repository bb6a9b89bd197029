import { formatAge, formatBytes } from "../base/format.ts";
import type { TextRange } from "../base/text.ts";
import type { BuildStage, Dockerfile, LayerMap, ProvableFact } from "../dockerfile/dockerfile.ts";
import { stageChain } from "../dockerfile/effectiveConfig.ts";
import { mapLayers } from "../dockerfile/layerMap.ts";
import type { Inspection } from "../inspect/inspection.ts";
import { formatShare, measureText, shareText, wholeOf, type ReportMeasure } from "../results/measureText.ts";
import type { LayerEstimate } from "../startup/startupSet.ts";
import { commandWords, serviceCommand } from "./serviceCommand.ts";
import { visibleText } from "./visibleText.ts";

/** What is known of the image that a Dockerfile builds. */
export type ImageStatus =
  | { readonly kind: "untrusted" }
  | { readonly kind: "none"; readonly guess?: { readonly name: string; readonly reason: string } | undefined }
  /** Chosen, but not inspected in this session. */
  | { readonly kind: "chosen"; readonly imageName: string }
  | { readonly kind: "reading"; readonly imageName: string; readonly progress: string }
  | { readonly kind: "failed"; readonly imageName: string; readonly message: string }
  | KnownImage;

export interface KnownImage {
  readonly kind: "known";
  readonly imageName: string;
  /** Answers for the text as it stands. */
  readonly inspection: Inspection;
  /** The stage that the image was built from. */
  readonly targetStage: number;
  /** The text names another command than the image was built with. */
  readonly edited: boolean;
}

export interface DockerfileView {
  readonly dockerfile: Dockerfile;
  readonly provable: readonly ProvableFact[];
  readonly status: ImageStatus;
  readonly measure: ReportMeasure;
  readonly nowEpochMs: number;
}

export interface Lens {
  readonly range: TextRange;
  readonly title: string;
  readonly action?: LensAction;
}

export type LensAction =
  | { readonly kind: "showImage"; readonly imageName: string; readonly layerIndex?: number }
  | { readonly kind: "chooseImage" }
  | { readonly kind: "inspect"; readonly imageName: string }
  | { readonly kind: "showFailure"; readonly imageName: string }
  | { readonly kind: "manageTrust" };

/** The lenses of a Dockerfile in the order of its text. Pure. */
export function dockerfileLenses(view: DockerfileView): Lens[] {
  const { dockerfile, status } = view;
  const target = status.kind === "known" ? dockerfile.stages[status.targetStage] : dockerfile.stages.at(-1);
  if (!target) return [];
  const lenses = status.kind === "known" ? knownLenses(view, status, target) : statusLenses(status, target.fromRange);
  lenses.push(...view.provable.map((fact): Lens => ({ range: fact.range, title: fact.summary })));
  // The order of lenses on one line is kept: what is measured comes before what the text proves.
  return lenses.sort((a, b) => a.range.startLine - b.range.startLine);
}

function statusLenses(status: Exclude<ImageStatus, KnownImage>, range: TextRange): Lens[] {
  const choose = (title: string): Lens => ({ range, title, action: { kind: "chooseImage" } });
  switch (status.kind) {
    case "untrusted":
      return [
        {
          range,
          title: "Restricted Mode: only this text is read. Trust the workspace to see what startup touches",
          action: { kind: "manageTrust" },
        },
      ];
    case "none": {
      const { guess } = status;
      if (!guess) return [choose("Choose image… to see what startup touches")];
      const title = `Inspect ${visibleText(guess.name, 60)} (${visibleText(guess.reason, 60)})`;
      return [{ range, title, action: { kind: "inspect", imageName: guess.name } }, choose("Choose image…")];
    }
    case "chosen":
      return [
        { range, title: `Inspect ${visibleText(status.imageName, 60)}`, action: { kind: "inspect", imageName: status.imageName } },
        choose("Choose another image…"),
      ];
    case "reading":
      return [
        {
          range,
          title: `Reading ${visibleText(status.imageName, 60)}: ${visibleText(status.progress)}`,
          action: { kind: "showImage", imageName: status.imageName },
        },
      ];
    case "failed":
      return [
        { range, title: `✕ ${visibleText(status.message, 140)}`, action: { kind: "showFailure", imageName: status.imageName } },
        { range, title: "Try again", action: { kind: "inspect", imageName: status.imageName } },
        choose("Choose another image…"),
      ];
  }
}

function knownLenses(view: DockerfileView, status: KnownImage, target: BuildStage): Lens[] {
  const { dockerfile, measure } = view;
  const { imageName } = status;
  const lenses: Lens[] = [{ range: target.fromRange, title: sumText(view, status), action: { kind: "showImage", imageName } }];
  const chain = stageChain(dockerfile, target.index);
  for (const [place, stage] of chain.entries()) {
    const layerMap = layersOf(dockerfile, stage, status);
    if (layerMap.kind === "unmatched") {
      if (stage === target) lenses.push({ range: target.fromRange, title: `Layers cannot be told apart: ${visibleText(layerMap.reason)}` });
      continue;
    }
    if (place === 0 && layerMap.firstOwnLayer > 0) {
      const base = status.inspection.estimate.layers.slice(0, layerMap.firstOwnLayer);
      lenses.push({
        range: stage.fromRange,
        title: `Base image: ${layersText(base, measure, status)}`,
        action: { kind: "showImage", imageName, layerIndex: 0 },
      });
    }
    lenses.push(...instructionLenses(stage, layerMap, measure, status));
  }
  lenses.push({ range: target.fromRange, title: "Choose another image…", action: { kind: "chooseImage" } });
  const command = commandLens(chain, status);
  if (command) lenses.push(command);
  return lenses;
}

/** Which layers a stage of the known image made. */
export function layersOf(dockerfile: Dockerfile, stage: BuildStage, status: KnownImage): LayerMap {
  const { config, layers } = status.inspection.image;
  return mapLayers(dockerfile, stage.index, config, layers.length, status.targetStage);
}

/** `Startup touches ≈ 2.9 % of 6.7 GB (4 KiB pages), 8.3 % of 30,920 files · estimated · demo:dev from Docker, 2 min ago`. */
export function sumText(view: DockerfileView, status: KnownImage): string {
  const { inspection } = status;
  const { estimate, image } = inspection;
  const { measure } = view;
  const share = (which: ReportMeasure): string => shareText(which, estimate.measures[which].value, estimate.totals);
  const { inBrackets } = measureText(measure, estimate.chunkSizeBytes);
  const second = measure === "openedFiles" ? `${share("pageBytes")} (${measureText("pageBytes", 0).inBrackets})` : share("openedFiles");
  const how = status.edited ? "estimated for the edited text" : "estimated";
  const age = formatAge(view.nowEpochMs - inspection.inspectedAtEpochMs);
  const source = `${visibleText(status.imageName, 60)} from ${visibleText(originText(image.originLabel, status.imageName), 60)}, ${age}`;
  return `Startup touches ≈ ${share(measure)} (${inBrackets}), ${second} · ${how} · ${source}`;
}

/** `registry localhost:5000` is only `registry` behind a name that says where already. */
function originText(originLabel: string, imageName: string): string {
  const [kind, place] = /^(.+) (\S+)$/.exec(originLabel)?.slice(1) ?? [];
  return kind !== undefined && place !== undefined && imageName.includes(place) ? kind : originLabel;
}

function instructionLenses(
  stage: BuildStage,
  layerMap: LayerMap & { kind: "matched" },
  measure: ReportMeasure,
  status: KnownImage,
): Lens[] {
  const makers = new Map<number, number[]>();
  for (const [index, layerIndex] of layerMap.layerOfInstruction.entries()) {
    if (layerIndex === undefined) continue;
    const own = makers.get(layerIndex);
    if (own) own.push(index);
    else makers.set(layerIndex, [index]);
  }
  return [...makers].flatMap(([layerIndex, instructions]): Lens[] => {
    const layer = status.inspection.estimate.layers[layerIndex];
    const instruction = stage.instructions[instructions[0] ?? 0];
    if (!layer || !instruction) return [];
    const shared = instructions.length > 1 ? ` · one layer for ${instructions.length} instructions` : "";
    const title = `${layersText([layer], measure, status)}${shared}`;
    return [{ range: instruction.range, title, action: { kind: "showImage", imageName: status.imageName, layerIndex } }];
  });
}

/** `5.4 GB, 3.0 % touched (4 KiB pages)`. */
export function layersText(layers: readonly LayerEstimate[], measure: ReportMeasure, status: KnownImage): string {
  const sum = (pick: (layer: LayerEstimate) => number): number => layers.reduce((total, layer) => total + pick(layer), 0);
  const totals = { files: sum((layer) => layer.files), bytes: sum((layer) => layer.bytes) };
  if (totals.files === 0) return "no file of the final image";
  const { inBrackets } = measureText(measure, status.inspection.estimate.chunkSizeBytes);
  const touched = formatShare(
    sum((layer) => layer[measure]),
    wholeOf(measure, totals),
  );
  const of =
    measure === "openedFiles" ? `${touched} of ${totals.files.toLocaleString("en-US")} files opened` : `${touched} touched (${inBrackets})`;
  return `${formatBytes(totals.bytes)}, ${of}`;
}

function commandLens(chain: readonly BuildStage[], status: KnownImage): Lens | undefined {
  const instructions = chain.flatMap((stage) => stage.instructions);
  const place =
    instructions.findLast(({ keyword }) => keyword === "ENTRYPOINT") ?? instructions.findLast(({ keyword }) => keyword === "CMD");
  if (!place) return undefined;
  const action: LensAction = { kind: "showImage", imageName: status.imageName };
  const command = serviceCommand(status.inspection.estimate.commands);
  if (!command) return { range: place.range, title: "What this runs is not known", action };
  const words = visibleText(commandWords(command.argv), 90);
  const { executable } = command;
  const title =
    executable === undefined
      ? `▲ Runs ${words}, which is not in ${visibleText(status.imageName, 60)}`
      : `Runs ${words}${executable === command.argv[0] ? "" : ` (${visibleText(executable, 60)})`}`;
  return { range: place.range, title, action };
}
