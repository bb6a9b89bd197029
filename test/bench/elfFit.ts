import { defaultCalibration } from "../../src/startup/calibration.ts";
import { elfFactOf } from "../../src/startup/elf.ts";
import { elfFeatures, type ElfFeature, type ElfPageCoefficients } from "../../src/startup/elfPages.ts";
import { nameOf } from "../../src/startup/paths.ts";
import { nonNegativeLeastSquares } from "./leastSquares.ts";
import type { TracedImage } from "./tracedImages.ts";

/** One ELF object of one recorded start. */
export interface ElfObservation {
  readonly image: string;
  readonly path: string;
  readonly features: ReadonlyMap<ElfFeature, number>;
  readonly sizePages: number;
  readonly pagesRead: number;
}

export const elfFeatureNames = Object.keys(defaultCalibration.elfPages) as ElfFeature[];

/** Objects that were opened to be loaded. Small ones are taken as read whole, so they are left out here too. */
export function elfObservations({ name, truth, inspection: { catalog } }: TracedImage): ElfObservation[] {
  return [...truth.opened].flatMap(([path, { sizeBytes, pagesRead }]) => {
    const entry = catalog.file(path);
    // What is newer than the recorded file may read otherwise.
    if (entry?.sizeBytes !== sizeBytes || sizeBytes <= 20_000) return [];
    const fact = elfFactOf(catalog, path);
    if (!fact) return [];
    const features = elfFeatures(fact, nameOf(path));
    // Objects of which less was read than the linker must read were only looked at.
    if (pagesRead < 0.9 * (features.get("link") ?? 0)) return [];
    return [{ image: name, path, features, sizePages: Math.ceil(sizeBytes / 4096), pagesRead }];
  });
}

/** Between 0, where every page counts the same, and 1, where every object does. */
const relativePower = 0.75;
/** Errors of a few pages do not matter, however small the object is. */
const smallPages = 10;

/**
 * Fits pages beyond what the linker must read. An object that several images share counts as its number's root: its behaviour is known better,
 * and it will be met more often, but it is one piece of knowledge.
 */
export function fitElfPages(observations: readonly ElfObservation[]): ElfPageCoefficients {
  const shared = new Map<string, number>();
  const key = ({ path, sizePages }: ElfObservation): string => `${path} ${sizePages}`;
  for (const each of observations) shared.set(key(each), (shared.get(key(each)) ?? 0) + 1);
  let coefficients: ElfPageCoefficients | undefined;
  // Weights by the truth alone would make the fit too low, so they follow the mean of truth and fit.
  for (let round = 0; round < 5; round++) {
    const rows = observations.map((each) => {
      const link = each.features.get("link") ?? 0;
      const expected = coefficients === undefined ? each.pagesRead : (each.pagesRead + predictedPages(each, coefficients)) / 2;
      return {
        features: each.features,
        target: Math.max(0, each.pagesRead - link),
        weight: (shared.get(key(each)) ?? 1) ** -0.5 * (expected + smallPages) ** -relativePower,
      };
    });
    const beyond = nonNegativeLeastSquares(rows, elfFeatureNames);
    coefficients = { ...beyond, link: beyond.link + 1 };
  }
  return coefficients as ElfPageCoefficients;
}

export function predictedPages({ features, sizePages }: ElfObservation, coefficients: ElfPageCoefficients): number {
  let pages = 0;
  for (const [feature, amount] of features) pages += coefficients[feature] * amount;
  return Math.min(sizePages, pages);
}
