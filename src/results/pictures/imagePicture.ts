import { formatBytes, formatCount } from "../../base/format.ts";
import { foreignLine } from "../../base/foreignText.ts";
import { imageIcicle, placedNodes, placedText, type PlacedNode } from "../imageIcicle.ts";
import { formatShare } from "../measureText.ts";
import type { Report } from "../report.ts";
import type { Picture, Shape } from "./picture.ts";
import { fitted, framed, headPx, keyShapes, marginPx, noteShape, pictureWidthPx, text } from "./pictureParts.ts";

const innerPx = pictureWidthPx - 2 * marginPx;
const topPx = headPx + 12;
const bandPx = 50;
/** The lower part of a stretch shows how much of it is touched; the upper one has its name. */
const touchedPx = 14;
const rowPx = 20;
/** Listed beneath; the largest are. */
const mostRows = 8;

/** Bytes as widths: layers above, their packages beneath, of each the touched part filled; and the largest of them in words. */
export function imagePicture(report: Pick<Report, "image" | "totals" | "estimate" | "layers" | "packages">): Picture {
  const placed = placedNodes(imageIcicle(report));
  const { totals, estimate } = report;
  const { value, low, high } = estimate.pageBytes;
  const title = `Every byte of ${foreignLine(report.image.reference, 80)}`;
  const sentence = `Startup touches ≈ ${formatShare(value, totals.bytes)} of ${formatBytes(totals.bytes)} (4 KiB pages; ${formatShare(low, totals.bytes)} to ${formatShare(high, totals.bytes)} in 9 of 10 cases).`;
  const listTop = topPx + 2 * bandPx + 34;
  const largest = [...placed]
    .filter(({ node }) => node.kind === "layer" || node.kind === "package")
    .sort((a, b) => b.node.bytes - a.node.bytes)
    .slice(0, mostRows);
  const bottomPx = listTop + largest.length * rowPx;
  const keys = keyShapes(
    [
      { fill: "touched", words: "touched until ready, estimated" },
      { fill: "untouched", words: "not touched" },
    ],
    bottomPx + 8,
  );
  return framed({
    heightPx: bottomPx + 8 + keys.heightPx + 24,
    title,
    sentence,
    told: [`${formatCount(totals.files)} files.`, ...placed.map((one) => `${spoken(one)}.`)],
    shapes: [
      ...placed.flatMap(cellShapes),
      text(marginPx, listTop - 10, "the largest layers and packages", { tone: "dim", sizePx: 11 }),
      text(620, listTop - 10, "bytes", { tone: "dim", anchor: "end", sizePx: 11 }),
      text(740, listTop - 10, "touched", { tone: "dim", anchor: "end", sizePx: 11 }),
      text(pictureWidthPx - marginPx, listTop - 10, "share touched", { tone: "dim", anchor: "end", sizePx: 11 }),
      ...largest.flatMap((one, index) => rowShapes(one, listTop + index * rowPx)),
      ...keys.shapes,
      noteShape(
        "Widths are bytes of the final root filesystem: layers above, packages and other files of each beneath.",
        bottomPx + 8 + keys.heightPx + 10,
      ),
    ],
  });
}

function cellShapes(one: PlacedNode): readonly Shape[] {
  const { node, from, width, parent } = one;
  const x = marginPx + from * innerPx;
  const y = topPx + (parent ? bandPx : 0);
  const widthPx = width * innerPx;
  const title = spoken(one);
  const share = node.bytes > 0 ? node.touchedBytes / node.bytes : 0;
  const label = fitted(node.label, widthPx - 8, 11);
  return [
    { kind: "rect", x, y, width: widthPx, height: bandPx - 2, fill: "untouched", title },
    ...(share > 0
      ? [
          {
            kind: "rect",
            x,
            y: y + bandPx - 2 - touchedPx,
            width: Math.max(1, widthPx * share),
            height: touchedPx,
            fill: "touched",
            title,
          } as const,
        ]
      : []),
    ...(label.length > 3 || label === node.label ? [text(x + 4, y + 16, label, { sizePx: 11 })] : []),
    ...(widthPx > 70 ? [text(x + 4, y + 29, formatBytes(node.bytes), { sizePx: 11, tone: "dim" })] : []),
  ];
}

function rowShapes({ node, parent }: PlacedNode, y: number): readonly Shape[] {
  const base = y + 12;
  const layer = (node.layerIndex ?? 0) + 1;
  return [
    text(marginPx, base, parent ? `${fitted(node.label, 400, 12)} in layer ${layer}` : `layer ${fitted(node.label, 460, 12)}`, {
      sizePx: 12,
    }),
    text(620, base, formatBytes(node.bytes), { anchor: "end", sizePx: 12 }),
    text(740, base, formatBytes(node.touchedBytes), { anchor: "end", sizePx: 12 }),
    text(pictureWidthPx - marginPx, base, formatShare(node.touchedBytes, node.bytes), { anchor: "end", sizePx: 12 }),
  ];
}

function spoken(one: PlacedNode): string {
  return foreignLine(placedText(one), 300);
}
