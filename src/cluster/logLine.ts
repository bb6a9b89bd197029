/** Splits a line of a log that was asked for with timestamps: RFC 3339 with nanoseconds, a space, the text. */
export function parseLogLine(line: string): { readonly text: string; readonly writtenAtEpochMs: number | undefined } {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)(?: |$)/.exec(line);
  if (!match) return { text: line, writtenAtEpochMs: undefined };
  const [whole, seconds = "", fraction = "", zone = ""] = match;
  const atEpochMs = Date.parse(seconds + zone) + (fraction === "" ? 0 : Number(fraction) * 1000);
  return { text: line.slice(whole.length), writtenAtEpochMs: Number.isFinite(atEpochMs) ? atEpochMs : undefined };
}
