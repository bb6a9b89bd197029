import type { BenchRun } from "../bench/benchRun.ts";
import { failureWords } from "../bench/benchWords.ts";
import { measuredTrials, type MeasuredTrial } from "../bench/measuredTrials.ts";
import { stagesOfTrial } from "../bench/stages.ts";
import { summaryOf } from "../bench/summary.ts";
import type { Trial } from "../bench/trial.ts";
import { verdictOf } from "../bench/verdict.ts";
import type { PanelBench, TrialDetail, TrialRow } from "./reportMessages.ts";

/** What the page shows of a run; pure. Also of one that still goes on, with the trials that have ended. */
export function panelBenchOf(run: BenchRun): PanelBench {
  const { id, startedAtEpochMs, endedAtEpochMs, ending, plan, environment, problems } = run;
  const measured = measuredTrials(run);
  const summary = summaryOf(run, measured);
  return {
    run: { id, startedAtEpochMs, endedAtEpochMs, ending, plan, environment, problems },
    summary,
    verdict: verdictOf(summary),
    trials: measured.map(rowOf),
    nearest: summary.arms.flatMap(({ arm, nearestTrialId }) =>
      measured
        .filter(({ trial }) => trial.arm === arm && trial.id === nearestTrialId)
        .slice(0, 1)
        .map(({ trial, stages }) => ({ trial, stages })),
    ),
  };
}

export function trialDetailOf(trial: Trial, { environment }: Pick<BenchRun, "environment">): TrialDetail {
  return { trial, stages: stagesOfTrial(trial, environment.clockOffsets) };
}

/** Absent rather than undefined, so that rows are the same after JSON. */
function rowOf({ trial, startedMs, readyMs, firstAnswerMs }: MeasuredTrial): TrialRow {
  const { id, arm, block, order, node, outcome, taints, coldness, laziness } = trial;
  return {
    id,
    arm,
    block,
    order,
    ...(node !== undefined && { node }),
    outcome: outcome.kind,
    ...(outcome.kind === "failed" && { failure: failureWords[outcome.reason] }),
    taints,
    coldness: coldness.reached,
    ...(startedMs !== undefined && { startedMs }),
    ...(readyMs !== undefined && { readyMs }),
    ...(firstAnswerMs !== undefined && { firstAnswerMs }),
    ...(laziness?.fetched && { fetchedBytes: laziness.fetched.bytes }),
  };
}
