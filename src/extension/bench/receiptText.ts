import { formatDuration } from "../../base/format.ts";
import type { CleanupReceipt } from "../../cluster/cleanup.ts";
import { visibleText } from "../visibleText.ts";

/** What a clean-up found and what became of it: one sentence for a message, and a line for each object for the log. */
export interface ReceiptText {
  readonly sentence: string;
  readonly lines: readonly string[];
  /** Something is still there that should not be. */
  readonly isIncomplete: boolean;
}

export function receiptText({ context, entries, inUse, startedAtEpochMs, endedAtEpochMs }: CleanupReceipt): ReceiptText {
  const removed = entries.filter(({ outcome }) => outcome === "removed").length;
  const left = entries.length - removed;
  const took = formatDuration(endedAtEpochMs - startedAtEpochMs);
  const spared = inUse.length > 0 ? ` ${pods(inUse.length)} of runs that go on ${inUse.length === 1 ? "was" : "were"} left alone.` : "";
  const where = visibleText(context, 60);
  const what =
    entries.length === 0
      ? `Nothing was left on ${where}.`
      : `${pods(removed)} of earlier runs ${removed === 1 ? "was" : "were"} removed from ${where} in ${took}${left > 0 ? `; ${left} could not be` : ""}.`;
  return {
    sentence: `${what}${spared}`,
    lines: [
      ...entries.map((entry) => {
        const outcome =
          entry.outcome === "removed"
            ? `removed at ${new Date(entry.removedAtEpochMs).toISOString()}`
            : `left: ${visibleText(entry.why, 300)}`;
        return `${objectText(entry)}: ${outcome}`;
      }),
      ...inUse.map((object) => `${objectText(object)}: in use by a run that goes on`),
    ],
    isIncomplete: left > 0,
  };
}

function objectText({ kind, namespace, name, runId, node }: CleanupReceipt["inUse"][number]): string {
  return visibleText(`${kind} ${namespace}/${name} of run ${runId}${node === undefined ? "" : ` on ${node}`}`, 300);
}

function pods(count: number): string {
  return count === 1 ? "1 pod" : `${count} pods`;
}
