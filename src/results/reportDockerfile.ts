import type { BuildStage, LayerMap } from "../dockerfile/dockerfile.ts";
import type { ReportDockerfile } from "./report.ts";

/** The instructions of a stage with the layers that they made. Pure. */
export function reportDockerfile(path: string, stage: BuildStage, layerMap: LayerMap): ReportDockerfile {
  return {
    path,
    stageIndex: stage.index,
    unmatchedReason: layerMap.kind === "matched" ? null : layerMap.reason,
    instructions: stage.instructions.map((instruction, index) => ({
      line: instruction.range.startLine + 1,
      keyword: instruction.keyword,
      text: instruction.argumentText,
      layerIndex: layerMap.kind === "matched" ? (layerMap.layerOfInstruction[index] ?? null) : null,
    })),
  };
}
