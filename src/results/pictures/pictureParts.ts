import { formatTick } from "../../base/format.ts";
import { foreignLine } from "../../base/foreignText.ts";
import type { TimeAxis } from "../timeAxis.ts";
import type { FillName, Picture, Shape, Tone } from "./picture.ts";

/** What several pictures have alike: their width, head, scale of time, and keys. */

export const pictureWidthPx = 900;
/** Left and right of all that is drawn. */
export const marginPx = 20;
/** Beneath the title and the sentence under it. */
export const headPx = 62;

/** Of a character, of fonts as wide as DejaVu Sans. */
const characterShare = 0.6;

export function text(
  x: number,
  y: number,
  words: string,
  look: { readonly sizePx?: number; readonly isBold?: boolean; readonly anchor?: "start" | "middle" | "end"; readonly tone?: Tone } = {},
): Shape {
  return { kind: "text", x, y, text: words, sizePx: 13, isBold: false, anchor: "start", tone: "strong", ...look };
}

/** A name from outside in one line of so many px, cut with an ellipsis. */
export function fitted(name: string, widthPx: number, sizePx = 13): string {
  const most = Math.max(1, Math.floor(widthPx / (sizePx * characterShare)));
  const line = foreignLine(name, 400);
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

export function widthOf(words: string, sizePx: number): number {
  return words.length * sizePx * characterShare;
}

/** What one picture adds to its frame. Heights count as if the sentence took one line. */
export interface Drawing {
  /** In one line, as all names within. */
  readonly title: string;
  /** The answer, above all else. */
  readonly sentence: string;
  /** What else the picture tells, in words. */
  readonly told: readonly string[];
  readonly heightPx: number;
  /** From `headPx` on. */
  readonly shapes: readonly Shape[];
}

const linePx = 17;

/** A picture with its title and the answer above it, in as many lines as that takes, three at most. */
export function framed({ title, sentence, told, heightPx, shapes }: Drawing): Picture {
  const widthPx = pictureWidthPx - 2 * marginPx;
  const lines = wrapped(sentence, Math.floor(widthPx / (13 * 0.55)), 3);
  const downPx = Math.max(0, lines.length - 1) * linePx;
  return {
    widthPx: pictureWidthPx,
    heightPx: heightPx + downPx,
    title,
    description: [sentence, ...told].join(" "),
    shapes: [
      text(marginPx, 28, fitted(title, widthPx, 18), { sizePx: 18, isBold: true }),
      ...lines.map((line, index) => text(marginPx, 50 + index * linePx, line, { tone: "dim" })),
      ...shapes.map((shape) => lowered(shape, downPx)),
    ],
  };
}

function wrapped(sentence: string, mostCharacters: number, mostLines: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of sentence.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > mostCharacters) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word.slice(0, mostCharacters) : `${line} ${word}`;
  }
  if (line !== "") lines.push(line);
  return lines.length > mostLines ? [...lines.slice(0, mostLines - 1), `${lines[mostLines - 1]}…`] : lines;
}

function lowered(shape: Shape, downPx: number): Shape {
  return shape.kind === "line" ? { ...shape, y1: shape.y1 + downPx, y2: shape.y2 + downPx } : { ...shape, y: shape.y + downPx };
}

/** Ticks above and lines through the rows between `topPx` and `bottomPx`. */
export function timeGrid({ ticksMs }: TimeAxis, x: (ms: number) => number, topPx: number, bottomPx: number): readonly Shape[] {
  return ticksMs.flatMap((tick): Shape[] => [
    { kind: "line", x1: x(tick), y1: topPx, x2: x(tick), y2: bottomPx, tone: "faint", widthPx: 1 },
    text(x(tick), topPx - 8, formatTick(tick), { tone: "dim", anchor: tick === 0 ? "start" : "middle", sizePx: 11 }),
  ]);
}

export interface Key {
  readonly fill: FillName;
  readonly words: string;
}

const keyRowPx = 22;

/** What the colours mean, in as many rows as it takes. */
export function keyShapes(keys: readonly Key[], topPx: number): { readonly shapes: readonly Shape[]; readonly heightPx: number } {
  const shapes: Shape[] = [];
  let x = marginPx;
  let y = topPx;
  for (const { fill, words } of keys) {
    const widthPx = 20 + widthOf(words, 12) + 14;
    if (x > marginPx && x + widthPx > pictureWidthPx - marginPx) {
      x = marginPx;
      y += keyRowPx;
    }
    shapes.push({ kind: "rect", x, y, width: 14, height: 12, fill, title: words }, text(x + 20, y + 10, words, { sizePx: 12 }));
    x += widthPx;
  }
  return { shapes, heightPx: keys.length === 0 ? 0 : y - topPx + keyRowPx };
}

/** What a reader has to know, beneath all else. */
export function noteShape(words: string, y: number): Shape {
  return text(marginPx, y, words, { tone: "dim", sizePx: 11 });
}
