/**
 * `npm run bench:calibrate [-- NAME…]`: derives the numbers of `src/startup/calibration.ts` and the shares of `src/startup/pages.ts` from the
 * recorded starts of `test/corpus`, and prints how well they do on images that the fit has not seen. Nothing is written: look, then copy.
 */
import { parseArgs } from "node:util";
import { defaultCalibration, type Calibration } from "../../src/startup/calibration.ts";
import type { ElfPageCoefficients } from "../../src/startup/elfPages.ts";
import { intervalOf } from "../../src/startup/intervals.ts";
import { touchedOf } from "../../src/startup/pages.ts";
import { corpusNames, families, isBuilt } from "./corpus.ts";
import { elfFeatureNames, elfObservations, fitElfPages, predictedPages, type ElfObservation } from "./elfFit.ts";
import { firstMetOutcomes } from "./firstMet.ts";
import { fitResiduals, type Outcome } from "./fitResiduals.ts";
import { calibrateOn, estimatesWithoutOwnFamily, outcomeOf } from "./heldOut.ts";
import { shareObservations } from "./shareFit.ts";
import { measures, valuesOf } from "./score.ts";
import { alignedTable, mean, median } from "./table.ts";
import { loadTraced, type TracedImage } from "./tracedImages.ts";
import { hasTruth } from "./truth.ts";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { worst: { type: "string", default: "25" } } });
const images: TracedImage[] = [];
for (const name of corpusNames())
  if (isBuilt(name) && hasTruth(name) && (positionals.length === 0 || positionals.includes(name))) {
    try {
      const image = await loadTraced(name);
      if (image.set !== "second") images.push(image);
    } catch (error) {
      console.log(`${name} is left out: ${String(error)}`);
    }
  }

const observations = images.flatMap(elfObservations);
const fitted = fitElfPages(observations);
console.log(`${observations.length} ELF objects of ${images.length} images. Relative errors of the sum over an image's objects:`);
console.log(alignedTable(["image", "family", "objects", "pages", "fitted", "without image", "without family", "as it is"], imageRows()));

console.log("\nLargest errors of single objects: pages read, fitted, linker's");
for (const each of worst(Number(values.worst))) console.log(`  ${each}`);

console.log("\nelfPages:");
for (const name of elfFeatureNames) console.log(`    ${name}: ${rounded(fitted[name])},`);

console.log("\nChunks of the files that were opened, in points of the image's size: predicted minus recorded");
console.log(alignedTable(["image", "1 MiB", "4 MiB"], chunkRows()));

console.log("\nOther files: share of their pages that was read");
console.log(alignedTable(["kind", "files", "images", "share", "least", "most"], shareObservations(images)));

console.log("\nresiduals, from what is said of each image with coefficients that were fitted without its family:");
const withoutFamily = estimatesWithoutOwnFamily(images, (others) => calibrated(fitElfPages(others.flatMap(elfObservations))));
const firstMet = firstMetOutcomes(images);
console.log(alignedTable(["true / said - 1", "sure", "files", "bytes", "pages", "chunks"], outcomeRows()));
const outcomes = [...images.map((image) => outcomeOf(image, calibrated(fitted))), ...firstMet];
const fittedAll = fitResiduals(outcomes, calibrated(fitted));
const { residuals } = fittedAll;
for (const confidence of ["high", "medium", "low"] as const) {
  console.log(`  ${confidence} (${outcomes.filter((each) => each.confidence === confidence).length} images)`);
  for (const [measure, { down, up }] of Object.entries(residuals[confidence]))
    console.log(`    ${measure}: { down: ${rounded(down)}, up: ${rounded(up)} },`);
}

console.log("\nHow many hold the truth, and their median width over the value, by which images:");
console.log(alignedTable(["intervals", "images", ...measures.map((measure) => `${measure}: hold, width`)], coverageRows()));

