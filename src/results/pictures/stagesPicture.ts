import { formatCount, formatDuration, formatError } from "../../base/format.ts";
import { foreignLine } from "../../base/foreignText.ts";
import { stagesInWords } from "../../bench/benchWords.ts";
import { byPlace } from "../../bench/stages.ts";
import type { StageSummary } from "../../bench/summary.ts";
import type { ReportBench } from "../document.ts";
import { timeAxis } from "../timeAxis.ts";
import type { Picture, Shape } from "./picture.ts";
import { fitted, framed, headPx, marginPx, noteShape, pictureWidthPx, text, timeGrid } from "./pictureParts.ts";
import { stageFill } from "./wherePicture.ts";

const armPx = 270;
const leftPx = 280;
const rightPx = 700;
const topPx = headPx + 28;
const barPx = 12;
const barRowPx = 17;
const groupGapPx = 12;

/** Each stage's median in every arm, with its interval. Never one upon the other: medians do not add up. */
export function stagesPicture({ run, summary }: ReportBench): Picture {
  const arms = summary.arms.filter(({ stages }) => stages.length > 0);
  const all = arms.flatMap(({ stages }) => stages);
  const names = [...new Map(all.map((stage) => [stage.names.join(), stage])).values()].sort(byPlace);
  const axis = timeAxis(
    all.reduce((most, { medianMs, interval }) => Math.max(most, medianMs, interval?.high ?? 0), 0),
    5,
  );
  const x = (ms: number): number => leftPx + (Math.max(0, ms) / axis.endMs) * (rightPx - leftPx);
  const shapes: Shape[] = [];
  const told: string[] = [];
  let y = topPx + 4;
  for (const stage of names) {
    const words = stagesInWords(stage.names);
    const isWithin = stage.within !== undefined;
    shapes.push(text(marginPx, y + 10, fitted(words, 150), isWithin ? { tone: "dim" } : { isBold: true }));
    if (isWithin) shapes.push(text(marginPx, y + 24, `part of ${stage.within}`, { tone: "dim", sizePx: 11 }));
    const groupTop = y;
    for (const { arm, stages } of arms) {
      const own = stages.find((one) => one.names.join() === stage.names.join());
      const said = own ? medianText(own) : "–";
      told.push(`${words}, ${foreignLine(arm, 60)}: ${said}.`);
      shapes.push(
        text(armPx, y + 10, fitted(arm, 96, 11), { anchor: "end", tone: "dim", sizePx: 11 }),
        ...(own ? barShapes(own, y, x, `${words}, ${foreignLine(arm, 60)}: ${said}`) : []),
        text(pictureWidthPx - marginPx, y + 10, said, { anchor: "end", sizePx: 12 }),
      );
      y += barRowPx;
    }
    y = Math.max(y, groupTop + (isWithin ? 30 : 16)) + groupGapPx;
  }
  const bottomPx = y - groupGapPx + 4;
  const title = `Stages of ${foreignLine(run.plan.name, 80)}`;
  const sentence = `Medians of the trials that count: ${arms.map(({ arm, counts }) => `${foreignLine(arm, 40)} n ${formatCount(counts.counted)}`).join(", ")}.`;
  return framed({
    heightPx: bottomPx + 36,
    title,
    sentence,
    told,
    shapes: [
      ...timeGrid(axis, x, topPx, bottomPx),
      ...shapes,
      noteShape("Line: the median's interval. Medians of stages do not add up to the median of the whole.", bottomPx + 22),
    ],
  });
}

function barShapes(stage: StageSummary, y: number, x: (ms: number) => number, title: string): readonly Shape[] {
  const { medianMs, interval, resolutionMs } = stage;
  const isWide = interval && x(interval.high) - x(interval.low) > 2 && interval.high - interval.low > 2 * resolutionMs;
  return [
    { kind: "rect", x: x(0), y, width: Math.max(1, x(medianMs) - x(0)), height: barPx, fill: stageFill(stage), title },
    ...(isWide
      ? [
          {
            kind: "line",
            x1: x(interval.low),
            y1: y + barPx + 2,
            x2: x(interval.high),
            y2: y + barPx + 2,
            tone: "strong",
            widthPx: 1.5,
          } as const,
        ]
      : []),
  ];
}

/** The median with its interval, or with how wrong it may be where that is more. */
function medianText({ medianMs, interval, resolutionMs }: StageSummary): string {
  if (medianMs < resolutionMs) return `< ${formatDuration(medianMs + resolutionMs)}`;
  const isWide = interval && interval.high - interval.low > 2 * resolutionMs;
  return `${formatDuration(medianMs)} ${isWide ? `(${formatDuration(interval.low)}–${formatDuration(interval.high)})` : formatError(resolutionMs)}`;
}
