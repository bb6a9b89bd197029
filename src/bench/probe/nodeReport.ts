/**
 * Reads what the probe's scripts print (`nodeScript.ts`). All of it is a node's word: lines that are not understood are left out, and nothing
 * here throws.
 */

/** Rows of a report by their first word, in order; each row without it. */
export type NodeReport = ReadonlyMap<string, readonly (readonly string[])[]>;

const maxRows = 200_000;

export function parseNodeReport(text: string): NodeReport {
  const rows = new Map<string, (readonly string[])[]>();
  let count = 0;
  for (const line of text.split("\n")) {
    const [key, ...words] = line.trim().split(" ");
    if (!key || ++count > maxRows) continue;
    const list = rows.get(key);
    if (list) list.push(words);
    else rows.set(key, [words]);
  }
  return rows;
}

export function rowsOf(report: NodeReport, key: string): readonly (readonly string[])[] {
  return report.get(key) ?? [];
}

/** The first row of a key as one text; undefined when there is none. */
export function wordOf(report: NodeReport, key: string): string | undefined {
  const row = report.get(key)?.[0];
  return row && row.join(" ").trim() !== "" ? row.join(" ").trim() : undefined;
}

export function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** A stamp in nanoseconds as milliseconds with a fraction; undefined when the node could not tell. */
export function epochMsOfNanoseconds(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{16,20}$/.test(text)) return undefined;
  return Number(text.slice(0, -6)) + Number(text.slice(-6)) / 1e6;
}
