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
 * On images that no rule was made for, recall was 0.80 of files and 0.94 of bytes with a followed runtime, 0.64 with others;
 * pages are off by a third either way.
 */
export const defaultCalibration: Calibration = {
  elfPages: {
    link: 1.4,
    constructors: 0,
    constructorData: 0.84,
    extensionSmallText: 0.21,
    extensionMiddleText: 0.4,
    extensionLargeText: 0.013,
    extensionRodata: 0.16,
    libraryText: 0,
    libraryRodata: 0.0032,
    runtime: 0.65,
    largeRuntime: 0.21,
    libc: 0.35,
    smallProgram: 0.65,
    largeProgram: 0.25,
    static: 0.46,
    largeStatic: 0.2,
    loader: 1,
  },
  residuals: {
    high: {
      openedFiles: { down: 0.12, up: 0.35 },
      wholeBytes: { down: 0.1, up: 0.25 },
      pageBytes: { down: 0.35, up: 0.6 },
      chunkBytes: { down: 0.3, up: 0.4 },
    },
    medium: {
      openedFiles: { down: 0.2, up: 0.5 },
      wholeBytes: { down: 0.15, up: 0.4 },
      pageBytes: { down: 0.45, up: 0.8 },
      chunkBytes: { down: 0.35, up: 0.6 },
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
