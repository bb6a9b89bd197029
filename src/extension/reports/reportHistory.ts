import * as vscode from "vscode";
import type { Log } from "../../base/log.ts";
import type { HistoryEntry } from "../../protocol/reportMessages.ts";
import type { NamedBench, BenchComparison } from "../../results/compare/benchComparison.ts";
import type { ReportDocument } from "../../results/document.ts";
import type { ReportEntry } from "./reportEntry.ts";
import { readReport } from "./reportFiles.ts";

/** What the page lists of the workspace's reports: those with a benchmark, as far as the index has read them. */
export function historyOf(entries: readonly ReportEntry[], shown: vscode.Uri): readonly HistoryEntry[] {
  return entries.flatMap(({ uri, fileName, name, run }) =>
    run
      ? [
          {
            id: uri,
            fileName,
            planName: name,
            context: run.context,
            startedAtEpochMs: run.startedAtEpochMs,
            armCount: run.armCount,
            trialCount: run.trialCount,
            isComplete: run.isComplete,
            isShown: uri === shown.toString(),
          },
        ]
      : [],
  );
}

/**
 * The shown report beside those that the page picked, in the order in which they began. Only addresses of the index are read, whatever
 * the page asks for; a report that is gone by now is left out.
 */
export async function compareWith(
  shown: { readonly uri: vscode.Uri; readonly document: ReportDocument },
  ids: readonly string[],
  entries: readonly ReportEntry[],
  log: Log,
): Promise<BenchComparison | undefined> {
  if (!shown.document.bench) return undefined;
  const own: NamedBench = { name: vscode.workspace.asRelativePath(shown.uri), bench: shown.document.bench };
  const picked = entries.filter(({ uri, run }) => run !== undefined && ids.includes(uri) && uri !== shown.uri.toString());
  const others = await Promise.all(picked.map((entry) => benchOf(entry, log)));
  const all = [own, ...others.flatMap((other) => other ?? [])].sort((a, b) => a.bench.run.startedAtEpochMs - b.bench.run.startedAtEpochMs);
  const { compareBenches } = await import("./reportEngine.ts");
  return all.length < 2 ? undefined : compareBenches(all);
}

async function benchOf({ uri, fileName }: ReportEntry, log: Log): Promise<NamedBench | undefined> {
  try {
    const { bench } = await readReport(vscode.Uri.parse(uri, true), { log });
    return bench && { name: fileName, bench };
  } catch (error) {
    log.info("A report cannot be compared", { fileName, why: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
