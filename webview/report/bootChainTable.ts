import { formatDuration } from "../../src/base/format.ts";
import type { ReportBoot, ReportSpan } from "../../src/boot/bootReport.ts";
import { el } from "../dom.ts";
import { axisHead, placed, timeAxis, track, type TimeAxis } from "./timeAxis.ts";
import { workClassFill, workClassKeys, workClassTitle } from "./workClassKeys.ts";

const kindWords: Readonly<Record<ReportSpan["kind"], string>> = {
  "lead-in": "before the first unit",
  gap: "wait before",
  start: "",
  "failed-start": "failed",
  "restart-wait": "wait before restart",
  "passed-over": "never started",
  "still-starting": "still starting",
  waiting: "queued",
};

/** The corrected critical chain: without holes, so its lengths add up. Failures, restarts and gaps stand in it. */
export function bootChainTable({ chain }: ReportBoot, root: string): Node[] {
  if (chain.spans.length === 0) return [];
  const axis = timeAxis(chain.endAtMs, 6);
  const rows = chain.spans
    .filter(({ durationMs }) => durationMs >= 1)
    .map((span) => spanRow(span, axis, span.unit === chain.blocker?.unit));
  const short = chain.spans.length - rows.length;
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
        { class: "waterfall" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col" }, "Unit"),
            el("td", { class: "picture" }, axisHead(axis)),
            el("th", { scope: "col", class: "number" }, "Took"),
            el("th", { scope: "col" }, "Work"),
          ),
        ),
        el("tbody", {}, ...rows),
      ),
    ),
    workClassKeys(chain.spans.filter(({ kind }) => kind === "start" || kind === "failed-start").map((span) => span.class)),
    ...(short > 0 ? [el("p", { class: "dim small" }, `${short} spans of less than 1 ms are left out.`)] : []),
    ...(chain.alsoFailed.length === 0
      ? []
      : [
          el(
            "ul",
            { class: "notes" },
            ...chain.alsoFailed.map(({ unit, durationMs, outcome }) =>
              el(
                "li",
                {},
                el("span", { class: "sign-warning", "aria-label": "warning" }, "▲"),
                ` ${unit} ${outcome === "timeout" ? "ran into its time limit" : "failed"} after ${formatDuration(durationMs)}, off the chain.`,
              ),
            ),
          ),
        ]),
  ];
}

function spanRow({ kind, unit, class: work, fromMs, durationMs, notes }: ReportSpan, axis: TimeAxis, isBlocker: boolean): HTMLElement {
  const isWait = kind === "gap" || kind === "lead-in" || kind === "restart-wait" || kind === "waiting";
  const isBad = kind === "failed-start" || kind === "passed-over";
  const bar = el("span", { class: `segment ${isWait ? "fill wait" : workClassFill(work)}${isBad ? " failed" : ""}` });
  const said = [kindWords[kind], ...notes].filter(Boolean).join("; ");
  return el(
    "tr",
    { class: isWait ? "within" : "" },
    el(
      "th",
      { scope: "row" },
      isBad && el("span", { class: "sign-error", "aria-hidden": "true" }, "✕ "),
      el("span", { class: isBlocker ? "path strong" : "path" }, unit),
      said !== "" && el("span", { class: "dim under" }, said),
    ),
    el("td", { class: "picture" }, track(axis, el("span", { class: "bar thin" }, placed(bar, fromMs, axis.endMs, durationMs)))),
    el("td", { class: "number" }, formatDuration(durationMs)),
    el("td", { class: "dim" }, isWait ? "" : workClassTitle(work)),
  );
}
