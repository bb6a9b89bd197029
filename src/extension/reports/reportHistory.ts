import * as vscode from "vscode";
import type { Log } from "../../base/log.ts";
import type { HistoryEntry } from "../../protocol/reportMessages.ts";
import type { DocumentsComparison, FiledDocument } from "../../results/compare/documentsComparison.ts";
import type { ReportDocument } from "../../results/document.ts";
import type { ReportEntry } from "./reportEntry.ts";
import { readReport } from "./reportFiles.ts";

/** What the page lists of the workspace's reports, as far as the index has read them. */
export function historyOf(entries: readonly ReportEntry[], shown: vscode.Uri): readonly HistoryEntry[] {
  return entries.flatMap(({ uri, fileName, name, measuredAtEpochMs, run, boots, image }) => {
    if (measuredAtEpochMs === undefined) return [];
    return [
      {
        id: uri,
        fileName,
        name,
        measuredAtEpochMs,
        ...(run && {
          bench: { context: run.context, armCount: run.armCount, trialCount: run.trialCount, isComplete: run.isComplete },
        }),
        ...(boots && { boots }),
        ...(image && { image }),
        isShown: uri === shown.toString(),
      },
    ];
  });
}

/**
 * The shown report beside those that the page picked, in the order in which they were measured. Only addresses of the index are read,
 * whatever the page asks for; a report that is gone by now is left out.
 */
export async function compareWith(
  shown: { readonly uri: vscode.Uri; readonly document: ReportDocument },
  ids: readonly string[],
  entries: readonly ReportEntry[],
  log: Log,
): Promise<DocumentsComparison | undefined> {
  const own: FiledDocument = { file: vscode.workspace.asRelativePath(shown.uri), document: shown.document };
  const picked = entries.filter(
    ({ uri, measuredAtEpochMs }) => measuredAtEpochMs !== undefined && ids.includes(uri) && uri !== shown.uri.toString(),
  );
  const others = await Promise.all(picked.map((entry) => documentOfEntry(entry, log)));
  const { compareDocuments, measuredAtEpochMs } = await import("./reportEngine.ts");
  const all = [own, ...others.flatMap((other) => other ?? [])].sort(
    (a, b) => measuredAtEpochMs(a.document) - measuredAtEpochMs(b.document),
  );
  return all.length < 2 ? undefined : compareDocuments(all);
}

async function documentOfEntry({ uri, fileName }: ReportEntry, log: Log): Promise<FiledDocument | undefined> {
  try {
    return { file: fileName, document: await readReport(vscode.Uri.parse(uri, true), { log }) };
  } catch (error) {
    log.info("A report cannot be compared", { fileName, why: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
