import type { BenchRun } from "../bench/benchRun.ts";
import { failureWords } from "../bench/benchWords.ts";
import { stagesOfTrial, timeTo } from "../bench/stages.ts";
import { summaryOf } from "../bench/summary.ts";
import type { Trial } from "../bench/trial.ts";
import { verdictOf } from "../bench/verdict.ts";
import type { PanelBench, TrialDetail, TrialRow } from "./reportMessages.ts";

/** What the page shows of a run; pure. Also of one that still goes on, with the trials that have ended. */
export function panelBenchOf(run: BenchRun): PanelBench {
  const { trials, ...rest } = run;
  const summary = summaryOf(run);
  const nearestIds = new Set(summary.arms.flatMap(({ nearestTrialId }) => nearestTrialId ?? []));
  return {
    run: rest,
    summary,
    verdict: verdictOf(summary),
    trials: trials.map((trial) => rowOf(trialDetailOf(trial, run))),
    nearest: summary.arms.flatMap(({ arm }) =>
      trials.filter((trial) => trial.arm === arm && nearestIds.has(trial.id)).map((trial) => trialDetailOf(trial, run)),
    ),
  };
}

export function trialDetailOf(trial: Trial, { environment }: Pick<BenchRun, "environment">): TrialDetail {
  return { trial, stages: stagesOfTrial(trial, environment.clockOffsets) };
}

/** Absent rather than undefined, so that rows are the same after JSON. */
function rowOf({ trial, stages }: TrialDetail): TrialRow {
  const { id, arm, block, order, node, outcome, taints, coldness, laziness } = trial;
  const startedMs = timeTo("started", stages);
  const readyMs = timeTo("ready", stages);
  const firstAnswerMs = timeTo("first-answer", stages);
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
