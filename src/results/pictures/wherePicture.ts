import { formatCount, formatDuration } from "../../base/format.ts";
import { foreignLine } from "../../base/foreignText.ts";
import { stagesInWords, stageWords } from "../../bench/benchWords.ts";
import { stageNames, stagesOfTrial, type Stage, type TrialStages } from "../../bench/stages.ts";
import type { ArmSummary } from "../../bench/summary.ts";
import { verdictOf } from "../../bench/verdict.ts";
import type { ReportBench } from "../document.ts";
import { timeAxis } from "../timeAxis.ts";
import type { FillName, Picture, Shape } from "./picture.ts";
import { fitted, framed, headPx, keyShapes, marginPx, noteShape, pictureWidthPx, text, timeGrid, widthOf } from "./pictureParts.ts";

const leftPx = 150;
const rightPx = 750;
const topPx = headPx + 22;
const rowPx = 58;
const barPx = 24;

/** Where the time goes: the stages of the real trial nearest each arm's median, and beneath it the median of all with its interval. */
export function wherePicture({ run, summary }: ReportBench): Picture {
  const rows = summary.arms.map((arm) => {
    const nearest = run.trials.find(({ id }) => id === arm.nearestTrialId);
    return { arm, stages: nearest ? stretchesOf(stagesOfTrial(nearest, run.environment.clockOffsets)) : [] };
  });
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
  const keys = keyShapes(
    [...stageNames, "several" as const]
      .filter((name) => seen.has(name))
      .map((fill) => ({ fill, words: fill === "several" ? "several stages" : stageWords[fill] })),
    bottomPx + 16,
  );
  const title = `Cold start of ${foreignLine(run.plan.name, 80)}`;
  const answer = foreignLine(verdictOf(summary)[0] ?? "", 400);
  return framed({
    heightPx: bottomPx + 16 + keys.heightPx + 24,
    title,
    sentence: answer,
    told: rows.map(({ arm }) => spoken(arm)),
    shapes: [
      text(pictureWidthPx - marginPx, topPx - 8, "time to ready", { tone: "dim", anchor: "end", sizePx: 11 }),
      ...timeGrid(axis, x, topPx, bottomPx),
      ...rows.flatMap((row, index) => rowShapes(row, topPx + index * rowPx, x)),
      ...keys.shapes,
      noteShape(
        "Bars: the real trial nearest the median. Dot and line: median of all and its interval.",
        bottomPx + 16 + keys.heightPx + 10,
      ),
    ],
  });
}

/** A stage's stretch from the request on. */
interface Stretch {
  readonly fill: FillName;
  readonly words: string;
  readonly fromMs: number;
  readonly lengthMs: number;
}

function stretchesOf({ stages, beganAtEpochMs = 0 }: TrialStages): readonly Stretch[] {
  return stages
    .filter(({ within, durationMs }) => within === undefined && durationMs > 0)
    .map((stage) => ({
      fill: stageFill(stage),
      words: stagesInWords(stage.names),
      fromMs: stage.from.atEpochMs - beganAtEpochMs,
      lengthMs: stage.durationMs,
    }));
}

/** Colour and pattern of a stage; those that were not told apart share one. */
export function stageFill({ names }: Pick<Stage, "names">): FillName {
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
  const right = pictureWidthPx - marginPx;
  return [
    text(leftPx - 12, middle, fitted(arm.arm, leftPx - 12 - marginPx), { anchor: "end" }),
    ...stages.flatMap((stage): Shape[] => {
      const [from, width] = [x(stage.fromMs), x(stage.fromMs + stage.lengthMs) - x(stage.fromMs)];
      const title = `${stage.words} ${formatDuration(stage.lengthMs)}`;
      const label = [title, formatDuration(stage.lengthMs)].find((one) => widthOf(one, 12) + 10 < width);
      return [
        { kind: "rect", x: from, y: y + 8, width: Math.max(1, width), height: barPx, fill: stage.fill, title },
        ...(label === undefined
          ? []
          : [text(from + 6, middle, label, { tone: stage.fill === "unaccounted" ? "strong" : "on-fill", sizePx: 12 })]),
      ];
    }),
    ...(ready?.interval
      ? [{ kind: "line", x1: x(ready.interval.low), y1: under, x2: x(ready.interval.high), y2: under, tone: "strong", widthPx: 2 } as const]
      : []),
    ...(ready
      ? [
          { kind: "dot", x: x(ready.medianMs), y: under, radiusPx: 4, tone: "strong" } as const,
          text(right, y + 22, formatDuration(ready.medianMs), { anchor: "end", isBold: true, sizePx: 15 }),
          text(
            right,
            y + 38,
            `${ready.interval ? `${formatDuration(ready.interval.low)}–${formatDuration(ready.interval.high)} · ` : ""}n ${formatCount(ready.count)}`,
            { anchor: "end", tone: "dim", sizePx: 11 },
          ),
        ]
      : [text(right, middle, "no trial counts", { anchor: "end", tone: "dim" })]),
  ];
}

function spoken({ arm, ready, counts }: ArmSummary): string {
  const name = foreignLine(arm, 60);
  return ready
    ? `${name}: ${formatDuration(ready.medianMs)} to ready, ${ready.count} trials.`
    : `${name}: no time of ${counts.all} trials.`;
}
