import { nowEpochMs } from "../../base/clock.ts";

/** How finely stalls are noticed. */
const tickMs = 10;

/**
 * How long this process did not get to look at what had arrived: in an editor other extensions hold the same thread, on a busy machine other
 * processes its processor. (Node's own histogram of the loop's delay is blind right after it was reset.)
 */
export interface Stalls {
  /** The longest stall since the last call, one that has just ended included; 0 for none. */
  takeMs(): number;
  stop(): void;
}

export function watchStalls(): Stalls {
  let lastEpochMs = nowEpochMs();
  let longestMs = 0;
  const look = (): void => {
    const now = nowEpochMs();
    longestMs = Math.max(longestMs, now - lastEpochMs - tickMs);
    lastEpochMs = now;
  };
  const timer = setInterval(look, tickMs).unref();
  return {
    takeMs() {
      look();
      const taken = longestMs;
      longestMs = 0;
      // A late tick by less is how timers are.
      return taken > tickMs / 2 ? taken : 0;
    },
    stop: () => clearInterval(timer),
  };
}
