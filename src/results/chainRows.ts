import type { ReportSpan } from "../boot/bootReport.ts";

const kindWords: Readonly<Record<ReportSpan["kind"], string>> = {
  "lead-in": "",
  gap: "",
  start: "",
  "failed-start": "failed",
  "restart-wait": "waited before it was started again",
  "passed-over": "never started",
  "still-starting": "still starting",
  waiting: "queued",
};

/** One start of a unit with the wait that came before it. */
export interface ChainRow {
  readonly unit: string;
  readonly wait: ReportSpan | undefined;
  readonly start: ReportSpan | undefined;
}

/** A wait and the start that ended it share a row. All spans are in one row each, so that both columns add up to the whole. */
export function chainRows(spans: readonly ReportSpan[]): readonly ChainRow[] {
  const rows: ChainRow[] = [];
  let wait: ReportSpan | undefined;
  for (const span of spans) {
    if (isWait(span)) {
      if (wait) rows.push({ unit: wait.unit, wait, start: undefined });
      wait = span;
      continue;
    }
    if (wait && wait.unit !== span.unit) {
      rows.push({ unit: wait.unit, wait, start: undefined });
      wait = undefined;
    }
    rows.push({ unit: span.unit, wait, start: span });
    wait = undefined;
  }
  if (wait) rows.push({ unit: wait.unit, wait, start: undefined });
  return rows;
}

/** Time in which the unit itself did nothing. */
export function isWait({ kind }: ReportSpan): boolean {
  return kind === "gap" || kind === "lead-in" || kind === "restart-wait" || kind === "waiting";
}

/** What became of the start and of the wait, in words; empty where nothing was odd. */
export function saidOf({ start, wait }: Pick<ChainRow, "start" | "wait">): string {
  const words = [start, wait].flatMap((span) => (span ? [kindWords[span.kind], ...span.notes] : []));
  return words.filter((word) => word !== "").join("; ");
}

/** A start that came to nothing. */
export function isFailedStart(start: ReportSpan | undefined): boolean {
  return start?.kind === "failed-start" || start?.kind === "passed-over";
}
