import { formatCount, formatDuration, formatError } from "../../base/format.ts";
import { foreignLine } from "../../base/foreignText.ts";
import type { ReportBoot } from "../../boot/bootReport.ts";
import { workClasses, type WorkClassName } from "../../boot/workClasses.ts";
import { chainRows, isFailedStart, saidOf, type ChainRow } from "../chainRows.ts";
import { timeAxis } from "../timeAxis.ts";
import type { Picture, Shape } from "./picture.ts";
import {
  fitted,
  framed,
  headPx,
  keyShapes,
  marginPx,
  noteShape,
  pictureWidthPx,
  text,
  timeGrid,
  widthOf,
  type Key,
} from "./pictureParts.ts";

const leftPx = 245;
const rightPx = 740;
const waitedPx = 812;
const tookPx = pictureWidthPx - marginPx;
const topPx = headPx + 28;
const phasePx = 52;
const rowPx = 25;
const barPx = 16;
/** More would be no picture any more; the longest are kept. */
const mostRows = 40;

/** One boot on one scale from its very beginning: its phases, and beneath them the corrected chain to the unit that is waited for. */
export function bootPicture(boot: ReportBoot, unit: string): Picture {
  const { phases, chain } = boot;
  const beforeMs = phases.reduce((sum, { phase, durationMs }) => (phase === "userspace" ? sum : sum + durationMs), 0);
  const phasesMs = phases.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const axis = timeAxis(Math.max(phasesMs, beforeMs + chain.endAtMs), 6);
  const x = (ms: number): number => leftPx + (ms / axis.endMs) * (rightPx - leftPx);
  const all = chainRows(chain.spans);
  const rows = longestRows(all);
  const chainTop = topPx + (phases.length > 0 ? phasePx : 0);
  const bottomPx = chainTop + rows.length * rowPx;
  const works = [...new Set(rows.flatMap(({ start }) => start?.class ?? []))];
  const hasWait = rows.some(({ wait }) => wait !== undefined && wait.durationMs > 0);
  const keys = keyShapes(
    [
      ...works.map((name): Key => ({ fill: `work-${name}`, words: workTitle(name) })),
      ...(hasWait ? [{ fill: "wait", words: "waiting" } as const] : []),
    ],
    bottomPx + 14,
  );
  const left = all.length - rows.length;
  const title = `Boot of ${foreignLine(boot.name, 60)}`;
  const sentence = answerOf(boot, unit);
  return framed({
    heightPx: bottomPx + 14 + keys.heightPx + 24,
    title,
    sentence,
    told: [...phases.map(phaseText), ...rows.map(spoken)].map((each) => `${each}.`),
    shapes: [
      ...timeGrid(axis, x, topPx, bottomPx),
      ...(phases.length > 0 ? phaseShapes(boot, x) : []),
      ...(rows.length > 0
        ? [
            text(waitedPx, topPx - 8, "waited", { tone: "dim", anchor: "end", sizePx: 11 }),
            text(tookPx, topPx - 8, "took", { tone: "dim", anchor: "end", sizePx: 11 }),
          ]
        : []),
      ...rows.flatMap((row, index) => rowShapes(row, chainTop + index * rowPx, (ms) => x(beforeMs + ms), row.unit === chain.blocker?.unit)),
      ...keys.shapes,
      noteShape(
        `Corrected critical chain: failed and repeated starts and the waits between units stand in it. ${left > 0 ? `${formatCount(left)} short ones are left out. ` : ""}Times ${formatError(boot.accuracyMs)}.`,
        bottomPx + 14 + keys.heightPx + 10,
      ),
    ],
  });
}

function answerOf({ chain, machine }: ReportBoot, unit: string): string {
  const { blocker, state, endAtMs } = chain;
  const what = state === "ready" ? "was ready" : `was ${state.replace("-", " ")}`;
  const first = chain.spans.length > 0 ? `${foreignLine(unit, 60)} ${what} ${formatDuration(endAtMs)} after userspace began.` : "";
  const look = blocker ? ` Look first at ${foreignLine(blocker.unit, 60)}: ${formatDuration(blocker.durationMs)}.` : "";
  const kind = [machine.instanceType, machine.osName].flatMap((part) => (part === undefined ? [] : [foreignLine(part, 40)])).join(", ");
  return `${first}${look} ${kind}`.trim();
}

