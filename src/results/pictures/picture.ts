import type { PhaseName } from "../../boot/bootChain.ts";
import type { WorkClassName } from "../../boot/workClasses.ts";
import type { StageName } from "../../bench/stages.ts";

/** A chart as shapes in px, so that a file and a canvas show the same. Plain data. Texts hold names as they came: who draws escapes. */
export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly title: string;
  /** All numbers of the picture in words. */
  readonly description: string;
  readonly shapes: readonly Shape[];
}

/** What a rectangle stands for; each has a colour and a pattern of its own. */
export type FillName =
  StageName | "several" | `phase-${PhaseName}` | `work-${WorkClassName}` | "wait" | "touched" | "untouched" | "gained" | "lost";

/** From the upper left corner, in px. What comes later is drawn over what came before. */
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
      readonly isDashed?: true;
    }
  | { readonly kind: "dot"; readonly x: number; readonly y: number; readonly radiusPx: number; readonly tone: Tone }
  /** One of many values; those of a series share colour and form. */
  | {
      readonly kind: "mark";
      readonly x: number;
      readonly y: number;
      readonly radiusPx: number;
      /** From 0 on, in the order of what the series stand for. */
      readonly series: number;
      readonly isHollow: boolean;
      /** Absent where so many stand beside each other that nobody would point at one. */
      readonly title?: string;
    }
  | { readonly kind: "ring"; readonly x: number; readonly y: number; readonly radiusPx: number }
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

export const toneLooks: Readonly<Record<Tone | "ground", Look>> = {
  strong: { light: "#3b3b3b", dark: "#cccccc" },
  dim: { light: "#616161", dark: "#9d9d9d" },
  faint: { light: "#e0e0e0", dark: "#3a3a3a" },
  "on-fill": { light: "#ffffff", dark: "#1f1f1f" },
  ground: { light: "#ffffff", dark: "#1f1f1f" },
};

/** A colour for each ground, as `#rrggbb`. */
export interface Look {
  readonly light: string;
  readonly dark: string;
}

/** `dashed` and `edged` have a border instead of lines within. */
export const patternNames = ["plain", "vertical", "rising", "falling", "dots", "horizontal", "dashed", "edged"] as const;
export type PatternName = (typeof patternNames)[number];

export interface FillLook extends Look {
  readonly pattern: PatternName;
}

const grey: FillLook = { light: "#767676", dark: "#808080", pattern: "plain" };
const purple: Look = { light: "#7743a0", dark: "#b180d7" };
const blue: Look = { light: "#1465c2", dark: "#3794ff" };
const orange: Look = { light: "#9f6611", dark: "#d18616" };
const yellow: Look = { light: "#956a02", dark: "#cca700" };
const green: Look = { light: "#347f30", dark: "#89d185" };
const red: Look = { light: "#c21f10", dark: "#f14c4c" };
const unfilled: FillLook = { light: "#ffffff", dark: "#1f1f1f", pattern: "dashed" };

/** The panel's colours and patterns, for pictures that have no theme. */
export const fillLooks: Readonly<Record<FillName, FillLook>> = {
  request: grey,
  scheduling: grey,
  sandbox: { ...purple, pattern: "vertical" },
  unaccounted: unfilled,
  pull: { ...blue, pattern: "plain" },
  create: { ...orange, pattern: "falling" },
  start: { ...yellow, pattern: "dots" },
  "first-output": { ...green, pattern: "horizontal" },
  application: { ...green, pattern: "horizontal" },
  "first-answer": { light: "#5a8458", dark: "#86b083", pattern: "rising" },
  several: grey,
  "phase-firmware": grey,
  "phase-loader": { ...yellow, pattern: "dots" },
  "phase-kernel": { ...purple, pattern: "vertical" },
  "phase-initrd": { ...orange, pattern: "falling" },
  "phase-soft-reboot": { ...green, pattern: "horizontal" },
  "phase-userspace": { ...blue, pattern: "plain" },
  "work-cloud-init": { ...purple, pattern: "vertical" },
  "work-network-wait": { light: "#48709e", dark: "#5b8bc0", pattern: "vertical" },
  "work-gpu-driver": { ...green, pattern: "horizontal" },
  "work-gpu-validation": { light: "#5a8458", dark: "#86b083", pattern: "rising" },
  "work-storage": { ...red, pattern: "rising" },
  "work-container-runtime": { ...orange, pattern: "falling" },
  "work-image-preload": { light: "#8d7247", dark: "#b18a4f", pattern: "horizontal" },
  "work-kubelet": { ...blue, pattern: "plain" },
  "work-snap": { ...yellow, pattern: "dots" },
  "work-other": grey,
  wait: unfilled,
  touched: { ...blue, pattern: "plain" },
  untouched: { light: "#f5f7fa", dark: "#2a2d31", pattern: "edged" },
  gained: { ...blue, pattern: "plain" },
  lost: { ...red, pattern: "falling" },
};

/** Colours of marks, the panel's; beyond the last they begin again with other forms. */
export const seriesLooks: readonly Look[] = [blue, orange, green, purple, red];

const forms = ["circle", "triangle", "square", "diamond", "cross"] as const;

/** Outline of a mark as the text of an SVG path, which a canvas draws, too. */
export function markPath(series: number, x: number, y: number, radiusPx: number): string {
  const at = (dx: number, dy: number): string => `${rounded(x + dx * radiusPx)} ${rounded(y + dy * radiusPx)}`;
  const form = forms[(series + Math.floor(series / forms.length)) % forms.length] ?? "circle";
  switch (form) {
    case "triangle":
      return `M${at(0, -1.15)}L${at(1.1, 0.85)}L${at(-1.1, 0.85)}Z`;
    case "square":
      return `M${at(-0.9, -0.9)}L${at(0.9, -0.9)}L${at(0.9, 0.9)}L${at(-0.9, 0.9)}Z`;
    case "diamond":
      return `M${at(0, -1.25)}L${at(1.25, 0)}L${at(0, 1.25)}L${at(-1.25, 0)}Z`;
    case "cross":
      return `M${at(-1, -1)}L${at(0, -0.45)}L${at(1, -1)}L${at(0.45, 0)}L${at(1, 1)}L${at(0, 0.45)}L${at(-1, 1)}L${at(-0.45, 0)}Z`;
    case "circle": {
      const r = rounded(radiusPx);
      return `M${at(-1, 0)}A${r} ${r} 0 1 1 ${at(1, 0)}A${r} ${r} 0 1 1 ${at(-1, 0)}Z`;
    }
  }
}

/** To a hundredth of a px: what nobody sees needs no digits. */
export function rounded(px: number): number {
  return Math.round(px * 100) / 100;
}
