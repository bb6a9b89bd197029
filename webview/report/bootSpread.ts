import { formatDuration } from "../../src/base/format.ts";
import type { BootReport } from "../../src/boot/bootReport.ts";
import { el } from "../dom.ts";
import { plainTable } from "../views/plainTable.ts";
import { workClassFill } from "./workClassKeys.ts";

/** From two boots on: how much the units of the chain vary. */
export function bootSpread({ summary }: BootReport): Node[] {
  if (!summary) return [];
  const rows = summary.units
    .slice(0, 15)
    .map(({ unit, class: work, took, onChainBoots }) =>
      el(
        "tr",
        {},
        el(
          "th",
          { scope: "row" },
          el("span", { class: `swatch ${workClassFill(work)}`, "aria-hidden": "true" }),
          el("span", { class: "path" }, unit),
          unit === summary.noisiest && el("span", { class: "dim" }, " varies most"),
        ),
        el("td", { class: "number" }, formatDuration(took.medianMs)),
        el("td", { class: "number dim" }, `${formatDuration(took.lowMs)} – ${formatDuration(took.highMs)}`),
        el("td", { class: "number" }, `${onChainBoots} of ${summary.boots}`),
      ),
    );
  const ready = summary.ready
    ? `ready after ${formatDuration(summary.ready.medianMs)} (${formatDuration(summary.ready.lowMs)} – ${formatDuration(summary.ready.highMs)})`
    : "never ready";
  return [
    el("h2", {}, `${summary.boots} boots `, el("span", { class: "dim" }, ready)),
    plainTable(["Unit", "Median", "Range", "On the chain"], rows),
  ];
}
