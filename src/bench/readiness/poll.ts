import { delay, eitherSignal } from "../../base/abort.ts";
import { nowEpochMs } from "../../base/clock.ts";
import type { Call } from "../../base/log.ts";
import { median } from "../../stats/quantiles.ts";
import type { Observation } from "../observation.ts";
import type { PollReport } from "../trial.ts";
import type { Ask, Attempt } from "./attempt.ts";

/** Beginnings of two questions are at least this far apart. */
export const pollIntervalMs = 50;
/** A question that is not answered for so long no longer holds up the next, which is asked beside it. */
const patienceMs = 100;
/** As many may wait for an answer at a time; then one has to end first. */
const mostWaiting = 20;
/** A question that is not answered at all ends after this. */
export const attemptTimeoutMs = 5_000;

export interface PollOutcome {
  readonly observation: Observation;
  readonly poll: PollReport;
}

/** One question at a time until the first "ready"; then it ends. For questions that are work for the application. */
export async function* attempts(ask: Ask, call: Call): AsyncGenerator<Attempt> {
  for (;;) {
    const attempt = await ask(call);
    yield attempt;
    if (attempt.verdict === "ready") return;
    await delay(Math.max(0, attempt.sentAtEpochMs + pollIntervalMs - nowEpochMs()), call.signal);
  }
}

/**
 * Questions until the first "ready", in the order in which they are answered. One that waits for its answer, as with an application that took
 * the connection and is busy, does not keep the others from being asked.
 */
export async function* overlappingAttempts(ask: Ask, call: Call): AsyncGenerator<Attempt> {
  const stopping = new AbortController();
  const signal = eitherSignal(call.signal, stopping.signal);
  const answered: Attempt[] = [];
  let failure: { readonly error: unknown } | undefined;
  let waiting = 0;
  let lastSentEpochMs = Number.NEGATIVE_INFINITY;
  let wake = (): void => {};
  const send = async (): Promise<void> => {
    waiting++;
    lastSentEpochMs = nowEpochMs();
    try {
      answered.push(await ask({ ...call, signal }));
    } catch (error) {
      failure ??= { error };
    }
    waiting--;
    wake();
  };
  try {
    for (;;) {
      const attempt = answered.shift();
      if (attempt) {
        yield attempt;
        if (attempt.verdict === "ready") return;
        continue;
      }
      if (failure) throw failure.error;
      call.signal?.throwIfAborted();
      const pauseMs =
        waiting >= mostWaiting ? attemptTimeoutMs : lastSentEpochMs + (waiting === 0 ? pollIntervalMs : patienceMs) - nowEpochMs();
      if (pauseMs <= 0) void send();
      else await Promise.race([new Promise<void>((resolve) => (wake = resolve)), delay(pauseMs, call.signal)]);
    }
  } finally {
    stopping.abort(new DOMException("The poll is over", "AbortError"));
  }
}

/** `beganEpochMs`: before that instant the application cannot have been ready. */
export async function pollUntilReady(ask: Ask, beganEpochMs: number, call: Call): Promise<PollOutcome> {
  const made: Attempt[] = [];
  for await (const attempt of overlappingAttempts(ask, call)) made.push(attempt);
  const again = await ask(call);
  return outcomeOf(made, beganEpochMs, again.verdict === "ready" ? again.answeredAtEpochMs - again.sentAtEpochMs : undefined);
}

/** A good answer that took so many times longer than others had waited for the application, not for its own making. */
const waitedFactor = 3;
/** Shorter waits may be those of the way there: an API server, a kubelet or this machine that was busy for a moment. */
const leastWaitMs = 500;

/**
 * Readiness from the attempts, of which the last one was the first "ready". A "not ready" proves it for the moment of its question, so the
 * true instant lies between the last such question and the first good answer. Attempts that did not get through prove nothing. A question
 * that had waited long for its good answer got it as soon as there was one: `usualMs` is how long a question takes afterwards.
 */
export function outcomeOf(made: readonly Attempt[], beganEpochMs: number, usualMs?: number): PollOutcome {
  const last = made.at(-1);
  if (!last) throw new RangeError("No attempt was made.");
  const lastNot = made.filter(({ verdict }) => verdict === "not-ready").reduce<Attempt | undefined>(laterSent, undefined);
  const latestEpochMs = last.latestAnswerEpochMs ?? last.answeredAtEpochMs;
  const wayMs = usualMs === undefined ? undefined : Math.max(usualMs, ...made.filter(isQuickNo).map(durationOf));
  const hadWaited = wayMs !== undefined && durationOf(last) > Math.max(leastWaitMs, wayMs * waitedFactor);
  const bounds = [beganEpochMs, ...(lastNot ? [lastNot.sentAtEpochMs] : []), ...(hadWaited ? [last.answeredAtEpochMs - wayMs] : [])];
  const earliestEpochMs = Math.min(last.answeredAtEpochMs, Math.max(...bounds));
  const firstSent = made[0]?.sentAtEpochMs ?? last.sentAtEpochMs;
  return {
    observation: {
      mark: "ready",
      atEpochMs: last.answeredAtEpochMs,
      earliestEpochMs,
      latestEpochMs,
      clock: "client",
      source: "readiness-poll",
      detail: lastNot ? `${last.what}; before: ${lastNot.what}`.slice(0, 300) : last.what,
    },
    poll: {
      attempts: made.length,
      intervalMs: made.length < 2 ? pollIntervalMs : (last.sentAtEpochMs - firstSent) / (made.length - 1),
      roundTripMs: median(made.map(({ sentAtEpochMs, answeredAtEpochMs }) => answeredAtEpochMs - sentAtEpochMs)) ?? 0,
      errorMs: latestEpochMs - earliestEpochMs,
    },
  };
}

/** Its time is that of the way there and back; one that ran into the time limit had waited for the application. */
function isQuickNo(attempt: Attempt): boolean {
  return attempt.verdict === "not-ready" && durationOf(attempt) < attemptTimeoutMs / 2;
}

function durationOf({ sentAtEpochMs, answeredAtEpochMs }: Attempt): number {
  return answeredAtEpochMs - sentAtEpochMs;
}

function laterSent(one: Attempt | undefined, other: Attempt): Attempt {
  return one === undefined || other.sentAtEpochMs > one.sentAtEpochMs ? other : one;
}
