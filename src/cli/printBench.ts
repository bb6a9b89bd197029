import { verdictOf } from "../bench/verdict.ts";
import { benchSetting } from "../results/benchSetting.ts";
import { benchTables, type BenchTable } from "../results/benchTables.ts";
import type { ReportBench } from "../results/document.ts";
import { formatDuration } from "../base/format.ts";
import { printable, textTable } from "./table.ts";

/** The benchmark for people at a terminal: the answer first, then the numbers, then what they were measured on. */
export function printBench(bench: ReportBench): string {
  const { run, summary } = bench;
  const setting = benchSetting(run).map(([name, value]) => [printable(name), printable(value)]);
  return [
    verdictOf(summary)
      .map((sentence) => `${printable(sentence)}\n`)
      .join(""),
    ...benchTables(bench).map(tableText),
    outliers(bench),
    `Setting of ${printable(run.plan.name)}\n${textTable(["", ""], setting).split("\n").slice(1).join("\n")}`,
    problems(bench),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function tableText({ title, columns, rows, note }: BenchTable): string {
  const cells = rows.map((row) => row.map(printable));
  return `${title}\n${textTable(columns.map(printable), cells)}${note === undefined ? "" : `  ${note}\n`}`;
}

function outliers({ summary }: ReportBench): string {
  const lines = summary.arms.flatMap(({ arm, outliers: found }) =>
    found.map(({ trialId, readyMs }) => `  ${printable(arm)}: ${printable(trialId)} took ${formatDuration(readyMs)}\n`),
  );
  return lines.length > 0 ? `Far from the others, and counted all the same\n${lines.join("")}` : "";
}

function problems({ run }: ReportBench): string {
  const ofTrials = run.trials.flatMap(({ id, problems: found }) =>
    found.map(({ severity, message }) => ({ severity, message: `${id}: ${message}` })),
  );
  const all = [...run.problems, ...ofTrials];
  const lines = all.slice(0, 20).map(({ severity, message }) => `  ${severity}: ${printable(message)}\n`);
  return lines.length > 0 ? `Problems\n${lines.join("")}${all.length > 20 ? `  and ${all.length - 20} more\n` : ""}` : "";
}
