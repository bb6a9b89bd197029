import { byPlace, stagesOfTrial, timeTo, type StageName } from "../bench/stages.ts";
import { csvLine } from "./csvLine.ts";
import type { ReportBench } from "./document.ts";

/**
 * Trials × stages for spreadsheets (RFC 4180): one row a trial in the order of execution, times in ms. A stage of merged names
 * (`pull+create`) has a column of its own. Empty: not seen.
 */
export function benchCsv({ run }: ReportBench): string {
  const trials = run.trials.map((trial) => ({ trial, stages: stagesOfTrial(trial, run.environment.clockOffsets) }));
  const keys = new Map<string, readonly StageName[]>();
  for (const { stages } of trials) for (const { names } of stages.stages) keys.set(names.join("+"), names);
  const columns = [...keys].sort(([, a], [, b]) => byPlace({ names: a }, { names: b })).map(([key]) => key);
  const rows = trials.map(({ trial, stages }) => [
    run.plan.name,
    trial.id,
    trial.arm,
    trial.block,
    trial.order,
    trial.node,
    trial.outcome.kind,
    trial.outcome.kind === "failed" ? trial.outcome.reason : undefined,
    trial.taints.join(" "),
    trial.coldness.reached,
    trial.laziness?.snapshotter,
    trial.laziness === undefined ? undefined : trial.laziness.isLazy ? "yes" : "no",
    trial.laziness?.fetched?.bytes,
    timeTo("started", stages),
    timeTo("ready", stages),
    timeTo("first-answer", stages),
    ...columns.flatMap((key) => {
      const stage = stages.stages.find(({ names }) => names.join("+") === key);
      return [stage?.durationMs, stage?.resolutionMs];
    }),
  ]);
  return [[...fixedColumns, ...columns.flatMap((key) => [`${key}_ms`, `${key}_error_ms`])], ...rows].map(csvLine).join("");
}

const fixedColumns = [
  "run",
  "trial",
  "arm",
  "block",
  "order",
  "node",
  "outcome",
  "reason",
  "taints",
  "coldness",
  "snapshotter",
  "lazy",
  "fetched_bytes",
  "to_started_ms",
  "to_ready_ms",
  "to_first_answer_ms",
];
