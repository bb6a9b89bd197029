import { defaultCalibration, type Calibration } from "../../src/startup/calibration.ts";
import type { StartupEstimate } from "../../src/startup/startupSet.ts";
import type { Family } from "./corpus.ts";
import { elfObservations, fitElfPages, type ElfObservation } from "./elfFit.ts";
import { fitResiduals, type Outcome } from "./fitResiduals.ts";
import { estimateWith, type TracedImage } from "./tracedImages.ts";

/** Everything that is fitted, from these images only: pages of ELF files first, then the margins that remain with them. */
export function calibrateOn(images: readonly TracedImage[]): Calibration {
  const elfPages = fitElfPages(images.flatMap(observationsOf));
  const fitted = { ...defaultCalibration, elfPages };
  const outcomes = images.map(({ truth, inspection }): Outcome => {
    const estimate = estimateWith(inspection, fitted);
    return { confidence: estimate.confidence, estimate, truth };
  });
  return fitResiduals(outcomes, fitted);
}

const observed = new WeakMap<TracedImage, readonly ElfObservation[]>();

function observationsOf(image: TracedImage): readonly ElfObservation[] {
  const known = observed.get(image) ?? elfObservations(image);
  observed.set(image, known);
  return known;
}

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
