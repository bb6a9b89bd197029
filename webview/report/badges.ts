import { formatCount } from "../../src/base/format.ts";
import { coldnessLevels } from "../../src/bench/plan.ts";
import { taintWords } from "../../src/bench/benchWords.ts";
import { toldTaints, type Taint } from "../../src/bench/trial.ts";
import type { PanelBench } from "../../src/protocol/reportMessages.ts";
import type { TrialFilter } from "./reportState.ts";

/** What a reader must know before the numbers; leads to the trials that it is about. */
export interface Badge {
  readonly sign: "✓" | "▲" | "✕" | "◔";
  readonly text: string;
  readonly filter: TrialFilter;
}

const taintBadges: Readonly<Record<Taint, string>> = {
  warm: "warm",
  "partly-warm": "partly warm",
  "fell-back": "fell back",
  restarted: "restarted",
  "cluster-reconnected": "lost the cluster",
  "less-cold": "less cold",
};

/** Proofs first, then what is missing, then how much more is needed. Pure. */
export function badgesOf({ run, summary, trials }: PanelBench): readonly Badge[] {
  const badges: Badge[] = [];
  const counted = trials.filter(({ outcome, taints }) => outcome === "ready" && taints.length === 0);
  if (counted.length > 0) {
    const { coldness } = run.plan;
    const wanted = coldnessLevels.indexOf(coldness);
    const cold = trials.filter((trial) => coldnessLevels.indexOf(trial.coldness) >= wanted).length;
    badges.push(
      coldness === "L0"
        ? { sign: "▲", text: "how cold is not known", filter: "all" }
        : {
            sign: cold === trials.length ? "✓" : "▲",
            text: `cold ${coldness}, proved ${formatCount(cold)}/${formatCount(trials.length)}`,
            filter: "all",
          },
    );
    const lazyArms = summary.arms.filter(({ isLazy }) => isLazy);
    const lazy = lazyArms.reduce((sum, { laziness }) => sum + laziness.lazy, 0);
    const ofLazy = lazyArms.reduce((sum, { counts }) => sum + counts.counted, 0);
    if (ofLazy > 0)
      badges.push({
        sign: lazy === ofLazy ? "✓" : "▲",
        text: `lazy, proved ${formatCount(lazy)}/${formatCount(ofLazy)}`,
        filter: "counted",
      });
  }
  const notReady = trials.filter(({ outcome }) => outcome === "failed" || outcome === "timed-out").length;
  if (notReady > 0) badges.push({ sign: "✕", text: `${formatCount(notReady)} failed`, filter: "failed" });
  const cancelled = trials.filter(({ outcome }) => outcome === "cancelled").length;
  if (cancelled > 0) badges.push({ sign: "✕", text: `${formatCount(cancelled)} cancelled`, filter: "failed" });
  for (const taint of Object.keys(taintWords) as Taint[]) {
    const having = trials.filter((trial) => toldTaints(trial).includes(taint)).length;
    if (having > 0) badges.push({ sign: "▲", text: `${formatCount(having)} ${taintBadges[taint]}`, filter: "set-aside" });
  }
  const more = Math.max(0, ...summary.comparisons.map(({ certainty }) => (certainty.kind === "open" ? (certainty.moreBlocks ?? 0) : 0)));
  if (more > 0) badges.push({ sign: "◔", text: `needs about ${more} more ${more === 1 ? "run" : "runs"} of each`, filter: "all" });
  return badges;
}
