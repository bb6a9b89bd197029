import { formatDuration, formatError } from "../../src/base/format.ts";
import { sourceWords, stagesInWords } from "../../src/bench/benchWords.ts";
import type { Stage } from "../../src/bench/stages.ts";
import type { TrialDetail } from "../../src/protocol/reportMessages.ts";
import { tookText } from "../../src/results/stageText.ts";
import { timeAxis, type TimeAxis } from "../../src/results/timeAxis.ts";
import { el } from "../dom.ts";
import { stageClass } from "./stageBars.ts";
import { axisHead, placed, track } from "./timeTrack.ts";

export interface OverlaidTrial {
  readonly label: string;
  readonly detail: TrialDetail;
}

/**
 * One row a stage, as a table that holds its own picture: whoever cannot see the bars reads the same numbers. Others' starts lie as thin
 * lines beneath the stage of the same name.
 */
export function waterfall(detail: TrialDetail, overlaid: readonly OverlaidTrial[]): HTMLElement {
  const { stages } = detail.stages;
  const axis = timeAxis(Math.max(detail.stages.totalMs, ...overlaid.map((one) => one.detail.stages.totalMs)), 6);
  const keys = [
    ...new Set([...stages, ...overlaid.flatMap((one) => one.detail.stages.stages.filter(({ within }) => within === undefined))].map(keyOf)),
  ];
  const rows = keys.map((key) => stageRow(key, detail, overlaid, axis));
  return el(
    "table",
    { class: "waterfall" },
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("th", { scope: "col" }, "Stage"),
        el("td", { class: "picture" }, axisHead(axis)),
        el("th", { scope: "col", class: "number" }, "Took"),
        el("th", { scope: "col", class: "number" }, "Exact to"),
        el("th", { scope: "col", class: "source" }, "End seen in"),
      ),
    ),
    el("tbody", {}, ...rows, totalRow(detail)),
  );
}

function stageRow(
  key: string,
  { stages: { stages, beganAtEpochMs = 0 } }: TrialDetail,
  overlaid: readonly OverlaidTrial[],
  axis: TimeAxis,
): HTMLElement {
  const stage = stages.find((one) => keyOf(one) === key);
  const other = overlaid.flatMap((one) => one.detail.stages.stages).find((one) => keyOf(one) === key);
  const names = (stage ?? other)?.names ?? [];
  const isWithin = stage?.within !== undefined;
  const lanes = overlaid.map(({ detail, label }, index) => {
    const own = detail.stages.stages.find((one) => keyOf(one) === key);
    const began = detail.stages.beganAtEpochMs ?? 0;
    const bar =
      own &&
      own.durationMs > 0 &&
      placed(
        el("span", { class: `lane-bar lane-${index}`, title: `${label}: ${formatDuration(own.durationMs)}` }),
        own.from.atEpochMs - began,
        axis.endMs,
        own.durationMs,
      );
    return el("span", { class: "lane" }, bar || undefined);
  });
  return el(
    "tr",
    { class: isWithin ? "within" : "" },
    el("th", { scope: "row" }, stagesInWords(names)),
    el(
      "td",
      { class: "picture" },
      track(axis, el("span", { class: isWithin ? "bar thin" : "bar" }, ...(stage ? bars(stage, beganAtEpochMs, axis) : [])), ...lanes),
    ),
    el("td", { class: "number" }, stage ? tookText(stage) : "–", ...overlaid.map((one, index) => laneValue(one, index, key))),
    el("td", { class: "number dim" }, stage ? formatError(stage.resolutionMs) : ""),
    el("td", { class: "dim source" }, stage ? sourceWords[stage.to.source] : ""),
  );
}

/** The bar, with whiskers where the ends may lie by what was seen. */
function bars({ from, to, durationMs, names, within }: Stage, beganAtEpochMs: number, { endMs }: TimeAxis): HTMLElement[] {
  const at = from.atEpochMs - beganAtEpochMs;
  const bar = placed(el("span", { class: `segment ${stageClass(names)}` }), Math.min(at, at + durationMs), endMs, Math.abs(durationMs));
  const spread = to.latestEpochMs - to.earliestEpochMs;
  const isSeen = spread > endMs / 150 && within === undefined;
  return isSeen ? [bar, placed(el("span", { class: "uncertain" }), to.earliestEpochMs - beganAtEpochMs, endMs, spread)] : [bar];
}

function laneValue({ detail }: OverlaidTrial, index: number, key: string): HTMLElement {
  const stage = detail.stages.stages.find((one) => keyOf(one) === key);
  return el("span", { class: `under lane-value lane-${index}` }, stage ? tookText(stage) : "–");
}

function totalRow({ stages: { totalMs, unaccountedMs } }: TrialDetail): HTMLElement {
  return el(
    "tr",
    { class: "total" },
    el("th", { scope: "row" }, "All"),
    el("td", { class: "picture dim" }, `${formatDuration(unaccountedMs)} unaccounted`),
    el("td", { class: "number" }, el("strong", {}, formatDuration(totalMs))),
    el("td"),
    el("td"),
  );
}

function keyOf({ names, within }: Stage): string {
  return `${names.join("+")}${within ?? ""}`;
}
