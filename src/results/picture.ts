import type { StageName } from "../bench/stages.ts";

/** A chart as shapes in px, so that a file and a canvas show the same. Texts hold names as they came: who draws escapes. */
export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly title: string;
  /** All numbers of the picture in words. */
  readonly description: string;
  readonly shapes: readonly Shape[];
}

/** What a rectangle stands for; each has a colour and a pattern of its own. */
export type FillName = StageName | "several";

export type Shape =
  | {
      readonly kind: "rect";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly fill: FillName;
      readonly title: string;
    }
  | {
      readonly kind: "line";
      readonly x1: number;
      readonly y1: number;
      readonly x2: number;
      readonly y2: number;
      readonly tone: Tone;
      readonly widthPx: number;
    }
  | { readonly kind: "dot"; readonly x: number; readonly y: number; readonly radiusPx: number; readonly tone: Tone }
  | {
      readonly kind: "text";
      readonly x: number;
      /** Of the baseline. */
      readonly y: number;
      readonly text: string;
      readonly sizePx: number;
      readonly isBold: boolean;
      readonly anchor: "start" | "middle" | "end";
      readonly tone: Tone;
    };

export type Tone = "strong" | "dim" | "faint" | "on-fill";

export const patternNames = ["plain", "vertical", "rising", "falling", "dots", "horizontal", "dashed"] as const;
export type PatternName = (typeof patternNames)[number];

export interface FillLook {
  readonly light: string;
  readonly dark: string;
  readonly pattern: PatternName;
}

/** The panel's colours and patterns, for pictures that have no theme. */
export const fillLooks: Readonly<Record<FillName, FillLook>> = {
  request: { light: "#8a8a8a", dark: "#808080", pattern: "plain" },
  scheduling: { light: "#8a8a8a", dark: "#808080", pattern: "plain" },
  sandbox: { light: "#7743a0", dark: "#b180d7", pattern: "vertical" },
  unaccounted: { light: "#ffffff", dark: "#1f1f1f", pattern: "dashed" },
  pull: { light: "#1465c2", dark: "#3794ff", pattern: "plain" },
  create: { light: "#9f6611", dark: "#d18616", pattern: "falling" },
  start: { light: "#956a02", dark: "#cca700", pattern: "dots" },
  "first-output": { light: "#347f30", dark: "#89d185", pattern: "horizontal" },
  application: { light: "#347f30", dark: "#89d185", pattern: "horizontal" },
  "first-answer": { light: "#5a8458", dark: "#86b083", pattern: "rising" },
  several: { light: "#8a8a8a", dark: "#808080", pattern: "plain" },
};
