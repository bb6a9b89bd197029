import { UserError } from "../base/errors.ts";
import { formatCount, formatDuration } from "../base/format.ts";
import type { Call } from "../base/log.ts";
import { cleanup, type CleanupReceipt } from "../cluster/cleanup.ts";
import { connectCluster } from "../cluster/connect.ts";
import { clusterSourceOf, type ClusterArguments } from "./clusterSource.ts";
import { printable, textTable } from "./table.ts";

export interface CleanupArguments extends ClusterArguments {
  readonly namespace?: string;
  readonly run?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

export async function cleanupCommand(given: CleanupArguments, call: Call): Promise<void> {
  const cluster = await connectCluster(clusterSourceOf(given), call);
  // A run that is named is meant, even while it goes on.
  const which = given.all === true || given.run !== undefined ? "all" : "leftovers";
  const receipt = await cleanup(cluster, { which, namespace: given.namespace, runId: given.run }, call);
  process.stdout.write(given.json ? `${JSON.stringify(receipt)}\n` : printReceipt(receipt));
  const left = receipt.entries.filter(({ outcome }) => outcome === "left").length;
  if (left > 0) {
    throw new UserError(
      "cluster-refused",
      `${formatCount(left)} of ${formatCount(receipt.entries.length)} objects are still there.`,
      "See the reasons above; what is merely slow to go is gone when the command is run again.",
    );
  }
}

/** The answer first, then what was removed. */
export function printReceipt(receipt: CleanupReceipt): string {
  const { entries, inUse } = receipt;
  const removed = entries.filter(({ outcome }) => outcome === "removed").length;
  const took = formatDuration(receipt.endedAtEpochMs - receipt.startedAtEpochMs);
  const runs = [...new Set(inUse.map(({ runId }) => runId))].join(", ");
  const spared =
    inUse.length === 0
      ? ""
      : printable(`${formatCount(inUse.length)} in use by runs that go on (${runs}); --run or --all removes them too.`) + "\n";
  if (entries.length === 0) return `Nothing was left in ${printable(receipt.context)}.\n${spared}`;
  const rows = entries.map((entry) => [
    entry.kind,
    printable(`${entry.namespace}/${entry.name}`),
    printable(entry.runId),
    printable(entry.node ?? ""),
    timeText(entry.createdAtEpochMs),
    entry.outcome === "removed" ? `removed ${timeText(entry.removedAtEpochMs)}` : printable(`left: ${entry.why}`),
  ]);
  const head = `Removed ${formatCount(removed)} of ${formatCount(entries.length)} objects from ${printable(receipt.context)} in ${took}.\n${spared}\n`;
  return head + textTable(["kind", "object", "run", "node", "created (UTC)", "what became of it"], rows);
}

function timeText(atEpochMs: number | undefined): string {
  return atEpochMs === undefined ? "" : new Date(atEpochMs).toISOString().replace("T", " ").slice(0, 19);
}
