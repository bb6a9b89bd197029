import type { Inspection } from "../inspect/inspection.ts";
import { countedFindings } from "./draft.ts";
import { developmentPackageDrafts } from "./developmentPackages.ts";
import { libraryDrafts, weightsDrafts } from "./duplicates.ts";
import type { Finding } from "./finding.ts";
import { hiddenFindings } from "./hiddenFindings.ts";
import { imageView } from "./imageView.ts";
import { buildToolDrafts, cacheDrafts, strayDrafts } from "./wholeGroups.ts";

/**
 * What an image holds that its start does not need, most bytes first. Pure; sizes are exact, what is read is estimated. Each byte
 * counts in one finding only, so the sum is what could be saved. `baseLayerCount`: how many layers come from the base image, 0 where
 * that is not known.
 */
export function imageFindings(inspection: Inspection, baseLayerCount = 0): readonly Finding[] {
  const view = imageView(inspection, baseLayerCount);
  // The surer a claim, the earlier it counts its files.
  const drafts = [
    ...cacheDrafts(view),
    ...buildToolDrafts(view),
    ...developmentPackageDrafts(view),
    ...weightsDrafts(view),
    ...libraryDrafts(view),
    ...strayDrafts(view),
  ];
  return [...countedFindings(drafts, view), ...hiddenFindings(view)].sort((a, b) => (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0));
}

/** The sum of what the findings cost. */
export function savableBytes(findings: readonly { readonly sizeBytes: number | null }[]): number {
  return findings.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
}
