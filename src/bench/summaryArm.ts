import { medianIntervalOfSorted, medianIntervalOfSortedPositive } from "../stats/medianInterval.ts";
import { outliersOf } from "../stats/outliers.ts";
import { ascending, median, p95OfSorted, quantileOfSorted, rangeOf } from "../stats/quantiles.ts";
import type { MeasuredTrial } from "./measuredTrials.ts";
import { coldnessLevels, type Arm } from "./plan.ts";
import { byPlace, type Stage } from "./stages.ts";
import type { ArmSummary, BytesSummary, StageSummary, TimeSummary, TrialCounts } from "./summary.ts";
import type { Mark } from "./observation.ts";
import { toldTaints, type Trial } from "./trial.ts";

export function armSummaryOf(arm: Arm, trials: readonly MeasuredTrial[]): ArmSummary {
  const counted = trials.filter(({ isCounted }) => isCounted);
  const clean = trials.filter(({ isClean }) => isClean);
  const ready = counted.flatMap(({ trial, readyMs }) => (readyMs === undefined ? [] : [{ trialId: trial.id, readyMs }]));
  const medianMs = median(ready.map(({ readyMs }) => readyMs));
  return {
    arm: arm.name,
    snapshotter: arm.snapshotter,
    isLazy: arm.isLazy,
    counts: countsOf(trials),
    failures: tally(trials.flatMap(({ trial: { outcome } }) => failureOf(outcome))).map(([reason, count]) => ({ reason, count })),
    taints: tally(trials.flatMap(({ trial }) => toldTaints(trial))).map(([taint, count]) => ({ taint, count })),
    started: timeSummaryOf(clean, "started", ({ startedMs }) => startedMs),
    ready: timeSummaryOf(counted, "ready", ({ readyMs }) => readyMs),
    firstAnswer: timeSummaryOf(counted, "first-answer", ({ firstAnswerMs }) => firstAnswerMs),
    coldness: coldnessLevels.flatMap((level) => {
      const count = counted.filter(({ trial }) => trial.coldness.reached === level).length;
      return count > 0 ? [{ level, count }] : [];
    }),
    nodeTypes: [...new Set(counted.flatMap(({ nodeType }) => nodeType ?? []))].sort(),
    laziness: {
      lazy: counted.filter(({ trial }) => trial.laziness?.isLazy === true).length,
      notLazy: counted.filter(({ trial }) => trial.laziness?.isLazy === false).length,
      unknown: counted.filter(({ trial }) => trial.laziness === undefined).length,
    },
    fetched: bytesSummaryOf(counted.map(({ trial }) => trial)),
    stages: stageSummariesOf(counted),
    outliers: outliersOf(ready.map(({ readyMs }) => readyMs)).flatMap((index) => ready[index] ?? []),
    nearestTrialId: medianMs === undefined ? undefined : nearest(ready, medianMs),
  };
}

function countsOf(trials: readonly MeasuredTrial[]): TrialCounts {
  const kinds = (kind: Trial["outcome"]["kind"]): number => trials.filter(({ trial }) => trial.outcome.kind === kind).length;
  const counted = trials.filter(({ isCounted }) => isCounted).length;
  return {
    all: trials.length,
    counted,
    failed: kinds("failed"),
    timedOut: kinds("timed-out"),
    cancelled: kinds("cancelled"),
    tainted: kinds("ready") - counted,
  };
}

function failureOf(outcome: Trial["outcome"]): ArmSummary["failures"][number]["reason"][] {
  if (outcome.kind === "failed") return [outcome.reason];
  return outcome.kind === "timed-out" ? ["timed-out"] : [];
}

function timeSummaryOf(
  trials: readonly MeasuredTrial[],
  mark: Mark,
  timeOf: (trial: MeasuredTrial) => number | undefined,
): TimeSummary | undefined {
  const times: number[] = [];
  let errorMs = 0;
  for (const trial of trials) {
    const time = timeOf(trial);
    if (time === undefined) continue;
    times.push(time);
    const end = trial.stages.stages.find(({ to, within }) => to.mark === mark && within === undefined)?.to;
    if (end) errorMs = Math.max(errorMs, end.latestEpochMs - end.atEpochMs, end.atEpochMs - end.earliestEpochMs);
  }
  const sorted = ascending(times);
  const medianMs = quantileOfSorted(sorted, 0.5);
  const [lowestMs, highestMs] = [sorted[0], sorted.at(-1)];
  if (medianMs === undefined || lowestMs === undefined || highestMs === undefined) return undefined;
  return {
    count: sorted.length,
    medianMs,
    interval: medianIntervalOfSortedPositive(sorted),
    lowestMs,
    highestMs,
    p95Ms: p95OfSorted(sorted),
    errorMs,
  };
}

function bytesSummaryOf(trials: readonly Trial[]): BytesSummary | undefined {
  const fetched = trials.flatMap(({ laziness }) => laziness?.fetched ?? []);
  const bytes = fetched.map((one) => one.bytes);
  const medianBytes = median(bytes);
  const range = rangeOf(bytes);
  if (medianBytes === undefined || !range) return undefined;
  return {
    count: bytes.length,
    medianBytes,
    lowestBytes: range.lowest,
    highestBytes: range.highest,
    sources: [...new Set(fetched.map(({ source }) => source))].sort(),
  };
}

function stageSummariesOf(trials: readonly MeasuredTrial[]): StageSummary[] {
  const byNames = new Map<string, Stage[]>();
  for (const { stages } of trials) {
    for (const stage of stages.stages) {
      const key = stage.names.join("+");
      const same = byNames.get(key);
      if (same) same.push(stage);
      else byNames.set(key, [stage]);
    }
  }
  return [...byNames.values()]
    .flatMap((same) => {
      const first = same[0];
      const durations = ascending(same.map(({ durationMs }) => durationMs));
      const medianMs = quantileOfSorted(durations, 0.5);
      if (!first || medianMs === undefined) return [];
      return {
        names: first.names,
        within: first.within,
        count: same.length,
        medianMs,
        interval: medianIntervalOfSorted(durations),
        p95Ms: p95OfSorted(durations),
        resolutionMs: median(same.map(({ resolutionMs }) => resolutionMs)) ?? 0,
      };
    })
    .sort(byPlace);
}

function nearest(ready: readonly { readonly trialId: string; readonly readyMs: number }[], medianMs: number): string | undefined {
  let best = ready[0];
  for (const one of ready) if (best && Math.abs(one.readyMs - medianMs) < Math.abs(best.readyMs - medianMs)) best = one;
  return best?.trialId;
}

/** Most frequent first. */
function tally<T extends string>(values: readonly T[]): [T, number][] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || (a < b ? -1 : 1));
}