function longestRows(rows: readonly ChainRow[]): readonly ChainRow[] {
  if (rows.length <= mostRows) return rows;
  const lengths = rows.map(lengthOf).sort((a, b) => b - a);
  const least = lengths[mostRows - 1] ?? 0;
  return rows.filter((row) => lengthOf(row) >= least).slice(0, mostRows);
}

function lengthOf({ wait, start }: ChainRow): number {
  return (wait?.durationMs ?? 0) + (start?.durationMs ?? 0);
}

function phaseShapes({ phases }: ReportBoot, x: (ms: number) => number): readonly Shape[] {
  let atMs = 0;
  return [
    text(leftPx - 12, topPx + 20, "phases", { anchor: "end", isBold: true }),
    ...phases.map((one): Shape => {
      const from = x(atMs);
      atMs += one.durationMs;
      const title = phaseText(one);
      return { kind: "rect", x: from, y: topPx + 4, width: Math.max(1, x(atMs) - from), height: 22, fill: `phase-${one.phase}`, title };
    }),
    text(leftPx, topPx + 40, phases.map(phaseText).join(" · "), { tone: "dim", sizePx: 11 }),
  ];
}

function phaseText({ phase, durationMs }: ReportBoot["phases"][number]): string {
  return `${phase} ${formatDuration(durationMs)}`;
}

function rowShapes(row: ChainRow, y: number, x: (ms: number) => number, isBlocker: boolean): readonly Shape[] {
  const { unit, wait, start } = row;
  const base = y + 17;
  const isBad = isFailedStart(start);
  const last = start ?? wait;
  const said = saidOf(row);
  const endPx = last ? x(last.fromMs + last.durationMs) : leftPx;
  const beginPx = x((wait ?? start)?.fromMs ?? 0);
  const isRight = endPx + 6 + widthOf(said, 11) < rightPx;
  return [
    text(leftPx - 12, base, `${isBad ? "✕ " : ""}${fitted(unit, leftPx - 12 - marginPx - (isBad ? 16 : 0), 12)}`, {
      anchor: "end",
      sizePx: 12,
      isBold: isBlocker,
    }),
    ...(wait ? [bar(wait, y, x, "wait", spoken(row))] : []),
    ...(start ? [bar(start, y, x, `work-${start.class}`, spoken(row))] : []),
    ...(said === "" ? [] : [text(isRight ? endPx + 6 : beginPx - 6, base, said, { sizePx: 11, anchor: isRight ? "start" : "end" })]),
    ...(wait ? [text(waitedPx, base, formatDuration(wait.durationMs), { anchor: "end", tone: "dim", sizePx: 12 })] : []),
    text(tookPx, base, start ? formatDuration(start.durationMs) : "–", { anchor: "end", sizePx: 12, isBold: isBlocker }),
  ];
}

function bar(
  { fromMs, durationMs }: { readonly fromMs: number; readonly durationMs: number },
  y: number,
  x: (ms: number) => number,
  fill: "wait" | `work-${WorkClassName}`,
  title: string,
): Shape {
  return { kind: "rect", x: x(fromMs), y: y + 5, width: Math.max(1, x(fromMs + durationMs) - x(fromMs)), height: barPx, fill, title };
}

function workTitle(name: WorkClassName): string {
  return workClasses.find((work) => work.name === name)?.title ?? name;
}

function spoken(row: ChainRow): string {
  const { unit, wait, start } = row;
  const said = saidOf(row);
  const waited = wait && wait.durationMs > 0 ? ` after ${formatDuration(wait.durationMs)} of waiting` : "";
  return `${foreignLine(unit, 80)}: ${start ? formatDuration(start.durationMs) : "no start"}${waited}${said === "" ? "" : ` (${said})`}`;
}
