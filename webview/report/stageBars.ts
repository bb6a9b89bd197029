import { formatDuration } from "../../src/base/format.ts";
import { stagesInWords, stageWords } from "../../src/bench/benchWords.ts";
import { stageNames, type Stage, type StageName, type TrialStages } from "../../src/bench/stages.ts";
import type { TimeAxis } from "../../src/results/timeAxis.ts";
import { el } from "../dom.ts";
import { placed } from "./timeTrack.ts";

/** A stage's stretch on the scale, from the request on. */
export interface Segment {
  readonly stage: Stage;
  readonly fromMs: number;
  readonly lengthMs: number;
}

/** The stages that fill a bar; what was stamped backwards has no length to draw and stands in the tables only. */
export function segmentsOf({ beganAtEpochMs, stages }: TrialStages): readonly Segment[] {
  if (beganAtEpochMs === undefined) return [];
  return stages
    .filter(({ within, durationMs }) => within === undefined && durationMs > 0)
    .map((stage) => ({ stage, fromMs: stage.from.atEpochMs - beganAtEpochMs, lengthMs: stage.durationMs }));
}

/** What colour and pattern a stage has, by class; the same everywhere on the page. */
export function stageClass(names: readonly StageName[]): string {
  return `fill stage-${names.length === 1 ? names[0] : "several"}`;
}

/** Narrower than this beside its neighbours, a label would be cut. */
const widthOfCharacterPx = 6.4;

/** All stages of a start in one bar. `trackWidthPx` decides which of them are labelled in place. */
export function stageBar(stages: TrialStages, { endMs }: TimeAxis, trackWidthPx: number): HTMLElement[] {
  return segmentsOf(stages).map(({ stage, fromMs, lengthMs }) => {
    const text = `${stagesInWords(stage.names)} ${formatDuration(stage.durationMs)}`;
    const widthPx = (lengthMs / endMs) * trackWidthPx;
    const shown = [text, formatDuration(stage.durationMs)].find((label) => label.length * widthOfCharacterPx + 12 < widthPx);
    return placed(
      el("span", { class: `segment ${stageClass(stage.names)}`, title: text }, shown !== undefined && el("span", {}, shown)),
      fromMs,
      endMs,
      lengthMs,
    );
  });
}

/** The keys of what the bars hold, in the order of a start. Stages too short to be seen in any bar are left out. */
export function stageLegend(all: readonly TrialStages[], endMs: number): HTMLElement {
  const seen = new Set(
    all.flatMap((stages) =>
      segmentsOf(stages)
        .filter(({ lengthMs }) => lengthMs > endMs / 200)
        .map(({ stage }) => (stage.names.length === 1 ? (stage.names[0] ?? "several") : "several")),
    ),
  );
  const keys = [...stageNames, "several" as const].filter((name) => seen.has(name));
  return el(
    "p",
    { class: "keys" },
    ...keys.map((name) =>
      el(
        "span",
        { class: "key-of" },
        el("span", { class: `swatch fill stage-${name}`, "aria-hidden": "true" }),
        name === "several" ? "several stages together" : stageWords[name],
      ),
    ),
  );
}
