import { formatDuration } from "../base/format.ts";
import { failureWords, taintWords } from "./benchWords.ts";
import { confidenceText, fasterText, ratioBasisText, ratioText } from "./ratioWords.ts";
import { narrowWithin } from "./summaryPairs.ts";
import type { ArmSummary, BenchSummary, Comparison } from "./summary.ts";

/**
 * What the run showed, in plain sentences: the answer first, then what it may not be trusted for. Never empty. Names of arms are as
 * the plan has them; who prints escapes.
 */
export function verdictOf(summary: BenchSummary): readonly string[] {
  return [...answers(summary), ...caveats(summary)];
}

function answers(summary: BenchSummary): readonly string[] {
  const { arms, baseline, comparisons } = summary;
  if (arms.every(({ counts }) => counts.all === 0)) return ["No trial has run."];
  if (arms.every(({ counts }) => counts.counted === 0)) return [nothingCounts(arms)];
  const [only] = arms;
  if (arms.length === 1 && only)
    return [alone(only), "There is nothing to compare it with: a second arm would tell what the first one costs."];
  const base = arms.find(({ arm }) => arm === baseline);
  return comparisons.flatMap((comparison) => {
    const arm = arms.find((one) => one.arm === comparison.arm);
    return base && arm ? [compared(base, arm, comparison)] : [];
  });
}

function nothingCounts(arms: readonly ArmSummary[]): string {
  const sum = (count: (arm: ArmSummary) => number): number => arms.reduce((total, arm) => total + count(arm), 0);
  const all = sum(({ counts }) => counts.all);
  if (sum(({ counts }) => counts.tainted) > 0) return "There is no time to tell: no trial was ready as the plan wants it.";
  const startedArms = arms.flatMap(({ arm, started }) => (started ? [`${arm} after ${formatDuration(started.medianMs)}`] : []));
  if (sum(({ counts }) => counts.timedOut) === all && startedArms.length > 0)
    return `No trial became ready in time, though the containers started (${startedArms.join(", ")}): the question for readiness may be the wrong one, or the time too short.`;
  return `No trial became ready: there is no time to tell.`;
}

function alone({ arm, ready }: ArmSummary): string {
  if (!ready) return `${arm} has no time to tell.`;
  const interval = ready.interval ? `${confidenceText(ready.interval, formatDuration)}, ` : "";
  return `${arm} is ready ${formatDuration(ready.medianMs)} after the request (median, ${interval}n = ${ready.count}).`;
}

function compared(base: ArmSummary, arm: ArmSummary, comparison: Comparison): string {
  const { started, ready, certainty } = comparison;
  const pair = `${arm.arm} and ${base.arm}`;
  if (!ready) return `${pair} cannot be compared: no block has a trial of each that counts.`;
  const basis = ratioBasisText(ready, ready.ratio < 1);
  const found = `${fasterText(ready.ratio)} to ready than ${base.arm}`;
  switch (certainty.kind) {
    case "faster":
    case "slower": {
      const start = started && differs(started.ratio) ? startClause(started.ratio, ready.ratio) : "";
      const sentence = start === "" ? `${arm.arm} is ${found} (${basis})` : `${arm.arm} is ${start} ${found} (${basis})`;
      return `${sentence}${whereTheGainWent(base, arm, ready.ratio)}.${narrower(certainty.moreBlocks)}`;
    }
    case "equal":
      return `${pair} are equally fast to ready within 10 % (ratio ${ratioText(ready.ratio)}, ${ratioBasisText(ready, false)})${startAside(arm.arm, started?.ratio)}.`;
    case "open":
    case "none":
      if (!ready.interval)
        return `${arm.arm} was ${found} in ${ready.blocks === 1 ? "the one block" : `the ${ready.blocks} blocks`} that both finished, too few to tell${more(certainty)}.`;
      return `Whether ${arm.arm} is faster to ready than ${base.arm} cannot be told (ratio ${ratioText(ready.ratio)}, ${ratioBasisText(ready, false)})${startAside(arm.arm, started?.ratio)}${more(certainty)}.`;
  }
}

