import { formatCount, formatDuration } from "../../src/base/format.ts";
import type { ReportBoot, ReportUnit } from "../../src/boot/bootReport.ts";
import { timeAxis, type TimeAxis } from "../../src/results/timeAxis.ts";
import { el } from "../dom.ts";
import { axisHead, placed, track } from "./timeTrack.ts";
import { workClassFill, workClassTitle } from "./workClassKeys.ts";

/** More rows than anybody reads; the longest are kept. */
const mostUnits = 300;

/** All units on one clock; those of the chain are marked, the others with how much longer they could have taken. */
export function bootUnitTable({ units, chain, finishedAtMs }: ReportBoot): HTMLElement {
  const endMs = units.reduce(
    (most, { fromMs, durationMs }) => Math.max(most, (fromMs ?? 0) + (durationMs ?? 0)),
    Math.max(chain.endAtMs, finishedAtMs ?? 0),
  );
  const axis = timeAxis(endMs, 6);
  const kept = units.length <= mostUnits ? units : keptUnits(units);
  return el(
    "table",
    { class: "waterfall boot-chain" },
    el(
      "caption",
      { class: "dim small" },
      kept.length < units.length ? `The longest ${formatCount(mostUnits)} of ${formatCount(units.length)} units. ` : "",
      "●: on the chain. Slack: how much longer it could take with the node ready no later.",
    ),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("th", { scope: "col" }, "Unit"),
        el("td", { class: "picture" }, axisHead(axis)),
        el("th", { scope: "col", class: "number" }, "Took"),
        el("th", { scope: "col", class: "number" }, "Slack"),
        el("th", { scope: "col", class: "source" }, "Work"),
      ),
    ),
    el("tbody", {}, ...kept.map((unit) => unitRow(unit, axis))),
  );
}

function keptUnits(units: readonly ReportUnit[]): readonly ReportUnit[] {
  const longest = new Set([...units].sort((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0)).slice(0, mostUnits));
  return units.filter((unit) => longest.has(unit));
}

function unitRow(
  { unit, class: work, fromMs, durationMs, outcome, restarts, isOnChain, slackMs }: ReportUnit,
  axis: TimeAxis,
): HTMLElement {
  const isBad = outcome === "failed" || outcome === "timeout";
  const bar =
    fromMs !== undefined &&
    placed(
      el("span", { class: `segment ${workClassFill(work)}${isBad ? " failed" : ""}` }),
      Math.max(0, fromMs),
      axis.endMs,
      durationMs ?? 0,
    );
  const said = [
    isBad ? outcome : "",
    outcome === "starting" ? "still starting" : "",
    outcome === "passed-over" ? "never started" : "",
    restarts > 0 ? `restarted ${restarts}×` : "",
  ]
    .filter(Boolean)
    .join(", ");
  return el(
    "tr",
    {},
    el(
      "th",
      { scope: "row" },
      el("span", { "aria-label": isOnChain ? "on the chain" : undefined, role: isOnChain ? "img" : undefined }, isOnChain ? "● " : ""),
      el("span", { class: "path" }, unit),
      said !== "" && el("span", { class: "dim" }, ` ${said}`),
    ),
    el("td", { class: "picture" }, track(axis, el("span", { class: "bar thin" }, bar || undefined))),
    el("td", { class: "number" }, durationMs === undefined ? "–" : formatDuration(durationMs)),
    el("td", { class: "number dim" }, isOnChain || slackMs === undefined ? "" : formatDuration(slackMs)),
    el("td", { class: "dim source" }, workClassTitle(work)),
  );
}
