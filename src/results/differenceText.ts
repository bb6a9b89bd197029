import { formatBytes } from "../base/format.ts";
import type { Confidence } from "../stats/confidence.ts";
import { signedDuration } from "./stageText.ts";

/** Words for a difference of times: above zero the second takes longer. */
export interface DifferenceSign {
  readonly sign: "▲" | "▼";
  readonly word: "slower" | "faster";
}

/** Undefined where the interval holds 0, or where there is none. */
export function differenceSign(interval: Confidence | undefined): DifferenceSign | undefined {
  if (!interval || (interval.low <= 0 && interval.high >= 0)) return undefined;
  return interval.low > 0 ? { sign: "▲", word: "slower" } : { sign: "▼", word: "faster" };
}

/** `+1.2 s`, `-30 ms`; what rounds to nothing has no sign. */
export function differenceText(differenceMs: number): string {
  const text = signedDuration(differenceMs);
  if (/^-?0 ms$/.test(text)) return "0 ms";
  return differenceMs > 0 ? `+${text}` : text;
}

/** `+0.8 s to +1.4 s`. */
export function intervalText({ low, high }: Confidence): string {
  return `${differenceText(low)} to ${differenceText(high)}`;
}

/** `+1.2 GB`, `-30 kB`; what rounds to nothing has no sign. */
export function byteDifferenceText(differenceBytes: number): string {
  const text = formatBytes(Math.abs(differenceBytes));
  return text === "0 B" ? text : `${differenceBytes > 0 ? "+" : "-"}${text}`;
}
