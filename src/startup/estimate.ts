import type { FileCatalog } from "../facts/fileCatalog.ts";
import { defaultCalibration, type Calibration } from "./calibration.ts";
import { measureStartup } from "./measures.ts";
import type { StartupEstimate, StartupQuestion } from "./startupSet.ts";
import { walkStartup } from "./walkStartup.ts";

/**
 * Which files a container opens between its first exec and being ready, without running it. Pure and synchronous: it
 * answers from facts alone, so that another ENTRYPOINT of the same image costs milliseconds. Never throws on hostile
 * content: what cannot be known becomes a flag and a wider interval. `catalog.wanted` then names what it would like to read.
 */
export function estimateStartup(
  catalog: FileCatalog,
  question: StartupQuestion,
  layerCount: number,
  calibration: Calibration = defaultCalibration,
): StartupEstimate {
  return measureStartup(catalog, layerCount, walkStartup(catalog, question), question.chunkSizeBytes, calibration);
}
