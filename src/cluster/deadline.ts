/** A signal that follows another one and also fires after a time. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** It fired because the time was over. */
  readonly isOver: boolean;
  /** Puts it off by the whole time again. */
  renew(): void;
  [Symbol.dispose](): void;
}

/** Fires after `timeoutMs`, or with `outer`. Must be disposed of, or its timer stays. */
export function deadline(timeoutMs: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  let isOver = false;
  const onAbort = (): void => controller.abort(outer?.reason);
  if (outer?.aborted) onAbort();
  else outer?.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => {
    isOver = true;
    controller.abort();
  }, timeoutMs);
  return {
    signal: controller.signal,
    get isOver() {
      return isOver;
    },
    renew: () => void timer.refresh(),
    [Symbol.dispose]() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", onAbort);
    },
  };
}
