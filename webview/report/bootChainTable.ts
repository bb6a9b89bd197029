import { formatDuration } from "../../src/base/format.ts";
import type { ReportBoot, ReportSpan } from "../../src/boot/bootReport.ts";
import { chainRows, isFailedStart, isWait, saidOf, type ChainRow } from "../../src/results/chainRows.ts";
import { timeAxis, type TimeAxis } from "../../src/results/timeAxis.ts";
import { el } from "../dom.ts";
import { axisHead, placed, track } from "./timeTrack.ts";
import { workClassFill, workClassKeys, workClassTitle } from "./workClassKeys.ts";

/** The corrected critical chain: without holes, so its lengths add up. Failures, restarts and waits stand in it. */
export function bootChainTable({ chain }: ReportBoot, root: string): Node[] {
  if (chain.spans.length === 0) return [];
  const axis = timeAxis(chain.endAtMs, 6);
  const rows = chainRows(chain.spans);
  const kept = rows.filter(({ wait, start }) => (wait?.durationMs ?? 0) + (start?.durationMs ?? 0) >= 1 || rows.length < 30);
  const works = kept.flatMap(({ start }) => start?.class ?? []);
  return [
    el(
      "h2",
      {},
      `Corrected critical chain to ${root} `,
      el("span", { class: "dim" }, "with failed, timed-out and repeated starts, and the waits between units"),
    ),
    el(
      "div",
      { class: "scroll" },
      el(
        "table",
        { class: "waterfall boot-chain" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col" }, "Unit"),
            el("td", { class: "picture" }, axisHead(axis)),
            el("th", { scope: "col", class: "number" }, "Waited"),
            el("th", { scope: "col", class: "number" }, "Took"),
            el("th", { scope: "col", class: "source" }, "Work"),
          ),
        ),
        el("tbody", {}, ...kept.map((row) => chainRow(row, axis, row.unit === chain.blocker?.unit)), totalRow(chain.spans)),
      ),
    ),
    workClassKeys(works),
    ...(rows.length > kept.length
      ? [el("p", { class: "dim small" }, `${rows.length - kept.length} units of less than 1 ms are left out.`)]
      : []),
    ...alsoFailed(chain),
  ];
}

function chainRow({ unit, wait, start }: ChainRow, axis: TimeAxis, isBlocker: boolean): HTMLElement {
  const isBad = isFailedStart(start);
  const bars = [
    wait && placed(el("span", { class: "segment fill wait" }), wait.fromMs, axis.endMs, wait.durationMs),
    start &&
      placed(
        el("span", { class: `segment ${workClassFill(start.class)}${isBad ? " failed" : ""}` }),
        start.fromMs,
        axis.endMs,
        start.durationMs,
      ),
  ];
  const said = saidOf({ start, wait });
  return el(
    "tr",
    {},
    el(
      "th",
      { scope: "row" },
      isBad && el("span", { class: "sign-error", "aria-hidden": "true" }, "✕ "),
      el("span", { class: isBlocker ? "path strong" : "path" }, unit),
      said !== "" && el("span", { class: "dim under" }, said),
    ),
    el("td", { class: "picture" }, track(axis, el("span", { class: "bar" }, ...bars))),
    el("td", { class: "number dim" }, wait ? formatDuration(wait.durationMs) : ""),
    el("td", { class: "number" }, start ? formatDuration(start.durationMs) : "–"),
    el("td", { class: "dim source" }, start ? workClassTitle(start.class) : ""),
  );
}

function totalRow(spans: readonly ReportSpan[]): HTMLElement {
  const sum = (of: readonly ReportSpan[]): number => of.reduce((total, { durationMs }) => total + durationMs, 0);
  const waits = spans.filter(isWait);
  return el(
    "tr",
    { class: "total" },
    el("th", { scope: "row" }, "All"),
    el("td", { class: "picture dim" }, `${formatDuration(sum(spans))} from the start of userspace`),
    el("td", { class: "number" }, formatDuration(sum(waits))),
    el("td", { class: "number" }, el("strong", {}, formatDuration(sum(spans) - sum(waits)))),
    el("td"),
  );
}

function alsoFailed(chain: ReportBoot["chain"]): Node[] {
  if (chain.alsoFailed.length === 0) return [];
  const items = chain.alsoFailed.map(({ unit, durationMs, outcome }) =>
    el(
      "li",
      {},
      el("span", { class: "sign-warning", role: "img", "aria-label": "warning" }, "▲"),
      ` ${unit} ${outcome === "timeout" ? "ran into its time limit" : "failed"} after ${formatDuration(durationMs)}, off the chain.`,
    ),
  );
  return [el("ul", { class: "notes" }, ...items)];
}
