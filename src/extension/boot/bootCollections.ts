import type { Call } from "../../base/log.ts";

/** Collections of boots that go on, so that a window that closes ends them and their pods are removed. */
export class BootCollections {
  readonly #running = new Set<{ readonly end: AbortController; readonly over: Promise<void> }>();

  /** Rejects as the work does. */
  async run(work: (call: Call) => Promise<void>, { log }: Call): Promise<void> {
    const end = new AbortController();
    const working = work({ log, signal: end.signal });
    const running = { end, over: working.catch(() => undefined) };
    this.#running.add(running);
    try {
      await working;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Resolves when all have ended. */
  async stopAll(): Promise<void> {
    for (const { end } of this.#running) end.abort(new DOMException("The window closes", "AbortError"));
    await Promise.all([...this.#running].map(({ over }) => over));
  }
}
