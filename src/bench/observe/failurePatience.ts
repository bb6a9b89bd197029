import type { PodFailure } from "./podFailure.ts";

/**
 * What speaks against the pod at the moment, since when. The status takes back what it said by saying something else; events never
 * take anything back, so progress does. Immutable.
 */
export interface FailureWatch {
  readonly status?: Pending | undefined;
  readonly event?: Pending | undefined;
}

export interface Pending {
  readonly failure: PodFailure;
  readonly sinceEpochMs: number;
}

export function statusSaid(watch: FailureWatch, failure: PodFailure | undefined, atEpochMs: number): FailureWatch {
  return { ...watch, status: continued(watch.status, failure, atEpochMs) };
}

/** `failure` undefined: an event of progress. */
export function eventSaid(watch: FailureWatch, failure: PodFailure | undefined, atEpochMs: number): FailureWatch {
  return { ...watch, event: continued(watch.event, failure, atEpochMs) };
}

/** With which patience is over, the longest standing first. */
export function dueFailures(watch: FailureWatch, nowEpochMs: number): readonly PodFailure[] {
  return [watch.status, watch.event]
    .filter((one) => one !== undefined)
    .filter(({ failure, sinceEpochMs }) => sinceEpochMs + failure.patienceMs <= nowEpochMs)
    .sort((a, b) => a.sinceEpochMs - b.sinceEpochMs)
    .map(({ failure }) => failure);
}

/** The same trouble goes on from where it began, in its newest words. */
function continued(before: Pending | undefined, failure: PodFailure | undefined, atEpochMs: number): Pending | undefined {
  if (!failure) return undefined;
  return { failure, sinceEpochMs: before?.failure.reason === failure.reason ? before.sinceEpochMs : atEpochMs };
}
