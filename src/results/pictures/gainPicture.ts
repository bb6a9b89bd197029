import { formatDuration } from "../../base/format.ts";
import { foreignLine } from "../../base/foreignText.ts";
import { fasterText, ratioText } from "../../bench/ratioWords.ts";
import { clearlySlower, gainLadder, measuredSlowdown, rungWords, type LadderArm, type Rung } from "../gainLadder.ts";
import type { ProvisioningStart } from "../measuredProvisioning.ts";
import type { Picture, Shape } from "./picture.ts";
import { framed, headPx, marginPx, noteShape, pictureWidthPx, text } from "./pictureParts.ts";

const leftPx = 230;
const rightPx = 620;
const topPx = headPx + 12;
const rowPx = 36;
const barPx = 18;

export interface GainSettings {
  /** How many times as long the application starts; absent: as measured. */
  readonly slowdown?: number | undefined;
  readonly provisioning: Pick<ProvisioningStart, "provisioningMs" | "source">;
}

/** What is left of a speed-up from rung to rung of a start. */
export function gainPicture(base: LadderArm, other: LadderArm, { slowdown, provisioning }: GainSettings): Picture {
  const { provisioningMs, source } = provisioning;
  const measured = 1 + measuredSlowdown(base.times, other.times);
  const factor = slowdown ?? measured;
  const rungs = gainLadder(base.times, other.times, { applicationSlowdown: factor - 1, provisioningMs });
  const most = Math.max(1, ...rungs.map(({ ratio }) => ratio).filter(Number.isFinite));
  const x = (ratio: number): number => leftPx + (Math.min(ratio, most) / most) * (rightPx - leftPx);
  const bottomPx = topPx + rungs.length * rowPx;
  const title = `What is left of the gain: ${foreignLine(other.arm, 40)} beside ${foreignLine(base.arm, 40)}`;
  const basis = slowdown === undefined ? "as measured" : `assumed, ${ratioText(measured)}× measured`;
  const sentence = `Application start ${ratioText(factor)}× as long, ${basis}; new node ${provisioningMs === 0 ? "none" : `${formatDuration(provisioningMs)}, ${source}`}.`;
  return framed({
    heightPx: bottomPx + 36,
    title,
    sentence,
    told: rungs.map((rung) => `${spoken(rung)}.`),
    shapes: [
      ...rungs.flatMap((rung, index) => rungShapes(rung, topPx + index * rowPx, x)),
      { kind: "line", x1: x(1), y1: topPx - 4, x2: x(1), y2: bottomPx, tone: "strong", widthPx: 1.5, isDashed: true },
      noteShape("Ratios of medians. Dashed line: where nothing is gained; a bar that ends before it is slower.", bottomPx + 22),
    ],
  });
}

function rungShapes(rung: Rung, y: number, x: (ratio: number) => number): readonly Shape[] {
  const { kind, ratio, baselineMs, otherMs } = rung;
  const base = y + 19;
  return [
    text(leftPx - 12, base, rungWords[kind], { anchor: "end", tone: kind === "ready-unslowed" ? "dim" : "strong" }),
    {
      kind: "rect",
      x: leftPx,
      y: y + 6,
      width: Math.max(1, x(ratio) - leftPx),
      height: barPx,
      fill: ratio < clearlySlower ? "lost" : "gained",
      title: spoken(rung),
    },
    text(rightPx + 14, base, fasterText(ratio), { isBold: true }),
    text(pictureWidthPx - marginPx, base, `${formatDuration(baselineMs)} → ${formatDuration(otherMs)}`, {
      tone: "dim",
      anchor: "end",
      sizePx: 12,
    }),
  ];
}

function spoken({ kind, ratio, baselineMs, otherMs }: Rung): string {
  return `${rungWords[kind]}: ${fasterText(ratio)}, ${formatDuration(baselineMs)} → ${formatDuration(otherMs)}`;
}
