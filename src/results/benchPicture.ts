import { formatCount, formatDuration, formatTick } from "../base/format.ts";
import { foreignLine } from "../base/foreignText.ts";
import { stagesInWords, stageWords } from "../bench/benchWords.ts";
import { stageNames, stagesOfTrial, type Stage, type TrialStages } from "../bench/stages.ts";
import type { ArmSummary, BenchSummary } from "../bench/summary.ts";
import type { Trial } from "../bench/trial.ts";
import { verdictOf } from "../bench/verdict.ts";
import type { ReportBench } from "./document.ts";
import type { FillName, Picture, Shape, Tone } from "./picture.ts";
import { timeAxis } from "./timeAxis.ts";

const widthPx = 900;
const leftPx = 150;
const rightPx = 750;
const topPx = 84;
const rowPx = 58;
const barPx = 24;

export interface BenchPictureInput {
  /** Of the plan. */
  readonly name: string;
  readonly summary: BenchSummary;
  /** The trial nearest each arm's median; an arm without one has no bar. */
  readonly nearest: readonly { readonly trial: Pick<Trial, "arm">; readonly stages: TrialStages }[];
}

/** The same of a saved benchmark. */
export function pictureOfBench({ run, summary }: ReportBench): Picture {
  const nearest = summary.arms.flatMap(({ arm, nearestTrialId }) =>
    run.trials
      .filter((trial) => trial.arm === arm && trial.id === nearestTrialId)
      .map((trial) => ({ trial, stages: stagesOfTrial(trial, run.environment.clockOffsets) })),
  );
  return benchPicture({ name: run.plan.name, summary, nearest });
}

/** Where the time goes: the stages of the real trial nearest each arm's median, and beneath it the median of all with its interval. */
export function benchPicture({ name, summary, nearest }: BenchPictureInput): Picture {
  const rows = summary.arms.map((arm) => ({ arm, stages: stretchesOf(nearest.find((one) => one.trial.arm === arm.arm)?.stages) }));
  const axis = timeAxis(
    Math.max(
      0,
      ...rows.map(({ stages }) => lastEnd(stages)),
      ...summary.arms.map(({ ready }) => ready?.interval?.high ?? ready?.medianMs ?? 0),
    ),
  );
  const x = (ms: number): number => leftPx + (ms / axis.endMs) * (rightPx - leftPx);
  const bottomPx = topPx + rows.length * rowPx;
  const seen = new Set(rows.flatMap(({ stages }) => stages.filter(({ lengthMs }) => lengthMs > axis.endMs / 200).map(({ fill }) => fill)));
  const keys = [...stageNames, "several" as const].filter((name) => seen.has(name));
  const keyRows = Math.max(1, Math.ceil(keys.length / 6));
  const answer = foreignLine(verdictOf(summary)[0] ?? "", 400);
  return {
    widthPx,
    heightPx: bottomPx + 34 + keyRows * 22,
    title: `Cold start of ${foreignLine(name, 80)}`,
    description: `${answer} ${rows.map(({ arm }) => spoken(arm)).join(" ")}`,
    shapes: [
      text(20, 28, `Cold start of ${foreignLine(name, 80)}`, { sizePx: 18, isBold: true }),
      text(20, 50, cut(answer, 125), { tone: "dim", sizePx: 13 }),
      text(widthPx - 20, 76, "time to ready", { tone: "dim", anchor: "end", sizePx: 11 }),
      ...axis.ticksMs.flatMap((tick): Shape[] => [
        { kind: "line", x1: x(tick), y1: topPx, x2: x(tick), y2: bottomPx, tone: "faint", widthPx: 1 },
        text(x(tick), 76, formatTick(tick), { tone: "dim", anchor: tick === 0 ? "start" : "middle", sizePx: 11 }),
      ]),
      ...rows.flatMap((row, index) => rowShapes(row, topPx + index * rowPx, x)),
      ...keys.flatMap((name, index) => keyShapes(name, 20 + (index % 6) * 143, bottomPx + 26 + Math.floor(index / 6) * 22)),
      text(widthPx - 20, bottomPx + 12, "bars: the real trial nearest the median · dot and line: median of all and its interval", {
        tone: "dim",
        anchor: "end",
        sizePx: 11,
      }),
    ],
  };
}

