import type { TrialRow } from "../../src/protocol/reportMessages.ts";
import type { TrialFilter, TrialOrder } from "./reportState.ts";

/** Those of a kind, in the order asked for; what has no time comes last. */
export function listedTrials(trials: readonly TrialRow[], filter: TrialFilter, order: TrialOrder): readonly TrialRow[] {
  const kept = filter === "all" ? [...trials] : trials.filter((trial) => kindOf(trial) === filter);
  if (order === "order") return kept;
  const last = order === "slowest" ? -Infinity : Infinity;
  const sign = order === "slowest" ? -1 : 1;
  return kept.sort((a, b) => sign * ((a.readyMs ?? last) - (b.readyMs ?? last)) || a.order - b.order);
}

function kindOf({ outcome, taints }: TrialRow): Exclude<TrialFilter, "all"> {
  if (outcome !== "ready") return "failed";
  return taints.length > 0 ? "set-aside" : "counted";
}
