import { formatTick } from "../../src/base/format.ts";
import { el, type Child } from "../dom.ts";

/** A scale of time from 0. */
export interface TimeAxis {
  readonly endMs: number;
  readonly ticksMs: readonly number[];
}

const secondsMs = 1000;
const minuteMs = 60_000;
/** Steps that people count in; below a second by tens. */
const stepsMs: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * secondsMs),
  ...[1, 2, 5, 10, 15, 30, 60, 120].map((minutes) => minutes * minuteMs),
];

/** The finest steps that give at most `mostTicks` beside 0. */
export function timeAxis(longestMs: number, mostTicks = 5): TimeAxis {
  const endMs = Math.max(1, longestMs) * 1.02;
  const stepMs = stepsMs.find((step) => endMs / step < mostTicks + 1) ?? Math.ceil(endMs / mostTicks / (60 * minuteMs)) * 60 * minuteMs;
  const ticksMs = Array.from({ length: Math.floor(endMs / stepMs) + 1 }, (_, index) => index * stepMs);
  return { endMs, ticksMs };
}

/** The numbers above a column of tracks. */
export function axisHead({ endMs, ticksMs }: TimeAxis): HTMLElement {
  return el(
    "div",
    { class: "axis", "aria-hidden": "true" },
    ...ticksMs.map((tick) => placed(el("span", { class: tick === 0 ? "tick first" : "tick" }, formatTick(tick)), tick, endMs)),
  );
}

/** One row's stretch of the scale with its grid lines. What it holds is placed by `placed`. */
export function track({ endMs, ticksMs }: TimeAxis, ...children: readonly Child[]): HTMLElement {
  return el(
    "div",
    { class: "track", "aria-hidden": "true" },
    ...ticksMs.map((tick) => placed(el("span", { class: "grid-line" }), tick, endMs)),
    ...children,
  );
}

/** Set by the object model: the page's policy allows no style attributes. */
export function placed<E extends HTMLElement>(element: E, atMs: number, endMs: number, lengthMs?: number): E {
  element.style.left = `${percent(atMs, endMs)}%`;
  if (lengthMs !== undefined) element.style.width = `${percent(lengthMs, endMs)}%`;
  return element;
}

function percent(ms: number, endMs: number): number {
  return Math.round((ms / endMs) * 1e5) / 1e3;
}
