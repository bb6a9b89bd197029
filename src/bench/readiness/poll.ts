import { delay } from "../../base/abort.ts";
import { nowEpochMs } from "../../base/clock.ts";
import type { Call } from "../../base/log.ts";
import { median } from "../../stats/quantiles.ts";
import type { Observation } from "../observation.ts";
import type { PollReport } from "../trial.ts";
import type { Ask, Attempt } from "./attempt.ts";

/** Beginnings of two questions are at least this far apart; a slower answer puts the next one off. */
export const pollIntervalMs = 50;
/** An application that takes a connection and is silent is asked anew after this. */
export const attemptTimeoutMs = 5_000;

export interface PollOutcome {
  readonly observation: Observation;
  readonly poll: PollReport;
}

/** One question at a time until the first "ready"; then it ends. */
export async function* attempts(ask: Ask, call: Call): AsyncGenerator<Attempt> {
  for (;;) {
    const attempt = await ask(call);
    yield attempt;
    if (attempt.verdict === "ready") return;
    await delay(Math.max(0, attempt.sentAtEpochMs + pollIntervalMs - nowEpochMs()), call.signal);
  }
}

/** `beganEpochMs`: before that instant the application cannot have been ready. */
export async function pollUntilReady(ask: Ask, beganEpochMs: number, call: Call): Promise<PollOutcome> {
  const made: Attempt[] = [];
  for await (const attempt of attempts(ask, call)) made.push(attempt);
  return outcomeOf(made, beganEpochMs);
}

/**
 * Readiness from the attempts, of which the last one was the first "ready". A "not ready" proves it for the moment of its question, so the
 * true instant lies between the last such question and the first good answer. Attempts that did not get through prove nothing.
 */
export function outcomeOf(made: readonly Attempt[], beganEpochMs: number): PollOutcome {
  const last = made.at(-1);
  if (!last) throw new RangeError("No attempt was made.");
  const lastNot = made.findLast(({ verdict }) => verdict === "not-ready");
  const latestEpochMs = last.latestAnswerEpochMs ?? last.answeredAtEpochMs;
  const earliestEpochMs = Math.min(last.answeredAtEpochMs, Math.max(beganEpochMs, lastNot?.sentAtEpochMs ?? beganEpochMs));
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
