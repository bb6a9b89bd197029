import { formatDuration } from "../base/format.ts";

/**
 * A duration with how wrong it may be: `5.0 s ± 4 ms`. One that is shorter than its error is only known to be short, `≤ 1.2 s`; a
 * negative one stays negative, since the stamps say so. Without an error none is claimed.
 */
export function durationWithError(durationMs: number, errorMs: number): string {
  if (durationMs >= 0 && durationMs < errorMs) return `≤ ${formatDuration(durationMs + errorMs)}`;
  return errorMs > 0 ? `${signedDuration(durationMs)} ± ${formatDuration(errorMs)}` : signedDuration(durationMs);
}

/** `-1.2 s` for a stage whose stamps are in the wrong order. */
export function signedDuration(durationMs: number): string {
  return durationMs < 0 ? `-${formatDuration(-durationMs)}` : formatDuration(durationMs);
}

/** How long a stage of one trial took. Nothing is clamped: stamps in the wrong order show as such; a stage shorter than its error is a bound. */
export function tookText({ durationMs, resolutionMs }: { readonly durationMs: number; readonly resolutionMs: number }): string {
  if (durationMs < 0) return `−${formatDuration(-durationMs)} ▲`;
  return durationMs < resolutionMs ? `< ${formatDuration(durationMs + resolutionMs)}` : formatDuration(durationMs);
}
