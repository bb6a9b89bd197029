import { formatDuration } from "../../src/base/format.ts";
import type { ReportBoot } from "../../src/boot/bootReport.ts";
import { timeAxis } from "../../src/results/timeAxis.ts";
import { el } from "../dom.ts";
import { placed, track } from "./timeTrack.ts";

/** Firmware to userspace in one bar, each with its length in words beneath. */
export function bootPhases({ phases }: ReportBoot): Node[] {
  if (phases.length === 0) return [];
  const totalMs = phases.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const axis = timeAxis(totalMs, 6);
  let atMs = 0;
  const bars = phases.map(({ phase, durationMs }) => {
    const bar = placed(el("span", { class: `segment fill phase-${phase}` }), atMs, axis.endMs, durationMs);
    atMs += durationMs;
    return bar;
  });
  return [
    el("h2", {}, "Phases ", el("span", { class: "dim" }, `${formatDuration(totalMs)} in all`)),
    track(axis, el("span", { class: "bar" }, ...bars)),
    el(
      "p",
      { class: "keys" },
      ...phases.map(({ phase, durationMs }) =>
        el(
          "span",
          { class: "key-of" },
          el("span", { class: `swatch fill phase-${phase}`, "aria-hidden": "true" }),
          `${phase} ${formatDuration(durationMs)}`,
        ),
      ),
    ),
  ];
}