/** A stage's stretch from the request on. */
interface Stretch {
  readonly fill: FillName;
  readonly words: string;
  readonly fromMs: number;
  readonly lengthMs: number;
}

function stretchesOf(found: TrialStages | undefined): readonly Stretch[] {
  const { stages = [], beganAtEpochMs = 0 } = found ?? {};
  return stages
    .filter(({ within, durationMs }) => within === undefined && durationMs > 0)
    .map((stage) => ({
      fill: fillOf(stage),
      words: stagesInWords(stage.names),
      fromMs: stage.from.atEpochMs - beganAtEpochMs,
      lengthMs: stage.durationMs,
    }));
}

function fillOf({ names }: Stage): FillName {
  return (names.length === 1 ? names[0] : undefined) ?? "several";
}

function lastEnd(stages: readonly Stretch[]): number {
  return stages.reduce((end, { fromMs, lengthMs }) => Math.max(end, fromMs + lengthMs), 0);
}

function rowShapes(
  { arm, stages }: { readonly arm: ArmSummary; readonly stages: readonly Stretch[] },
  y: number,
  x: (ms: number) => number,
): readonly Shape[] {
  const { ready } = arm;
  const middle = y + 8 + barPx / 2 + 4;
  const under = y + barPx + 20;
  return [
    text(leftPx - 12, middle, cut(foreignLine(arm.arm, 60), 20), { anchor: "end" }),
    ...stages.flatMap((stage): Shape[] => {
      const [from, width] = [x(stage.fromMs), x(stage.fromMs + stage.lengthMs) - x(stage.fromMs)];
      const label = [`${stage.words} ${formatDuration(stage.lengthMs)}`, formatDuration(stage.lengthMs)].find(
        (one) => one.length * 6.6 + 10 < width,
      );
      return [
        {
          kind: "rect",
          x: from,
          y: y + 8,
          width: Math.max(1, width),
          height: barPx,
          fill: stage.fill,
          title: `${stage.words} ${formatDuration(stage.lengthMs)}`,
        },
        ...(label === undefined
          ? []
          : [text(from + 6, middle, label, { tone: stage.fill === "unaccounted" ? "strong" : "on-fill", sizePx: 12 })]),
      ];
    }),
    ...(ready?.interval
      ? [{ kind: "line", x1: x(ready.interval.low), y1: under, x2: x(ready.interval.high), y2: under, tone: "strong", widthPx: 2 } as const]
      : []),
    ...(ready ? [{ kind: "dot", x: x(ready.medianMs), y: under, radiusPx: 4, tone: "strong" } as const] : []),
    ...(ready
      ? [
          text(widthPx - 20, y + 22, formatDuration(ready.medianMs), { anchor: "end", isBold: true, sizePx: 15 }),
          text(
            widthPx - 20,
            y + 38,
            `${ready.interval ? `${formatDuration(ready.interval.low)}–${formatDuration(ready.interval.high)} · ` : ""}n ${formatCount(ready.count)}`,
            { anchor: "end", tone: "dim", sizePx: 11 },
          ),
        ]
      : [text(widthPx - 20, middle, "no trial counts", { anchor: "end", tone: "dim" })]),
  ];
}

function keyShapes(name: FillName, x: number, y: number): readonly Shape[] {
  const words = name === "several" ? "several stages" : stageWords[name];
  return [{ kind: "rect", x, y, width: 14, height: 12, fill: name, title: words }, text(x + 20, y + 10, words, { sizePx: 12 })];
}

function text(
  x: number,
  y: number,
  words: string,
  look: { readonly sizePx?: number; readonly isBold?: boolean; readonly anchor?: "start" | "middle" | "end"; readonly tone?: Tone } = {},
): Shape {
  return { kind: "text", x, y, text: words, sizePx: 13, isBold: false, anchor: "start", tone: "strong", ...look };
}

function cut(words: string, mostCharacters: number): string {
  return words.length > mostCharacters ? `${words.slice(0, mostCharacters - 1)}…` : words;
}

function spoken({ arm, ready, counts }: ArmSummary): string {
  const name = foreignLine(arm, 60);
  return ready
    ? `${name}: ${formatDuration(ready.medianMs)} to ready, ${ready.count} trials.`
    : `${name}: no time of ${counts.all} trials.`;
}
