import { monitorEventLoopDelay } from "node:perf_hooks";

/** How finely stalls are noticed. */
const resolutionMs = 10;

/**
 * How long this process did not get to look at what had arrived: in an editor other extensions hold the same thread, on a busy machine other
 * processes its processor.
 */
export interface Stalls {
  /** The longest stall since the last call; 0 for none. */
  takeMs(): number;
  stop(): void;
}

export function watchStalls(): Stalls {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  return {
    takeMs() {
      const longestMs = histogram.max / 1e6;
      histogram.reset();
      return Math.max(0, longestMs - resolutionMs);
    },
    stop: () => void histogram.disable(),
  };
}
