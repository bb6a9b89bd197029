import { formatBinarySize, formatBytes, formatCount, formatFraction } from "../base/format.ts";
import type { Interval } from "../base/interval.ts";
import type { ReportEstimate } from "./report.ts";

/** The four measures of a report, in the order in which they are shown. */
export const measures = ["pageBytes", "openedFiles", "wholeBytes", "chunkBytes"] as const satisfies readonly (keyof ReportEstimate)[];

export type ReportMeasure = (typeof measures)[number];

/** The words for one measure. */
export interface MeasureText {
  /** Names the measure where it stands alone: `Pages read`. */
  readonly label: string;
  /** Names it behind a percentage: `2.9 % of 6.7 GB (4 KiB pages)`. */
  readonly inBrackets: string;
  /** One sentence that lets a reader compute it. */
  readonly definition: string;
}

/** What each measure is called and what it counts. Their answers differ by a factor of ten, so no percentage stands without its name. */
export function measureText(measure: ReportMeasure, chunkSizeBytes: number): MeasureText {
  switch (measure) {
    case "pageBytes":
      return {
        label: "Pages read",
        inBrackets: "4 KiB pages",
        definition: "Bytes of the 4 KiB pages that are read: what a disk has to deliver.",
      };
    case "openedFiles":
      return {
        label: "Files opened",
        inBrackets: "opened",
        definition: "Files that are opened at least once, however little is read of them.",
      };
    case "wholeBytes":
      return {
        label: "Whole files",
        inBrackets: "whole files",
        definition: "Sizes of the opened files, as if each were read from start to end.",
      };
    case "chunkBytes":
      return {
        label: "Chunks fetched",
        inBrackets: `${formatBinarySize(chunkSizeBytes)} chunks`,
        definition: `What a lazy loader downloads that fetches aligned chunks of ${formatBinarySize(chunkSizeBytes)}.`,
      };
  }
}

/** `2.9 % of 6.7 GB`, `8.3 % of 30,920 files`. */
export function shareText(measure: ReportMeasure, value: number, totals: { readonly files: number; readonly bytes: number }): string {
  const whole = wholeOf(measure, totals);
  const of =
    measure === "openedFiles" ? `${formatCount(totals.files)} ${totals.files === 1 ? "file" : "files"}` : formatBytes(totals.bytes);
  return `${formatShare(value, whole)} of ${of}`;
}

/** An amount in the measure's own unit: `193 MB`, `2,566`. */
export function amountText(measure: ReportMeasure, value: number): string {
  return measure === "openedFiles" ? formatCount(value) : formatBytes(value);
}

/** What a measure is a part of: the number of files, or their bytes. */
export function wholeOf(measure: ReportMeasure, totals: { readonly files: number; readonly bytes: number }): number {
  return measure === "openedFiles" ? totals.files : totals.bytes;
}

/** A share of a whole that may be nothing. */
export function formatShare(value: number, whole: number): string {
  return whole > 0 ? formatFraction(value / whole) : "0 %";
}

/** `2.1 % to 4.0 %`. */
export function shareIntervalText(interval: Interval, whole: number): string {
  return `${formatShare(interval.low, whole)} to ${formatShare(interval.high, whole)}`;
}