function more(certainty: Comparison["certainty"]): string {
  if (certainty.kind !== "open") return "";
  if (certainty.moreBlocks === undefined) return ": the difference is too small for how much the trials vary";
  return `: needs about ${certainty.moreBlocks} more ${certainty.moreBlocks === 1 ? "run" : "runs"} of each`;
}

function narrower(moreBlocks: number | undefined): string {
  if (moreBlocks === 0) return "";
  const told =
    moreBlocks === undefined
      ? "It varies so much that more runs would hardly"
      : `About ${moreBlocks} more ${moreBlocks === 1 ? "run" : "runs"} of each would`;
  return ` ${told} bring the interval to ± ${Math.round(narrowWithin * 100)} %.`;
}

function differs(ratio: number): boolean {
  return ratio >= 1.1 || ratio <= 1 / 1.1;
}

/** Both in one direction are joined by `and`, else by `but`. */
function startClause(startRatio: number, readyRatio: number): string {
  return `${fasterText(startRatio)} to start ${startRatio >= 1 === readyRatio >= 1 ? "and" : "but"}`;
}

function startAside(arm: string, startRatio: number | undefined): string {
  return startRatio !== undefined && differs(startRatio) ? `, though the container of ${arm} starts ${fasterText(startRatio)}` : "";
}

/** What was saved until the container started and what of it is left at readiness, on the medians. */
function whereTheGainWent(base: ArmSummary, arm: ArmSummary, readyRatio: number): string {
  if (!base.started || !arm.started || !base.ready || !arm.ready) return "";
  const savedAtStartMs = base.started.medianMs - arm.started.medianMs;
  const savedAtReadyMs = base.ready.medianMs - arm.ready.medianMs;
  if (savedAtStartMs <= 0 || savedAtStartMs < 0.05 * base.ready.medianMs) return "";
  if (readyRatio < 1) return `: the ${formatDuration(savedAtStartMs)} saved until the start are lost again in the application's start`;
  const told = `${formatDuration(savedAtStartMs)} saved until the start, ${formatDuration(savedAtReadyMs)} left at ready`;
  if (savedAtReadyMs < savedAtStartMs / 2) return `: most of the gain is spent in the application's start (${told})`;
  if (savedAtReadyMs < savedAtStartMs * 0.9) return `: a part of the gain is spent in the application's start (${told})`;
  const ownMs = arm.ready.medianMs - arm.started.medianMs;
  if (ownMs > arm.ready.medianMs / 2) return `: most of what remains is the application's own start (${formatDuration(ownMs)})`;
  return "";
}

function caveats(summary: BenchSummary): readonly string[] {
  const { arms, nodeTypes, coldness, ending } = summary;
  const found: string[] = [];
  for (const { arm, counts, failures, taints } of arms) {
    const notReady = counts.failed + counts.timedOut;
    if (notReady > 0) {
      const reasons = failures.map(({ reason, count }) => `${count} ${failureWords[reason]}`).join(", ");
      found.push(`${notReady} of ${trials(counts.all)} of ${arm} failed (${reasons}).`);
    }
    for (const { taint, count } of taints)
      found.push(`${count} of ${trials(counts.all)} of ${arm} ${taintWords[taint]}: in no number here.`);
  }
  if (nodeTypes.length > 1)
    found.push(
      `The trials ran on ${nodeTypes.length} types of nodes (${nodeTypes.join("; ")}), which alone may make the difference: choose one pool.`,
    );
  if (coldness === "L4") found.push("Every trial began on a fresh node, so the times hold what the first start on a node costs.");
  if (coldness === "L0") found.push("How cold the trials began is not known.");
  if (ending !== "complete") found.push(endingWords[ending]);
  return found;
}

const endingWords = {
  cancelled: "The run was cancelled before all trials were made.",
  limit: "The run reached its limit before all trials were made.",
  failed: "The run broke off before all trials were made.",
} as const;

function trials(count: number): string {
  return count === 1 ? "1 trial" : `${count} trials`;
}
