import { formatCount, formatDuration, formatTick } from "../../base/format.ts";
import { foreignLine } from "../../base/foreignText.ts";
import { measuredTrials, type MeasuredTrial } from "../../bench/measuredTrials.ts";
import type { ArmSummary } from "../../bench/summary.ts";
import type { ReportBench } from "../document.ts";
import { spreadText } from "../spreadText.ts";
import { timeAxis } from "../timeAxis.ts";
import type { Picture, Shape } from "./picture.ts";
import { fitted, framed, headPx, marginPx, noteShape, pictureWidthPx, text, widthOf } from "./pictureParts.ts";

const leftPx = 70;
const rightPx = 760;
const topPx = headPx + 12;
const bottomPx = topPx + 300;
/** From here on points are small, and nobody points at one. */
const manyTrials = 1000;

/** Every trial with a time as a point in order of execution, so that drift and outliers are seen; a line for each arm's median. */
export function trialsPicture({ run, summary }: ReportBench): Picture {
  const trials = measuredTrials(run).filter(({ readyMs }) => readyMs !== undefined);
  const axis = timeAxis(
    trials.reduce((most, { readyMs = 0 }) => Math.max(most, readyMs), 0),
    5,
  );
  const lastOrder = run.trials.reduce((last, { order }) => Math.max(last, order), 0) + 1;
  const x = (order: number): number => leftPx + 8 + (order / Math.max(1, lastOrder - 1)) * (rightPx - leftPx - 16);
  const y = (ms: number): number => bottomPx - (ms / axis.endMs) * (bottomPx - topPx);
  const title = `Every trial of ${foreignLine(run.plan.name, 80)}`;
  const without = run.trials.length - trials.length;
  const sentence = `Time to ready in order of execution: a slope is drift.${
    without === 0 ? "" : ` ${without === 1 ? "1 trial has" : `${formatCount(without)} trials have`} no time to show.`
  }`;
  return framed({
    heightPx: bottomPx + 88,
    title,
    sentence,
    told: summary.arms.map(spreadText),
    shapes: [
      ...axis.ticksMs.flatMap((tick): Shape[] => [
        { kind: "line", x1: leftPx, y1: y(tick), x2: rightPx, y2: y(tick), tone: "faint", widthPx: 1 },
        text(leftPx - 8, y(tick) + 4, formatTick(tick), { tone: "dim", anchor: "end", sizePx: 11 }),
      ]),
      ...orderTicks(lastOrder).map((at) => text(x(at - 1), bottomPx + 18, formatCount(at), { tone: "dim", anchor: "middle", sizePx: 11 })),
      text(rightPx, bottomPx + 34, "order of execution", { tone: "dim", anchor: "end", sizePx: 11 }),
      ...medianShapes(summary.arms, y),
      ...summary.arms.flatMap(({ arm, outliers }, series) => {
        const far = new Set(outliers.map(({ trialId }) => trialId));
        return trials
          .filter(({ trial }) => trial.arm === arm)
          .flatMap((one) => pointShapes(one, { series, isFar: far.has(one.trial.id), isMany: trials.length > manyTrials, x, y }));
      }),
      ...legendShapes(summary.arms, bottomPx + 56),
      noteShape("Dashed: median. Hollow: set aside, in no number. Ring: outlier, kept in every number.", bottomPx + 78),
    ],
  });
}

function pointShapes(
  { trial, readyMs = 0, isCounted }: MeasuredTrial,
  at: {
    readonly series: number;
    readonly isFar: boolean;
    readonly isMany: boolean;
    readonly x: (order: number) => number;
    readonly y: (ms: number) => number;
  },
): readonly Shape[] {
  const place = { x: at.x(trial.order), y: at.y(readyMs) };
  const radiusPx = at.isMany ? 1.6 : 4.5;
  const mark: Shape = {
    kind: "mark",
    ...place,
    radiusPx,
    series: at.series,
    isHollow: !isCounted,
    ...(!at.isMany && { title: `${foreignLine(trial.arm, 60)}, trial ${trial.order + 1}: ${formatDuration(readyMs)}` }),
  };
  return at.isFar ? [mark, { kind: "ring", ...place, radiusPx: radiusPx + 3.5 }] : [mark];
}

/** At most ten, the first trial among them. */
function orderTicks(last: number): readonly number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((each) => last / each <= 10) ?? Math.ceil(last / 10);
  return [...new Set([1, ...Array.from({ length: Math.floor(last / step) }, (_, index) => (index + 1) * step)])].filter(
    (at) => at === 1 || step === 1 || at >= step,
  );
}

/** The lines, and beside them their names, pushed apart where they would cover each other. */
function medianShapes(arms: readonly ArmSummary[], y: (ms: number) => number): readonly Shape[] {
  let freeFrom = -Infinity;
  return arms
    .flatMap(({ arm, ready }) => (ready ? [{ arm, medianMs: ready.medianMs }] : []))
    .sort((a, b) => b.medianMs - a.medianMs)
    .flatMap(({ arm, medianMs }): Shape[] => {
      const at = y(medianMs);
      const base = Math.max(at + 4, freeFrom);
      freeFrom = base + 26;
      return [
        { kind: "line", x1: leftPx, y1: at, x2: rightPx, y2: at, tone: "dim", widthPx: 1, isDashed: true },
        text(rightPx + 8, base, formatDuration(medianMs), { sizePx: 12, isBold: true }),
        text(rightPx + 8, base + 13, fitted(arm, pictureWidthPx - rightPx - 12, 11), { sizePx: 11, tone: "dim" }),
      ];
    });
}

function legendShapes(arms: readonly ArmSummary[], y: number): readonly Shape[] {
  let x = marginPx;
  return arms.flatMap(({ arm }, series): Shape[] => {
    const name = fitted(arm, 160, 12);
    const at = x;
    x += 20 + widthOf(name, 12) + 16;
    return [{ kind: "mark", x: at + 6, y: y - 4, radiusPx: 4.5, series, isHollow: false }, text(at + 18, y, name, { sizePx: 12 })];
  });
}
