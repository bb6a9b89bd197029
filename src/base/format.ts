/**
 * The only place where bytes, counts, fractions and spans become words, so that the lens, the panel and the
 * command line agree. Sizes are decimal (1 MB = 1,000,000 bytes), as registries and `docker images` print them.
 */

const countFormat = new Intl.NumberFormat("en-US");

export function formatCount(count: number): string {
  return countFormat.format(Math.round(count));
}

/** Two to three significant digits: `812 B`, `64 kB`, `5.4 GB`, `438 MB`. */
export function formatBytes(sizeBytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let amount = sizeBytes;
  let unit = 0;
  while (Math.abs(amount) >= 999.5 && unit < units.length - 1) {
    amount /= 1000;
    unit++;
  }
  const digits = unit === 0 || Math.abs(amount) >= 99.95 ? 0 : 1;
  return `${amount.toFixed(digits)} ${units[unit]}`;
}

/** For sizes that are powers of two by nature, such as chunks: `4 MiB`, `512 KiB`; others as `formatBytes`. */
export function formatBinarySize(sizeBytes: number): string {
  if (sizeBytes > 0 && sizeBytes % 1_048_576 === 0) return `${sizeBytes / 1_048_576} MiB`;
  if (sizeBytes > 0 && sizeBytes % 1024 === 0) return `${sizeBytes / 1024} KiB`;
  return formatBytes(sizeBytes);
}

/** `0.083` becomes `8.3 %`; something that is there but tiny is `< 0.1 %`, never `0 %`. */
export function formatFraction(fraction: number): string {
  const percent = fraction * 100;
  if (percent === 0) return "0 %";
  if (percent < 0.1) return "< 0.1 %";
  return `${percent.toFixed(percent >= 99.95 ? 0 : 1)} %`;
}

/** `850 ms`, `12.4 s`, `3 min 05 s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** For scales, where every step is round: `0 s`, `500 ms`, `2 s`, `1 min`, `2.5 s`. */
export function formatTick(durationMs: number): string {
  if (durationMs !== 0 && durationMs < 1000) return `${Number(durationMs.toFixed(1))} ms`;
  if (durationMs < 60_000) return `${Number((durationMs / 1000).toFixed(2))} s`;
  return `${Number((durationMs / 60_000).toFixed(2))} min`;
}

/** `±1 ms`, `±0.2 ms`, `±1.0 s`: how wrong a time may be. */
export function formatError(errorMs: number): string {
  return `±${errorMs > 0 && errorMs < 0.95 ? `${Math.max(0.1, Number(errorMs.toFixed(1)))} ms` : formatDuration(errorMs)}`;
}

const instantFormat = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** `22 Nov 2026, 11:52` in this machine's time zone. */
export function formatInstant(epochMs: number): string {
  return instantFormat.format(epochMs);
}

/** `just now`, `2 min ago`, `3 h ago`, `5 days ago`. */
export function formatAge(ageMs: number): string {
  const minutes = Math.floor(ageMs / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ago`;
  return `${Math.floor(hours / 24)} days ago`;
}

/** Reads `4MiB`, `512k`, `1GB` or plain bytes; undefined when it is none of them. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?$/i.exec(text.trim());
  if (!match) return undefined;
  const exponent = ["", "k", "m", "g", "t"].indexOf((match[2] ?? "").toLowerCase());
  const base = match[3] ? 1024 : 1000;
  return Math.round(Number(match[1]) * base ** exponent);
}

const durationUnitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads `30m`, `90s`, `250ms`, `1.5h`, `1h30m` into ms; undefined when it is none, also when the unit is missing. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^(?:\d+(?:\.\d+)?\s*(?:ms|s|min|m|h|d)\s*)+$/.test(trimmed) || trimmed.length > 40) return undefined;
  let durationMs = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)/g)) {
    durationMs += Number(amount) * (durationUnitsMs[unit ?? ""] ?? 0);
  }
  return Math.round(durationMs);
}
