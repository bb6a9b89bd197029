import { formatTick } from "../../src/base/format.ts";
import type { TimeAxis } from "../../src/results/timeAxis.ts";
import { el, type Child } from "../dom.ts";

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
