import { formatCount, formatDuration, formatError } from "../../base/format.ts";
import { foreignLine } from "../../base/foreignText.ts";
import { sourceWords, stagesInWords } from "../../bench/benchWords.ts";
import { stagesOfTrial, type Stage } from "../../bench/stages.ts";
import type { Trial } from "../../bench/trial.ts";
import type { ReportBench } from "../document.ts";
import { tookText } from "../stageText.ts";
import { timeAxis } from "../timeAxis.ts";
import type { Picture, Shape } from "./picture.ts";
import { fitted, framed, headPx, marginPx, noteShape, pictureWidthPx, text, timeGrid } from "./pictureParts.ts";
import { stageFill } from "./wherePicture.ts";

const leftPx = 175;
const rightPx = 590;
const tookPx = 672;
const exactPx = 738;
const sourcePx = 752;
const topPx = headPx + 28;
const rowPx = 27;
const barPx = 17;

/** The stages of one real trial, each with what it took, how exact that is and what its end was seen in. */
export function waterfallPicture({ run, summary }: ReportBench, trial: Trial): Picture {
  const { stages, beganAtEpochMs = 0, totalMs, unaccountedMs } = stagesOfTrial(trial, run.environment.clockOffsets);
  const axis = timeAxis(totalMs, 6);
  const x = (ms: number): number => leftPx + (ms / axis.endMs) * (rightPx - leftPx);
  const bottomPx = topPx + stages.length * rowPx;
  const arm = summary.arms.find((one) => one.arm === trial.arm);
  const isNearest = arm?.nearestTrialId === trial.id;
  const title = `${foreignLine(trial.arm, 60)}, trial ${formatCount(trial.order + 1)} of ${foreignLine(run.plan.name, 60)}`;
  const end = stages.at(-1)?.to.mark.replace("-", " ") ?? "the end";
  const why = isNearest
    ? ` The real trial nearest the median${arm.ready ? ` of ${formatDuration(arm.ready.medianMs)}` : ""}, not an average.`
    : "";
  const answer = `${formatDuration(totalMs)} to ${end}.${why}`;
  return framed({
    heightPx: bottomPx + 62,
    title,
    sentence: answer,
    told: [...stages.map(spoken), `${formatDuration(unaccountedMs)} unaccounted.`],
    shapes: [
      ...timeGrid(axis, x, topPx, bottomPx),
      text(tookPx, topPx - 8, "took", { tone: "dim", anchor: "end", sizePx: 11 }),
      text(exactPx, topPx - 8, "exact to", { tone: "dim", anchor: "end", sizePx: 11 }),
      text(sourcePx, topPx - 8, "end seen in", { tone: "dim", sizePx: 11 }),
      ...stages.flatMap((stage, index) => rowShapes(stage, beganAtEpochMs, topPx + index * rowPx, x)),
      { kind: "line", x1: marginPx, y1: bottomPx + 4, x2: pictureWidthPx - marginPx, y2: bottomPx + 4, tone: "faint", widthPx: 1 },
      text(leftPx - 12, bottomPx + 24, "all", { anchor: "end", isBold: true }),
      text(leftPx, bottomPx + 24, `${formatDuration(unaccountedMs)} unaccounted`, { tone: "dim", sizePx: 12 }),
      text(tookPx, bottomPx + 24, formatDuration(totalMs), { anchor: "end", isBold: true }),
      noteShape("Line under a bar: where its end may lie by what was seen. Thin: a part of another stage, in no sum.", bottomPx + 48),
    ],
  });
}

function rowShapes(stage: Stage, beganAtEpochMs: number, y: number, x: (ms: number) => number): readonly Shape[] {
  const { from, to, durationMs, names, within, resolutionMs } = stage;
  const isWithin = within !== undefined;
  const base = y + 17;
  const at = from.atEpochMs - beganAtEpochMs;
  const start = x(Math.min(at, at + durationMs));
  const tone = isWithin ? "dim" : "strong";
  const spreadPx = x(to.latestEpochMs - beganAtEpochMs) - x(to.earliestEpochMs - beganAtEpochMs);
  return [
    text(leftPx - 12, base, fitted(stagesInWords(names), leftPx - 12 - marginPx), { anchor: "end", tone }),
    {
      kind: "rect",
      x: start,
      y: y + (isWithin ? 8 : 4),
      width: Math.max(1, x(Math.max(at, at + durationMs)) - start),
      height: isWithin ? barPx - 8 : barPx,
      fill: stageFill(stage),
      title: spoken(stage),
    },
    ...(spreadPx > 3 && !isWithin
      ? [
          {
            kind: "line",
            x1: x(to.earliestEpochMs - beganAtEpochMs),
            y1: y + 23.5,
            x2: x(to.latestEpochMs - beganAtEpochMs),
            y2: y + 23.5,
            tone: "strong",
            widthPx: 2,
          } as const,
        ]
      : []),
    text(tookPx, base, tookText(stage), { anchor: "end", tone }),
    text(exactPx, base, formatError(resolutionMs), { anchor: "end", tone: "dim", sizePx: 12 }),
    text(sourcePx, base, fitted(sourceWords[to.source], pictureWidthPx - sourcePx - 4, 11), { tone: "dim", sizePx: 11 }),
  ];
}

function spoken(stage: Stage): string {
  const of = stage.within === undefined ? "" : `, part of ${stage.within}`;
  return `${stagesInWords(stage.names)}${of}: ${tookText(stage)} ${formatError(stage.resolutionMs)}.`;
}
