import { formatBytes, formatDuration } from "../base/format.ts";
import { coldnessWords, stagesInWords } from "../bench/benchWords.ts";
import { fasterText, ratioBasisText } from "../bench/ratioWords.ts";
import { byPlace, type StageName } from "../bench/stages.ts";
import type { ArmSummary, BenchSummary, StageSummary, TimeSummary } from "../bench/summary.ts";
import type { PairedRatio } from "../stats/pairedRatio.ts";
import type { ReportBench } from "./document.ts";
import { durationWithError, signedDuration } from "./stageText.ts";

/** One table of a benchmark's report, for terminal, Markdown and panel alike. Cells hold names as they came: who prints escapes. */
export interface BenchTable {
  readonly title: string;
  /** A column whose name begins with `>` is aligned to the right. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How to read it, in one sentence. */
  readonly note?: string;
}

/** Answer first: times of the arms, what shows that they are true, the stages. */
export function benchTables({ run, summary }: ReportBench): readonly BenchTable[] {
  return [timesTable(summary), proofTable(summary), stageTable(summary, run.plan.trialsPerArm)].filter(({ rows }) => rows.length > 0);
}

function timesTable({ arms, baseline, comparisons }: BenchSummary): BenchTable {
  return {
    title: "Time from the request, medians",
    columns: [
      "arm",
      ">n",
      ">to start",
      "interval",
      ">to ready",
      "interval",
      ...(baseline === undefined ? [] : [`to ready against ${baseline}`]),
    ],
    rows: arms.map((arm) => {
      const comparison = comparisons.find((one) => one.arm === arm.arm);
      return [
        arm.arm,
        `${arm.counts.counted} of ${arm.counts.all}`,
        ...timeCells(arm.started),
        ...timeCells(arm.ready),
        ...(baseline === undefined ? [] : [arm.arm === baseline ? "baseline" : ratioCell(comparison?.ready)]),
      ];
    }),
    note: "Intervals hold the true median as often as they say; n counts the trials that were ready and without a taint.",
  };
}

function timeCells(time: TimeSummary | undefined): readonly [string, string] {
  if (!time) return ["–", ""];
  const { medianMs, interval, lowestMs, highestMs, errorMs, count } = time;
  const bounds = interval
    ? `${Math.round(interval.level * 100)} % CI ${formatDuration(interval.low)}–${formatDuration(interval.high)}`
    : count > 1
      ? `range ${formatDuration(lowestMs)}–${formatDuration(highestMs)}`
      : "one trial";
  return [durationWithError(medianMs, errorMs), bounds];
}

function ratioCell(ratio: PairedRatio | undefined): string {
  return ratio ? `${fasterText(ratio.ratio)} (${ratioBasisText(ratio, ratio.ratio < 1)})` : "–";
}

function proofTable({ arms }: BenchSummary): BenchTable {
  return {
    title: "What shows it",
    columns: ["arm", "cold", "root", ">fetched at ready", "range", "counted by", "node type"],
    rows: arms
      .filter(
        ({ counts, coldness, laziness }) =>
          counts.counted > 0 && (laziness.unknown < counts.counted || coldness.some(({ level }) => level !== "L0")),
      )
      .map((arm) => [
        arm.arm,
        arm.coldness
          .map(({ level, count }) => `${level} ${coldnessWords[level]}${arm.coldness.length > 1 ? ` (${count})` : ""}`)
          .join("; "),
        rootCell(arm),
        arm.fetched ? formatBytes(arm.fetched.medianBytes) : "–",
        rangeCell(arm),
        arm.fetched?.sources.join("; ") ?? "",
        arm.nodeTypes.join("; "),
      ]),
  };
}

function rangeCell({ fetched }: ArmSummary): string {
  if (!fetched) return "";
  const [lowest, highest] = [formatBytes(fetched.lowestBytes), formatBytes(fetched.highestBytes)];
  return lowest === highest ? "each time" : `${lowest}–${highest}`;
}

function rootCell({ laziness: { lazy, notLazy, unknown } }: ArmSummary): string {
  const parts = [
    ...(lazy > 0 ? [`${lazy} lazily loaded`] : []),
    ...(notLazy > 0 ? [`${notLazy} on disk`] : []),
    ...(unknown > 0 ? [`${unknown} not looked at`] : []),
  ];
  return parts.join(", ");
}

function stageTable({ arms }: BenchSummary, trialsPerArm: number): BenchTable {
  const having = arms.filter(({ stages }) => stages.length > 0);
  const keys = new Map<string, StageSummary>();
  for (const arm of having) for (const stage of arm.stages) keys.set(keyOf(stage.names), stage);
  const stages = [...keys.values()].sort(byPlace);
  const hasP95 = having.some((arm) => arm.stages.some(({ p95Ms }) => p95Ms !== undefined));
  return {
    title: "Stages, medians",
    columns: ["stage", ...having.flatMap(({ arm }) => [`>${arm}`, ...(hasP95 ? [">p95"] : [])])],
    rows: stages.map(({ names, within }) => [
      `${within === undefined ? "" : "  of it: "}${stagesInWords(names)}`,
      ...having.flatMap((arm) => {
        const stage = arm.stages.find((one) => keyOf(one.names) === keyOf(names));
        const p95 = stage?.p95Ms === undefined ? "" : signedDuration(stage.p95Ms);
        return [stage ? stageCell(stage, arm.counts.counted) : "–", ...(hasP95 ? [p95] : [])];
      }),
    ]),
    note: `Medians of stages do not add up to the median of the whole${trialsPerArm < 20 ? "; no percentiles below 20 trials" : ""}.`,
  };
}

function stageCell({ medianMs, resolutionMs, count }: StageSummary, counted: number): string {
  const seen = count < counted ? ` (${count} of ${counted})` : "";
  return `${durationWithError(medianMs, resolutionMs)}${seen}`;
}

function keyOf(names: readonly StageName[]): string {
  return names.join("+");
}
