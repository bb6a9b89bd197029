import { formatBytes, formatCount, formatError } from "../../src/base/format.ts";
import { coldnessWords } from "../../src/bench/benchWords.ts";
import { fasterText, ratioBasisText } from "../../src/bench/ratioWords.ts";
import type { ArmSummary, Comparison } from "../../src/bench/summary.ts";
import type { PairedRatio } from "../../src/stats/pairedRatio.ts";
import type { PanelBench } from "../../src/protocol/reportMessages.ts";
import { el } from "../dom.ts";
import { plainTable } from "../views/plainTable.ts";
import { timeCell } from "./whereTimeGoes.ts";

/** All of an arm in one line: times with their interval, n beside every ratio, and how cold each began. */
export function armTable({ summary, run }: PanelBench): Node[] {
  const { arms, baseline, comparisons } = summary;
  const hasFirstAnswer = arms.some(({ firstAnswer }) => firstAnswer !== undefined);
  const head = [
    "Arm",
    "n",
    "Began",
    "Container started",
    "Ready",
    ...(hasFirstAnswer ? ["First answer"] : []),
    "Fetched",
    ...(baseline === undefined ? [] : [`Ready, beside ${baseline}`]),
  ];
  const rows = arms.map((arm) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, arm.arm),
      countCell(arm),
      coldnessCell(arm),
      timeCell(arm.started),
      timeCell(arm.ready),
      hasFirstAnswer && timeCell(arm.firstAnswer),
      fetchedCell(arm),
      baseline !== undefined &&
        comparisonCell(
          arm.arm === baseline,
          arm.ready !== undefined,
          comparisons.find((one) => one.arm === arm.arm),
        ),
    ),
  );
  const errorMs = Math.max(0, ...arms.map(({ ready }) => ready?.errorMs ?? 0));
  const level = arms.find(({ ready }) => ready?.interval)?.ready?.interval?.level;
  const notes = [
    "Medians of the trials that count, from the request to create the pod",
    ...(level === undefined ? [] : [`beneath each its ${Math.round(level * 100)} % interval`]),
    ...(errorMs > 0 ? [`a single time is exact to ${formatError(errorMs)}`] : []),
  ];
  const began = summary.coldness ?? run.plan.coldness;
  return [
    el("h2", {}, "Every arm"),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Every arm, table" }, plainTable(head, rows)),
    el("p", { class: "dim small" }, `${notes.join("; ")}. ${began}: ${coldnessWords[began]}.`),
  ];
}

function countCell({ counts }: ArmSummary): HTMLElement {
  const all = counts.counted === counts.all ? undefined : el("span", { class: "dim under" }, `of ${formatCount(counts.all)}`);
  return el("td", { class: "number" }, formatCount(counts.counted), all);
}

function coldnessCell({ coldness }: ArmSummary): HTMLElement {
  return el(
    "td",
    { class: "number" },
    coldness.length === 0 ? "–" : coldness.map(({ level, count }) => (coldness.length === 1 ? level : `${level} ×${count}`)).join(", "),
  );
}

function fetchedCell({ fetched }: ArmSummary): HTMLElement {
  if (!fetched) return el("td", { class: "number dim" }, "–");
  return el("td", { class: "number", title: `Counted by ${fetched.sources.join(", ")}` }, formatBytes(fetched.medianBytes));
}

function comparisonCell(isBaseline: boolean, hasTime: boolean, comparison: Comparison | undefined): HTMLElement {
  if (isBaseline) return el("td", { class: "number dim" }, hasTime ? "1×" : "–");
  const ready = comparison?.ready;
  if (!comparison || !ready) return el("td", { class: "number dim" }, "–");
  return el(
    "td",
    { class: "number" },
    comparedText(comparison, ready),
    el("span", { class: "dim under" }, ratioBasisText(ready, ready.ratio < 1)),
  );
}

function comparedText({ certainty }: Comparison, ready: PairedRatio): Node {
  if (certainty.kind === "equal") return document.createTextNode("equally fast");
  if (certainty.kind === "open") return document.createTextNode("cannot be told");
  const text = fasterText(ready.ratio);
  return el("strong", {}, text);
}
