import { formatCount, formatDuration, formatError } from "../../src/base/format.ts";
import { stagesInWords } from "../../src/bench/benchWords.ts";
import { stageNames } from "../../src/bench/stages.ts";
import type { ArmSummary, StageSummary } from "../../src/bench/summary.ts";
import type { PanelBench } from "../../src/protocol/reportMessages.ts";
import { fewestForP95 } from "../../src/stats/quantiles.ts";
import { el } from "../dom.ts";
import { stageClass } from "./stageBars.ts";
import { rangeText } from "./whereTimeGoes.ts";

/** Stages × arms: the median, how exact, and p95 where there are enough trials. Never added up, because medians do not. */
export function stageTable({ summary }: PanelBench): Node[] {
  const arms = summary.arms.filter(({ stages }) => stages.length > 0);
  if (arms.length === 0) return [];
  const hasP95 = arms.some(({ stages }) => stages.some(({ p95Ms }) => p95Ms !== undefined));
  const keys = new Map<string, StageSummary>();
  for (const { stages } of arms) for (const stage of stages) if (!keys.has(stage.names.join())) keys.set(stage.names.join(), stage);
  const rows = [...keys.entries()]
    .sort(([, a], [, b]) => placeOf(a) - placeOf(b))
    .map(([key, stage]) => stageRow(key, stage, arms, hasP95));
  const columns = hasP95 ? 2 : 1;
  return [
    el("h2", {}, "Stages ", el("span", { class: "dim" }, "median of the trials that count, with its interval")),
    el(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Stages, table" },
      el(
        "table",
        { class: "stages" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("td"),
            ...arms.map(({ arm, counts }) =>
              el(
                "th",
                { scope: "colgroup", class: "number", colspan: columns },
                arm,
                el("span", { class: "dim" }, ` n ${formatCount(counts.counted)}`),
              ),
            ),
          ),
          hasP95 &&
            el(
              "tr",
              {},
              el("td"),
              ...arms.flatMap(() => ["median", "p95"].map((text) => el("th", { scope: "col", class: "number" }, text))),
            ),
        ),
        el("tbody", {}, ...rows),
      ),
    ),
    el(
      "p",
      { class: "dim small" },
      `Medians of stages do not add up to the median of the whole: the waterfall shows one real trial.${hasP95 ? "" : ` 95th percentiles from ${fewestForP95} trials of an arm on.`}`,
    ),
  ];
}

function stageRow(key: string, { names, within }: StageSummary, arms: readonly ArmSummary[], hasP95: boolean): HTMLElement {
  const cells = arms.flatMap(({ stages }) => {
    const stage = stages.find((one) => one.names.join() === key);
    return [
      medianCell(stage),
      ...(hasP95 ? [el("td", { class: "number" }, stage?.p95Ms === undefined ? "–" : formatDuration(stage.p95Ms))] : []),
    ];
  });
  return el(
    "tr",
    { class: within === undefined ? "" : "within" },
    el(
      "th",
      { scope: "row" },
      el("span", { class: `swatch ${stageClass(names)}`, "aria-hidden": "true" }),
      stagesInWords(names),
      within !== undefined && el("span", { class: "dim" }, ` part of ${within}`),
    ),
    ...cells,
  );
}

function medianCell(stage: StageSummary | undefined): HTMLElement {
  if (!stage) return el("td", { class: "number dim" }, "–");
  const { medianMs, interval, resolutionMs } = stage;
  const isBelow = medianMs < resolutionMs;
  return el(
    "td",
    { class: "number" },
    isBelow ? `< ${formatDuration(medianMs + resolutionMs)}` : formatDuration(medianMs),
    el(
      "span",
      { class: "dim under" },
      !isBelow && interval && interval.high - interval.low > 2 * resolutionMs
        ? rangeText(interval.low, interval.high)
        : formatError(resolutionMs),
    ),
  );
}

function placeOf({ names, within }: StageSummary): number {
  return Math.min(...names.map((name) => stageNames.indexOf(name))) + names.length / 100 + (within === undefined ? 0 : 1.5);
}
