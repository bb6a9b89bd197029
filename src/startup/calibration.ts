import type { ElfPageCoefficients } from "./elfPages.ts";
import type { Measure } from "./startupSet.ts";

/** The numbers of the estimate that come from measured starts rather than from reasoning; `npm run bench:estimate` checks them. */
export interface Calibration {
  readonly elfPages: ElfPageCoefficients;
  /**
   * Relative errors that remain where every probability is right, per confidence: `down` for files that are not opened after
   * all, `up` for rules that are missing. Half of a 90 % interval each.
   */
  readonly residuals: Readonly<
    Record<"high" | "medium" | "low", Readonly<Record<Measure, { readonly down: number; readonly up: number }>>>
  >;
  /** However little is opened, a few files more always may be; in files and bytes. */
  readonly smallest: Readonly<Record<Measure, number>>;
}

/**
 * `elfPages` is the fit of `npm run bench:calibrate` over 1982 objects of 40 starts, to two digits; the sum over an image's objects was off by
 * 11 % on average when its family was left out. Three are set by hand between what the fit says and single objects, of which there are too
 * few: runtimes (Python runs 80 % of its code, PHP 40 %), large programs (servers run half of their code, the client tools in the corpus
 * hardly any) and large static programs (none).
 *
 * `residuals` hold for nine of ten of the same images, estimated without their family and partly before rules were made for them. There
 * are 25, 11 and 4 images per confidence: few, so they are rather wide. Much more is missed than said too much, hence the asymmetry.
 */
export const defaultCalibration: Calibration = {
  elfPages: {
    link: 1.4,
    constructors: 0.3,
    constructorData: 0.8,
    extensionSmallText: 0.2,
    extensionMiddleText: 0.11,
    extensionLargeText: 0.022,
    extensionRodata: 0.24,
    libraryText: 0,
    libraryRodata: 0.0023,
    runtime: 0.65,
    largeRuntime: 0.2,
    libc: 0.33,
    smallProgram: 0.6,
    largeProgram: 0.3,
    static: 0.45,
    largeStatic: 0.2,
    loader: 1,
  },
  residuals: {
    high: {
      openedFiles: { down: 0.15, up: 0.6 },
      wholeBytes: { down: 0.1, up: 0.35 },
      pageBytes: { down: 0.3, up: 0.6 },
      chunkBytes: { down: 0.35, up: 0.45 },
    },
    medium: {
      openedFiles: { down: 0.2, up: 1.5 },
      wholeBytes: { down: 0.15, up: 0.75 },
      pageBytes: { down: 0.4, up: 1.2 },
      chunkBytes: { down: 0.4, up: 0.8 },
    },
    low: {
      openedFiles: { down: 0.4, up: 4 },
      wholeBytes: { down: 0.35, up: 3 },
      pageBytes: { down: 0.6, up: 4 },
      chunkBytes: { down: 0.5, up: 3 },
    },
  },
  smallest: { openedFiles: 3, wholeBytes: 500_000, pageBytes: 250_000, chunkBytes: 500_000 },
};
