import type { BenchRun } from "../bench/benchRun.ts";
import { redactedRun } from "../bench/redactedRun.ts";
import type { BootReport } from "../boot/bootReport.ts";
import { summaryOf, type BenchSummary } from "../bench/summary.ts";
import type { Report } from "./report.ts";

/** The version that this code writes; fields are only ever added within one. */
export const documentVersion = 1;
export const documentKind = "coldstart-report";

/**
 * What a `*.coldstart.json` file holds: an image, a benchmark, boots of nodes, or several of them. Self-contained: all that is shown is
 * derived from it. `media/report.schema.json` is its JSON schema.
 */
export interface ReportDocument {
  readonly schemaVersion: typeof documentVersion;
  readonly kind: typeof documentKind;
  readonly createdAtEpochMs: number;
  /** Who measured: `coldstart`, or the tool whose results were read. */
  readonly tool: { readonly name: string; readonly version: string };
  readonly image?: Report;
  readonly bench?: ReportBench;
  /** Boot chains of nodes. */
  readonly boots?: BootReport;
}

/** A benchmark in a document: what was stored, and what follows from it. */
export interface ReportBench {
  /** Without secrets (`redactedRun`). */
  readonly run: BenchRun;
  /** Derived from the run whenever a document is made or read; what is stored of it is for others. */
  readonly summary: BenchSummary;
}

/** The document of what was measured; nothing that a run keeps secret gets into it. Pure. */
export function documentOf(
  parts: { readonly image?: Report | undefined; readonly bench?: BenchRun | undefined; readonly boots?: BootReport | undefined },
  made: { readonly atEpochMs: number; readonly version: string; readonly tool?: string },
): ReportDocument {
  return {
    schemaVersion: documentVersion,
    kind: documentKind,
    createdAtEpochMs: made.atEpochMs,
    tool: { name: made.tool ?? "coldstart", version: made.version },
    ...(parts.image && { image: parts.image }),
    ...(parts.bench && { bench: benchPartOf(redactedRun(parts.bench)) }),
    ...(parts.boots && { boots: parts.boots }),
  };
}

/** When what the document holds was measured: its benchmark's begin, else its first boot's, else when the image was read. */
export function measuredAtEpochMs({ bench, boots, image, createdAtEpochMs }: ReportDocument): number {
  const bootsAtEpochMs = boots?.boots.flatMap(({ userspaceStartEpochMs }) => userspaceStartEpochMs ?? []) ?? [];
  const firstBootEpochMs = bootsAtEpochMs.length > 0 ? Math.min(...bootsAtEpochMs) : undefined;
  return bench?.run.startedAtEpochMs ?? firstBootEpochMs ?? image?.createdAtEpochMs ?? createdAtEpochMs;
}

/** The run with its summary. Secrets have to have been taken out of it. */
export function benchPartOf(run: BenchRun): ReportBench {
  return { run, summary: summaryOf(run) };
}

/** Its text; ends with a line feed, so that tools for lines do not complain. */
export function documentText(document: ReportDocument): string {
  return `${JSON.stringify(document, null, 1)}\n`;
}
