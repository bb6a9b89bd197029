import { historyKeyword } from "../dockerfile/historyEntry.ts";
import type { HistoryEntry } from "../image/image.ts";
import type { Inspection } from "../inspect/inspection.ts";
import { sortedFiles, type SortedFiles } from "./sortedFiles.ts";

/** An inspected image as the detectors look at it. */
export interface ImageView {
  readonly inspection: Inspection;
  /** How many layers come from the base image; 0 where no Dockerfile tells. */
  readonly baseLayerCount: number;
  readonly files: SortedFiles;
  /** Bytes read of each file that is opened until the first request is answered; absent: not opened. */
  readonly openedBytes: ReadonlyMap<string, number>;
}

export function imageView(inspection: Inspection, baseLayerCount: number): ImageView {
  const { files, requestFiles } = inspection.estimate;
  const openedBytes = new Map<string, number>();
  for (const file of files) openedBytes.set(file.path, file.requestPageBytes);
  for (const file of requestFiles) openedBytes.set(file.path, file.requestPageBytes);
  return { inspection, baseLayerCount, files: sortedFiles(inspection.catalog), openedBytes };
}

/** The keyword of the instruction that made each layer; undefined where the history does not tell. */
export function layerKeywords(inspection: Inspection): readonly (string | undefined)[] {
  return layerMakers(inspection).map((maker) => (maker && maker.createdBy !== "" ? historyKeyword(maker) : undefined));
}

/** What the history says of each layer; empty where it does not tell. */
export function layerTexts(inspection: Inspection): readonly string[] {
  return layerMakers(inspection).map((maker) => maker?.createdBy ?? "");
}

function layerMakers({ image }: Inspection): readonly (HistoryEntry | undefined)[] {
  const makers = image.config.history.filter((entry) => !entry.emptyLayer);
  return image.layers.map((_, index) => (makers.length === image.layers.length ? makers[index] : undefined));
}
