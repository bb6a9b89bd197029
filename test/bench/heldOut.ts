import type { Calibration } from "../../src/startup/calibration.ts";
import type { StartupEstimate } from "../../src/startup/startupSet.ts";
import type { Family } from "./corpus.ts";
import { estimateWith, type TracedImage } from "./tracedImages.ts";

/** What is said of each image with numbers that were fitted without its family. Rules stay as they are. */
export function estimatesWithoutOwnFamily(
  images: readonly TracedImage[],
  fit: (others: readonly TracedImage[]) => Calibration,
): ReadonlyMap<string, StartupEstimate> {
  const fitted = new Map<Family, Calibration>();
  const estimates = new Map<string, StartupEstimate>();
  for (const { name, family, inspection } of images) {
    const calibration = fitted.get(family) ?? fit(images.filter((other) => other.family !== family));
    fitted.set(family, calibration);
    estimates.set(name, estimateWith(inspection, calibration));
  }
  return estimates;
}
