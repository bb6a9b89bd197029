import { defaultCalibration, type Calibration } from "../../src/startup/calibration.ts";
import type { StartupEstimate } from "../../src/startup/startupSet.ts";
import type { Family } from "./corpus.ts";
import { elfObservations, fitElfPages, type ElfObservation } from "./elfFit.ts";
import { fitResiduals, type Outcome } from "./fitResiduals.ts";
import { firstMetOutcomes } from "./firstMet.ts";
import { valuesOf } from "./score.ts";
import { measuredWith, type TracedImage } from "./tracedImages.ts";

/** Everything that is fitted, from these images only: pages of ELF files first, then the margins that remain with them, now and when they were first met. */
export function calibrateOn(images: readonly TracedImage[]): Calibration {
  const elfPages = fitElfPages(images.flatMap(observationsOf));
  const fitted = { ...defaultCalibration, elfPages };
  return fitResiduals([...images.map((image) => outcomeOf(image, fitted)), ...firstMetOutcomes(images)], fitted);
}

/** What is said of an image with these numbers, and what was true. */
export function outcomeOf({ name, truth, inspection }: TracedImage, calibration: Calibration): Outcome {
  const { estimate, ready } = measuredWith(inspection, calibration);
  return { name, confidence: estimate.confidence, basis: ready, truth: valuesOf(truth) };
}

const observed = new WeakMap<TracedImage, readonly ElfObservation[]>();

function observationsOf(image: TracedImage): readonly ElfObservation[] {
  const known = observed.get(image) ?? elfObservations(image);
  observed.set(image, known);
  return known;
}

/** What is said of each image with numbers that were fitted without its family, and without the second set. Rules stay as they are. */
export function estimatesWithoutOwnFamily(
  images: readonly TracedImage[],
  fit: (others: readonly TracedImage[]) => Calibration,
): ReadonlyMap<string, StartupEstimate> {
  const fitted = new Map<Family, Calibration>();
  const estimates = new Map<string, StartupEstimate>();
  for (const { name, family, inspection } of images) {
    const calibration = fitted.get(family) ?? fit(images.filter((other) => other.family !== family && other.set !== "second"));
    fitted.set(family, calibration);
    estimates.set(name, measuredWith(inspection, calibration).estimate);
  }
  return estimates;
}
