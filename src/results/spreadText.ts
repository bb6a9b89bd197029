import { formatDuration } from "../base/format.ts";
import { foreignLine } from "../base/foreignText.ts";
import type { ArmSummary } from "../bench/summary.ts";

/** What points of an arm's trials show, in a sentence. */
export function spreadText({ arm, ready, outliers }: ArmSummary): string {
  const name = foreignLine(arm, 60);
  if (!ready) return `${name}: no time.`;
  const far = outliers.length === 0 ? "" : `, ${outliers.length} of them outliers`;
  return `${name}: ${ready.count} trials from ${formatDuration(ready.lowestMs)} to ${formatDuration(ready.highestMs)}, median ${formatDuration(ready.medianMs)}${far}.`;
}
