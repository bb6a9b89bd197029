import type { Confidence } from "../../stats/confidence.ts";
import { differenceOfMedians } from "../../stats/bootstrap.ts";
import { median } from "../../stats/quantiles.ts";

/** One time in several reports, the first one being what the others are compared with. */
export interface ComparedRow {
  /** Names the row for programs, uniquely in its table. */
  readonly key: string;
  readonly label: string;
  /** `stage`: a part of the times above it. */
  readonly kind: "time" | "stage";
  /** One for each report. */
  readonly cells: readonly ComparedCell[];
}

export interface ComparedCell {
  readonly count: number;
  /** Absent: not seen. */
  readonly medianMs?: number;
  /** Absent for the first report, where one of both was not seen, and where it would mean nothing. */
  readonly differenceMs?: number;
  /** Absent below five values on either side. */
  readonly interval?: Confidence;
  /**
   * `slower` and `faster`: the interval leaves 0 out, by more than the stamps may be off. `open`: it does not. `few`: no interval.
   * `refused`: the two mean different things. Absent where there is nothing to say.
   */
  readonly change?: "slower" | "faster" | "open" | "few" | "refused";
}

/** What was measured of one time in one report. */
export interface TimeSample {
  readonly valuesMs: readonly number[];
  /** How wrong the least exact of them may be. */
  readonly errorMs: number;
}

/** The same reports give the same intervals. */
const seed = 7;

/** A report's own cell beside the first report's sample; `base` absent for the first report itself. */
export function comparedCell(own: TimeSample | undefined, base: TimeSample | undefined, isRefused: boolean): ComparedCell {
  const medianMs = own && median(own.valuesMs);
  if (!own || medianMs === undefined) return { count: 0 };
  const cell: ComparedCell = { count: own.valuesMs.length, medianMs };
  if (!base) return cell;
  if (isRefused) return { ...cell, change: "refused" };
  const found = differenceOfMedians(base.valuesMs, own.valuesMs, { seed });
  if (!found) return cell;
  const { difference, interval } = found;
  return {
    ...cell,
    differenceMs: difference,
    ...(interval && { interval }),
    change: interval ? changeOf(interval, Math.max(base.errorMs, own.errorMs)) : "few",
  };
}

function changeOf({ low, high }: Confidence, errorMs: number): "slower" | "faster" | "open" {
  if (low > errorMs) return "slower";
  return high < -errorMs ? "faster" : "open";
}

/** How often what was told of the rows. */
export interface ComparedTally {
  /** How many of the times became slower beyond chance. */
  readonly regressions: number;
  /** And how many faster. */
  readonly improvements: number;
  /** How many differences have an interval: one in twenty of them leaves 0 out by chance. */
  readonly intervals: number;
}

export function tallyOf(rows: readonly ComparedRow[]): ComparedTally {
  const cells = rows.flatMap((row) => row.cells);
  return {
    regressions: cells.filter(({ change }) => change === "slower").length,
    improvements: cells.filter(({ change }) => change === "faster").length,
    intervals: cells.filter(({ interval }) => interval !== undefined).length,
  };
}
