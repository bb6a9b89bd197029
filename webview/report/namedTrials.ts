import { formatDuration } from "../../src/base/format.ts";
import type { PanelBench, TrialRow } from "../../src/protocol/reportMessages.ts";

/** The trials of an arm that have a name, and the one that is shown. */
export function namedTrials({ summary, trials }: PanelBench, arm: string, shownId: string): readonly (readonly [string, string])[] {
  const own = trials.filter((trial) => trial.arm === arm);
  const { nearestTrialId, outliers = [] } = summary.arms.find((one) => one.arm === arm) ?? {};
  const named = new Map<string, string>();
  const name = (id: string | undefined, text: string): void => {
    if (id !== undefined && !named.has(id)) named.set(id, text);
  };
  name(nearestTrialId, "nearest the median");
  const { fastest, slowest } = extremesOf(own);
  name(fastest?.id, "fastest");
  name(slowest?.id, "slowest");
  for (const { trialId } of outliers.slice(0, 8)) name(trialId, "outlier");
  for (const trial of own.filter(({ outcome }) => outcome !== "ready").slice(0, 5)) name(trial.id, trial.failure ?? trial.outcome);
  for (const trial of own.filter(({ outcome, taints }) => outcome === "ready" && taints.length > 0).slice(0, 5))
    name(trial.id, "set aside");
  name(shownId === "" ? undefined : shownId, "picked");
  return own.flatMap((trial) => {
    const text = named.get(trial.id);
    return text === undefined ? [] : [[trial.id, `Trial ${trial.order + 1} · ${timeText(trial)} · ${text}`] as const];
  });
}

/** Of those that count. */
export function extremesOf(trials: readonly TrialRow[]): {
  readonly fastest: TrialRow | undefined;
  readonly slowest: TrialRow | undefined;
} {
  let fastest: TrialRow | undefined;
  let slowest: TrialRow | undefined;
  for (const trial of trials) {
    if (trial.readyMs === undefined || trial.outcome !== "ready" || trial.taints.length > 0) continue;
    if (trial.readyMs < (fastest?.readyMs ?? Infinity)) fastest = trial;
    if (trial.readyMs > (slowest?.readyMs ?? -Infinity)) slowest = trial;
  }
  return { fastest, slowest };
}

export function timeText({ readyMs, outcome }: TrialRow): string {
  return readyMs === undefined ? (outcome === "timed-out" ? "never ready" : outcome) : formatDuration(readyMs);
}
