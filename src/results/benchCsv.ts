import { foreignLine } from "../base/foreignText.ts";
import { byPlace, stagesOfTrial, timeTo, type StageName } from "../bench/stages.ts";
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
  return [[...fixedColumns, ...columns.flatMap((key) => [`${key}_ms`, `${key}_error_ms`])], ...rows].map(line).join("");
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

function line(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection). */
export function csvCell(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(Math.round(value * 1000) / 1000);
  const text = foreignLine(value, 1000);
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