function coverageRows(): string[][] {
  const held = new Map(
    families.flatMap((family) => {
      const others = images.filter((image) => image.family !== family);
      const own = images.filter((image) => image.family === family);
      const calibration = own.length > 0 ? calibrateOn(others) : fittedAll;
      const names = new Set(own.map(({ name }) => name));
      const first = firstMet.filter(({ name }) => names.has(name));
      return own.length > 0 ? [[family, { calibration, own, first }] as const] : [];
    }),
  );
  const each = [...held.values()];
  const row = (title: string, cases: readonly { readonly outcome: Outcome; readonly calibration: Calibration }[]): string[] => [
    title,
    String(cases.length),
    ...measures.map((measure) => {
      const intervals = cases.map(({ outcome, calibration }) => ({
        truth: outcome.truth[measure],
        ...intervalOf(measure, outcome.basis[measure], calibration),
      }));
      const hold = intervals.filter(({ low, high, truth }) => low <= truth && truth <= high).length;
      return `${hold}, ${(100 * median(intervals.map(({ low, high, value }) => (high - low) / Math.max(1, value)))).toFixed(0)} %`;
    }),
  ];
  const nowWith = (calibration: Calibration, some: readonly TracedImage[]): { outcome: Outcome; calibration: Calibration }[] =>
    some.map((image) => ({ outcome: outcomeOf(image, calibration), calibration }));
  const first = each.flatMap((family) => family.first.map((outcome) => ({ outcome, calibration: family.calibration })));
  return [
    row(
      "tuned, as calibrated",
      nowWith(
        defaultCalibration,
        images.filter(({ set }) => !set),
      ),
    ),
    row(
      "unseen, as calibrated",
      nowWith(
        defaultCalibration,
        images.filter(({ set }) => set === "unseen"),
      ),
    ),
    row(
      "unseen when first met, as calibrated",
      firstMet.map((outcome) => ({ outcome, calibration: defaultCalibration })),
    ),
    row(
      "all, fitted without the family",
      each.flatMap(({ calibration, own }) => nowWith(calibration, own)),
    ),
    row("unseen when first met, fitted without the family", first),
  ];
}

function outcomeRows(): string[][] {
  return images.flatMap(({ name, truth }) => {
    const estimate = withoutFamily.get(name);
    if (!estimate) return [];
    const values = valuesOf(truth);
    return [
      [
        `${name}${estimate.flags.length > 0 ? ` (${[...new Set(estimate.flags.map(({ code }) => code))].join(", ")})` : ""}`,
        estimate.confidence,
        ...measures.map((measure) => percent(values[measure] / Math.max(1, estimate.measures[measure].value) - 1)),
      ],
    ];
  });
}

function calibrated(elfPages: ElfPageCoefficients): Calibration {
  return { ...defaultCalibration, elfPages };
}

function imageRows(): string[][] {
  const errors: number[][] = [[], [], [], []];
  const rows = images.map(({ name, family }) => {
    const own = observations.filter((each) => each.image === name);
    const families = new Set(images.filter((image) => image.family !== family).map((image) => image.name));
    const fits = [
      fitted,
      fitElfPages(observations.filter((each) => each.image !== name)),
      fitElfPages(observations.filter((each) => families.has(each.image))),
      defaultCalibration.elfPages,
    ];
    const ratios = fits.map((fit) => sum(own, (each) => predictedPages(each, fit)) / sum(own, (each) => each.pagesRead) - 1);
    ratios.forEach((ratio, index) => errors[index]?.push(Math.abs(ratio)));
    return [name, family, String(own.length), String(sum(own, (each) => each.pagesRead)), ...ratios.map(percent)];
  });
  return [...rows, ["mean", "", "", "", ...errors.map((each) => `${(100 * mean(each)).toFixed(0)} %`)]];
}

/** What the chunk model makes of the true opened set, so that nothing but it is seen. */
function chunkRows(): string[][] {
  const errors: number[][] = [[], []];
  const rows = images.map(({ name, truth, inspection: { catalog } }) => {
    const entries = [...truth.opened.keys()].flatMap((path) => catalog.file(path) ?? []);
    const points = (
      [
        [1 << 20, truth.chunkBytes1MiB],
        [4 << 20, truth.chunkBytes4MiB],
      ] as const
    ).map(([chunkSizeBytes, recorded]) => {
      const predicted = entries.reduce((total, entry) => total + touchedOf(entry, catalog, chunkSizeBytes).ready.chunkBytes, 0);
      return (100 * (predicted - recorded)) / truth.totalBytes;
    });
    points.forEach((point, index) => errors[index]?.push(Math.abs(point)));
    return [name, ...points.map((point) => point.toFixed(2))];
  });
  return [...rows, ["mean", ...errors.map((each) => mean(each).toFixed(2))]];
}

function worst(count: number): string[] {
  const seen = new Set<string>();
  return [...observations]
    .map((each) => ({ ...each, fitted: predictedPages(each, fitted) }))
    .sort((a, b) => Math.abs(b.fitted - b.pagesRead) - Math.abs(a.fitted - a.pagesRead))
    .filter(({ path }) => !seen.has(path) && seen.add(path))
    .slice(0, count)
    .map(
      (each) =>
        `${each.pagesRead} ${each.fitted.toFixed(0)} ${each.features.get("link") ?? 0} ${each.image} ${each.path} ` +
        [...each.features].map(([feature, amount]) => `${feature} ${amount.toFixed(0)}`).join(", "),
    );
}

function sum(own: readonly ElfObservation[], of: (each: ElfObservation) => number): number {
  return own.reduce((total, each) => total + of(each), 0);
}

function percent(ratio: number): string {
  return `${ratio >= 0 ? "+" : ""}${(100 * ratio).toFixed(0)} %`;
}

/** To two digits: more would claim what the data do not tell. */
function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
