import { endCommands } from "../real/parts/process.ts";
import { endSteps } from "../steps.ts";

export interface Interruption {
  happened(): boolean;
  /** Resolves when the user has enough: from now on an interruption is the ordinary end. */
  wait(): Promise<void>;
}

/**
 * Ctrl+C, a signal or a closed terminal: what runs is asked to end, no further step begins, and the caller's own `finally` ends the rest. A second one ends
 * this process at once; what it leaves goes with it or is removed by the next `npm start`.
 */
export function catchInterruption(): Interruption {
  let happened = false;
  let waiting: (() => void) | undefined;
  const onSignal = (): void => {
    if (happened) process.exit(130);
    happened = true;
    if (waiting) return waiting();
    console.log("\nInterrupted: ending what was begun. Ctrl+C again ends at once.");
    endSteps();
    void endCommands();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  // Nobody reads any more: a closed terminal, or a pipe whose reader ended. What is left to do is done without words.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => void (happened || onSignal()));
  return { happened: () => happened, wait: () => new Promise((resolve) => (waiting = resolve)) };
}
