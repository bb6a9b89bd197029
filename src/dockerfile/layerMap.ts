import type { HistoryEntry, ImageConfig } from "../image/image.ts";
import type { BuildStage, Dockerfile, Instruction, LayerMap } from "./dockerfile.ts";
import { stageChain } from "./effectiveConfig.ts";
import { madeBy, makesFiles, shownEntry } from "./historyEntry.ts";

/**
 * Which instruction of a stage made which layer of an image, by the image's history. `targetStageIndex` is the stage that the
 * image was built from, when that is a later one built on `stageIndex`.
 */
export function mapLayers(
  dockerfile: Dockerfile,
  stageIndex: number,
  config: ImageConfig,
  layerCount: number,
  targetStageIndex: number = stageIndex,
): LayerMap {
  const { history } = config;
  if (history.length === 0) return unmatched("The image keeps no history.");
  const layersBefore = countLayers(history);
  const inHistory = layersBefore.at(-1) ?? 0;
  if (inHistory !== layerCount) return unmatched(`The image has ${layerCount} layers, its history tells of ${inHistory}.`);
  const chain = stageChain(dockerfile, targetStageIndex);
  if (!chain.some((stage) => stage.index === stageIndex)) return unmatched("The image was not built on this stage.");

  let found: LayerMap | undefined;
  let end = history.length;
  for (const stage of chain.toReversed()) {
    const placed = placeStage(stage, history, end);
    if (typeof placed === "string") return unmatched(placed);
    end = placed.start;
    const layers = layersOf(stage, placed.entries, history, layersBefore);
    if (typeof layers === "string") return unmatched(layers);
    if (stage.index === stageIndex) found = { kind: "matched", firstOwnLayer: layersBefore[end] ?? 0, layerOfInstruction: layers };
  }
  if (chain[0]?.base.kind === "scratch" && (layersBefore[end] ?? 0) > 0) {
    return unmatched("The image's history begins with layers that no instruction of the Dockerfile made.");
  }
  return found ?? unmatched("The Dockerfile has no such stage.");
}

function unmatched(reason: string): LayerMap {
  return { kind: "unmatched", reason };
}

/** `[i]`: how many layers the entries before `i` made; the last item is the sum. */
function countLayers(history: readonly HistoryEntry[]): readonly number[] {
  const counts = [0];
  let count = 0;
  for (const entry of history) counts.push(entry.emptyLayer ? count : ++count);
  return counts;
}

/** How far back an entry without a layer is looked for: others may stand between (labels given on the command line). */
const maxForeignEntries = 30;

/** Goes backwards through both. Entries per instruction as indexes into the history; a sentence when it does not fit. */
function placeStage(
  stage: BuildStage,
  history: readonly HistoryEntry[],
  end: number,
): { readonly entries: readonly (number | undefined)[]; readonly start: number } | string {
  const entries = new Array<number | undefined>(stage.instructions.length).fill(undefined);
  let before = end;
  for (let index = stage.instructions.length - 1; index >= 0; index--) {
    const instruction = stage.instructions[index] as Instruction;
    const at = findEntry(instruction, history, before);
    if (at !== undefined) {
      entries[index] = at;
      before = at;
    } else if (makesFiles(instruction.keyword)) {
      const entry = history[before - 1];
      const line = instruction.range.startLine + 1;
      return `Line ${line} has ${instruction.keyword} where the image's history has ${entry ? shownEntry(entry) : "nothing more"}.`;
    }
  }
  return { entries, start: before };
}

function findEntry(instruction: Instruction, history: readonly HistoryEntry[], before: number): number | undefined {
  for (let at = before - 1; at >= 0 && before - at <= maxForeignEntries; at--) {
    const entry = history[at] as HistoryEntry;
    if (madeBy(instruction, entry)) return at;
    // Only entries without files can be skipped: a skipped layer would be one that nobody wrote down.
    if (!entry.emptyLayer) return undefined;
  }
  return undefined;
}

/** Layer per instruction, or a sentence why the entries cannot be trusted. */
function layersOf(
  stage: BuildStage,
  entries: readonly (number | undefined)[],
  history: readonly HistoryEntry[],
  layersBefore: readonly number[],
): readonly (number | undefined)[] | string {
  const layerOf = (at: number | undefined): number | undefined =>
    at === undefined || history[at]?.emptyLayer !== false ? undefined : layersBefore[at];
  const filesWithoutLayer = stage.instructions.some(
    ({ keyword }, index) => makesFiles(keyword) && entries[index] !== undefined && layerOf(entries[index]) === undefined,
  );
  if (!filesWithoutLayer) return entries.map(layerOf);
  // buildah without --layers commits once, at the last instruction, and notes the base image there.
  const placed = entries.filter((at) => at !== undefined);
  const withLayer = placed.filter((at) => layerOf(at) !== undefined);
  const last = placed.at(-1);
  if (last === undefined || withLayer.length !== 1 || withLayer[0] !== last) {
    return "The image's layers were squashed into one, so no instruction has a layer of its own.";
  }
  return stage.instructions.map(({ keyword }) => (makesFiles(keyword) ? layerOf(last) : undefined));
}
