import type { Confidence } from "../stats/confidence.ts";
import type { PairedRatio } from "../stats/pairedRatio.ts";

/** Two digits that matter, but never a rounded `1.0` for what is not 1: `1.04`, `1.3`, `12`, `140`. */
export function ratioText(ratio: number): string {
  if (ratio >= 0.905 && ratio < 1.095) return ratio.toFixed(2);
  return ratio >= 9.95 ? String(Math.round(Number(ratio.toPrecision(2)))) : ratio.toPrecision(2);
}

/** `95 % CI 1.2–1.4`. */
export function confidenceText({ low, high, level }: Confidence, text: (value: number) => string): string {
  return `${Math.round(level * 100)} % CI ${text(low)}–${text(high)}`;
}

/** `95 % CI 1.2–1.4, n = 10`; `turned`: of the inverse, for a ratio that is told as `slower`. */
export function ratioBasisText({ interval, blocks }: PairedRatio, turned: boolean): string {
  if (!interval) return `n = ${blocks}`;
  const shown = turned ? { low: 1 / interval.high, high: 1 / interval.low, level: interval.level } : interval;
  return `${confidenceText(shown, ratioText)}, n = ${blocks}`;
}

/** `2.1× faster`, `1.5× slower`. */
export function fasterText(ratio: number): string {
  return ratio >= 1 ? `${ratioText(ratio)}× faster` : `${ratioText(1 / ratio)}× slower`;
}
