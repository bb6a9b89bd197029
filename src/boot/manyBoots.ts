import { differenceOfMedians, type Difference } from "../stats/bootstrap.ts";
import type { Confidence } from "../stats/confidence.ts";
import { medianInterval } from "../stats/medianInterval.ts";
import { median, p95, quantile } from "../stats/quantiles.ts";
import { phaseNames, type PhaseName } from "./bootChain.ts";
import type { ReportBoot } from "./bootReport.ts";
import { bootSamples, type UnitSamples } from "./bootSamples.ts";
import type { WorkClassName } from "./workClasses.ts";

/** How one length was spread over several boots. */
export interface Spread {
  /** In how many boots it is known. */
  readonly boots: number;
  readonly medianMs: number;
  /** Absent for fewer than 20 boots: it would be little more than the largest. */
  readonly p95Ms?: number;
  readonly lowMs: number;
  readonly highMs: number;
  /** Between the quartiles lies the middle half of the boots: the distance of the two. */
  readonly middleHalfMs: number;
  /** Of the median. Absent for fewer than three boots. */
  readonly interval?: Confidence;
}

/** Boots of one kind of machine, side by side. */
export interface ManyBoots {
  readonly boots: number;
  /** Until the root was ready, from the start of userspace; over the boots in which it was. */
  readonly ready?: Spread;
  readonly phases: readonly { readonly phase: PhaseName; readonly spread: Spread }[];
  /** Units that stood on a chain or took notable time, what they took of the chain first. */
  readonly units: readonly UnitSpread[];
  /** The unit on chains whose length differs most between boots. Absent for fewer than three boots. */
  readonly noisiest?: string;
}

export interface UnitSpread {
  readonly unit: string;
  readonly class: WorkClassName;
  readonly took: Spread;
  /** In how many boots it stood on the chain with a length of its own. */
  readonly onChainBoots: number;
  /** Median over all boots; 0 when it is off the chain in most of them. */
  readonly onChainMedianMs: number;
}

/** Before and after: two machine images, two node pools. Positive differences: the second takes longer. */
export interface BootComparison {
  readonly boots: readonly [before: number, after: number];
  readonly ready?: MillisecondDifference;
  readonly phases: readonly ({ readonly phase: PhaseName } & MillisecondDifference)[];
  /** Units of either side, the largest difference first. */
  readonly units: readonly ({ readonly unit: string; readonly class: WorkClassName } & MillisecondDifference)[];
}

export interface MillisecondDifference {
  readonly beforeMs?: number;
  readonly afterMs?: number;
  /** Of the medians. Absent when one side has none. */
  readonly differenceMs?: number;
  /** Absent for fewer than five boots on a side. */
  readonly interval?: Confidence;
}

/** Units of less than this in every boot are left out. */
const notableMs = 10;
/** Differences are told for so many units; each costs a bootstrap. */
const comparedUnits = 30;
/** The same boots give the same interval. */
const seed = 6;

export function summarize(boots: readonly ReportBoot[]): ManyBoots {
  const samples = bootSamples(boots);
  const ready = spreadOf(samples.readyMs);
  const units = unitSpreads(samples.units, boots.length);
  const noisiest = units
    .filter((unit) => unit.onChainBoots * 2 >= boots.length && unit.took.boots >= 3)
    .reduce<UnitSpread | undefined>((most, unit) => (unit.took.middleHalfMs > (most?.took.middleHalfMs ?? 0) ? unit : most), undefined);
  return {
    boots: boots.length,
    ...(ready && { ready }),
    phases: [...samples.phases].flatMap(([phase, lengths]) => {
      const spread = spreadOf(lengths);
      return spread ? [{ phase, spread }] : [];
    }),
    units,
    ...(noisiest && { noisiest: noisiest.unit }),
  };
}

export function compareBoots(before: readonly ReportBoot[], after: readonly ReportBoot[]): BootComparison {
  const [earlier, later] = [bootSamples(before), bootSamples(after)];
  const ready = difference(earlier.readyMs, later.readyMs);
  const units = [...new Set([...earlier.units.keys(), ...later.units.keys()])]
    .map((unit) => ({ unit, before: earlier.units.get(unit), after: later.units.get(unit) }))
    .map((row) => ({ ...row, size: Math.abs((median(row.after?.tookMs ?? [0]) ?? 0) - (median(row.before?.tookMs ?? [0]) ?? 0)) }))
    .filter((row) => row.size >= notableMs)
    .sort((a, b) => b.size - a.size)
    .slice(0, comparedUnits);
  return {
    boots: [before.length, after.length],
    ...(ready && { ready }),
    phases: phaseNames.flatMap((phase) => {
      const found = difference(earlier.phases.get(phase) ?? [], later.phases.get(phase) ?? []);
      return found ? [{ phase, ...found }] : [];
    }),
    units: units.flatMap((row) => {
      const found = difference(row.before?.tookMs ?? [], row.after?.tookMs ?? []);
      const name = row.before?.class ?? row.after?.class ?? "other";
      return found ? [{ unit: row.unit, class: name, ...found }] : [];
    }),
  };
}

function unitSpreads(units: ReadonlyMap<string, UnitSamples>, boots: number): UnitSpread[] {
  return [...units]
    .flatMap(([unit, { class: name, tookMs, onChainMs }]): UnitSpread[] => {
      const took = spreadOf(tookMs);
      if (!took || took.highMs < notableMs) return [];
      const offChain = new Array<number>(boots - onChainMs.length).fill(0);
      return [{ unit, class: name, took, onChainBoots: onChainMs.length, onChainMedianMs: median([...onChainMs, ...offChain]) ?? 0 }];
    })
    .sort((a, b) => b.onChainMedianMs - a.onChainMedianMs || b.took.medianMs - a.took.medianMs);
}

function spreadOf(ms: readonly number[]): Spread | undefined {
  const middle = median(ms);
  if (middle === undefined) return undefined;
  const tail = p95(ms);
  const interval = medianInterval(ms);
  return {
    boots: ms.length,
    medianMs: middle,
    ...(tail !== undefined && { p95Ms: tail }),
    lowMs: Math.min(...ms),
    highMs: Math.max(...ms),
    middleHalfMs: (quantile(ms, 0.75) ?? middle) - (quantile(ms, 0.25) ?? middle),
    ...(interval && { interval }),
  };
}

function difference(before: readonly number[], after: readonly number[]): MillisecondDifference | undefined {
  if (before.length === 0 && after.length === 0) return undefined;
  const [beforeMs, afterMs] = [median(before), median(after)];
  const found: Difference | undefined = differenceOfMedians(before, after, { seed });
  return {
    ...(beforeMs !== undefined && { beforeMs }),
    ...(afterMs !== undefined && { afterMs }),
    ...(found && { differenceMs: found.difference }),
    ...(found?.interval && { interval: found.interval }),
  };
}
