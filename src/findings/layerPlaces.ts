import type { BuildStage, Dockerfile } from "../dockerfile/dockerfile.ts";
import { madeBy, makesFiles } from "../dockerfile/historyEntry.ts";
import { mapLayers } from "../dockerfile/layerMap.ts";
import type { Inspection } from "../inspect/inspection.ts";
import type { FindingPlace } from "./finding.ts";

/** Where in the text each layer of an image was made. */
export interface LayerPlaces {
  /** How many layers the base image brought; 0 where the text and the history do not fit as a whole. */
  readonly baseLayerCount: number;
  /** All instructions that a layer may come from; builders can commit several as one. */
  readonly ofLayer: ReadonlyMap<number, readonly FindingPlace[]>;
}

export function layerPlaces(
  dockerfile: Dockerfile,
  chain: readonly BuildStage[],
  targetStage: number,
  inspection: Inspection,
): LayerPlaces {
  const { config, layers } = inspection.image;
  const ofLayer = new Map<number, FindingPlace[]>();
  let baseLayerCount = 0;
  for (const [position, stage] of chain.entries()) {
    const map = mapLayers(dockerfile, stage.index, config, layers.length, targetStage);
    if (map.kind === "unmatched") return { baseLayerCount: 0, ofLayer: unchangedInstructions(chain, inspection) };
    if (position === 0) baseLayerCount = map.firstOwnLayer;
    map.layerOfInstruction.forEach((layerIndex, index) => {
      const instruction = stage.instructions[index];
      if (layerIndex === undefined || !instruction) return;
      const place = { stageIndex: stage.index, instructionIndex: index, range: instruction.range };
      const places = ofLayer.get(layerIndex);
      if (places) places.push(place);
      else ofLayer.set(layerIndex, [place]);
    });
  }
  return { baseLayerCount, ofLayer };
}

/**
 * After an edit the text and the history differ, but instructions that stayed as they were still made their layers: those that fit one
 * entry only, which fits no other instruction.
 */
function unchangedInstructions(chain: readonly BuildStage[], { image }: Inspection): Map<number, FindingPlace[]> {
  const makers = image.config.history.filter((entry) => !entry.emptyLayer);
  const found = new Map<number, FindingPlace[]>();
  if (makers.length !== image.layers.length) return found;
  const unclear = new Set<number>();
  for (const stage of chain) {
    stage.instructions.forEach((instruction, instructionIndex) => {
      if (!makesFiles(instruction.keyword)) return;
      const layers = makers.flatMap((entry, layerIndex) => (madeBy(instruction, entry) ? [layerIndex] : []));
      for (const layerIndex of layers) {
        if (layers.length > 1 || found.has(layerIndex)) unclear.add(layerIndex);
        else found.set(layerIndex, [{ stageIndex: stage.index, instructionIndex, range: instruction.range }]);
      }
    });
  }
  for (const layerIndex of unclear) found.delete(layerIndex);
  return found;
}
