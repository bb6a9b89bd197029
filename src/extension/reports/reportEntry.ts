import type { HistoryBoots } from "../../protocol/reportMessages.ts";

/** What lists tell of a saved report. */
export interface ReportEntry {
  /** Address of the file, as `vscode.Uri.toString()` writes it. */
  readonly uri: string;
  /** Relative to the workspace. */
  readonly fileName: string;
  /** Of the plan; of the file when it was not read. */
  readonly name: string;
  /** Absent: the file is too large for a list, or cannot be read; then all of the following is, too. */
  readonly measuredAtEpochMs?: number;
  readonly boots?: HistoryBoots;
  readonly image?: { readonly reference: string };
  /** Absent: it holds no benchmark. */
  readonly run?: {
    readonly context: string;
    /** Those that trials ran on. */
    readonly nodes: readonly string[];
    readonly armCount: number;
    readonly trialCount: number;
    readonly isComplete: boolean;
  };
}

/** The newest first; what was not read comes last, by name. */
export function newestFirst(entries: readonly ReportEntry[]): readonly ReportEntry[] {
  const age = ({ measuredAtEpochMs }: ReportEntry): number => measuredAtEpochMs ?? -Infinity;
  return [...entries].sort((a, b) => (age(a) === age(b) ? (a.fileName < b.fileName ? -1 : 1) : age(b) - age(a)));
}
