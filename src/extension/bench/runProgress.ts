import { stageAfter, stageWords } from "../../bench/benchWords.ts";
import { marks } from "../../bench/observation.ts";
import type { LiveBench } from "../../protocol/liveBench.ts";
import { visibleText } from "../visibleText.ts";

/** `trial 3 of 10 · stargz · pull`; with several at once, of the one that began first. */
export function runProgressText({ run, plannedTrials, current }: LiveBench): string {
  if (!run || plannedTrials.length === 0) return "getting ready";
  const [first, ...others] = current;
  const planned = plannedTrials.find(({ trialId }) => trialId === first?.trialId);
  if (!first || !planned) return `${run.trials.length} of ${plannedTrials.length} trials done · preparing the node`;
  const beside = others.length > 0 ? ` · ${others.length} more beside it` : "";
  return `trial ${run.trials.length + 1} of ${plannedTrials.length} · ${visibleText(planned.arm, 40)} · ${phaseWords(first)}${beside}`;
}

/** From 0 to 100, by trials that have ended. */
export function runPercent({ run, plannedTrials }: LiveBench): number {
  return plannedTrials.length === 0 ? 0 : (100 * (run?.trials.length ?? 0)) / plannedTrials.length;
}

function phaseWords({ phase, observations }: LiveBench["current"][number]): string {
  switch (phase) {
    case "cooling":
      return "making the node cold";
    case "proving":
      return "looking at what was loaded";
    case "removing":
      return "removing the pod";
    case "starting": {
      const last = marks.findLast((mark) => observations.some((observation) => observation.mark === mark));
      const stage = last === undefined ? "request" : stageAfter[last];
      return stage === undefined ? "ready" : stageWords[stage];
    }
  }
}
