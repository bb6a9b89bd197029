import type { Call } from "../../base/log.ts";
import type { Mark } from "../observation.ts";
import type { PodSighting } from "./podSighting.ts";

/**
 * Waits until each of the marks was seen by some source, but not longer than the patience: readiness is often found before the events and the
 * first line that were earlier have arrived. Tells whether all were seen; rejects with the signal's reason.
 */
export async function untilObserved(
  sightings: AsyncIterable<PodSighting>,
  wanted: readonly Mark[],
  patienceMs: number,
  { signal }: Call,
): Promise<boolean> {
  const missing = new Set(wanted);
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => {};
  const over = new Promise<false>((resolve, reject) => {
    timer = setTimeout(() => resolve(false), patienceMs);
    onAbort = () => reject(signal?.reason as Error);
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
  });
  const seen = (async () => {
    if (missing.size === 0) return true;
    for await (const sighting of sightings) {
      if (sighting.kind === "observed") missing.delete(sighting.observation.mark);
      if (missing.size === 0) return true;
    }
    return false;
  })();
  try {
    return await Promise.race([seen, over]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    // It reads on until the sightings end, with their error.
    seen.catch(() => {});
  }
}
