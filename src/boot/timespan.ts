const units: readonly (readonly [suffix: string, us: number])[] = [
  ["y", 31_557_600_000_000],
  ["month", 2_629_800_000_000],
  ["w", 604_800_000_000],
  ["d", 86_400_000_000],
  ["h", 3_600_000_000],
  ["min", 60_000_000],
  ["s", 1_000_000],
  ["ms", 1000],
  ["us", 1],
];

/**
 * systemd's way to print a length of whole microseconds to the millisecond (`format_timespan` in `src/basic/time-util.c`): `1min 1.356s`, `22ms`,
 * `227us`. Its lengths have 64 bits and no sign: what is below 0 comes out as some 584,542 years, there as here.
 */
export function formatTimespan(lengthUs: number): string {
  if (lengthUs === 0) return "0";
  const parts: string[] = [];
  let rest = BigInt.asUintN(64, BigInt(lengthUs));
  for (const [suffix, size] of units) {
    const us = BigInt(size);
    if (rest <= 0n || (rest < 1000n && parts.length > 0)) break;
    if (rest < us) continue;
    const whole = rest / us;
    const below = rest % us;
    const digits = String(size).length - 1 - 3;
    if (rest < 60_000_000n && below > 0n && digits > 0) {
      parts.push(`${whole}.${String(below / 1000n).padStart(digits, "0")}${suffix}`);
      break;
    }
    parts.push(`${whole}${suffix}`);
    rest = below;
  }
  return parts.join(" ");
}

const suffixes = new Map<string, number>([
  ...units,
  ["", 1_000_000],
  ["sec", 1_000_000],
  ["m", 60_000_000],
  ["hr", 3_600_000_000],
  ["µs", 1],
  ["μs", 1],
]);

/** Reads what systemd prints and takes as a length, in whole microseconds: `1min 1.356s`, `500ms`, `2` (seconds); undefined for other text. */
export function parseTimespan(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > 100) return undefined;
  let totalUs = 0;
  let end = 0;
  for (const match of trimmed.matchAll(/(\d+(?:\.\d+)?)([a-zµμ]*)\s*/gy)) {
    const us = suffixes.get(match[2] ?? "");
    if (us === undefined) return undefined;
    totalUs += Number(match[1]) * us;
    end = match.index + match[0].length;
  }
  return end === trimmed.length && Number.isSafeInteger(Math.round(totalUs)) ? Math.round(totalUs) : undefined;
}
