import { eitherSignal } from "../../base/abort.ts";
import type { Call } from "../../base/log.ts";
import type { Cluster, PodName } from "../../cluster/cluster.ts";
import type { Observation } from "../observation.ts";
import type { HttpQuestion } from "../plan.ts";
import type { HttpAnswer } from "./forwardedHttp.ts";
import { httpJudge } from "./httpAnswer.ts";
import { askPod, type PodRoutes } from "./podHttp.ts";
import { attempts } from "./poll.ts";

/** A first real answer may need the whole model to be loaded. */
const firstAnswerTimeoutMs = 600_000;

export interface FirstAnswer {
  /** The mark `first-answer`: when the first byte of the answer's head was here. */
  readonly observation: Observation;
  /** From the request's leaving to the first byte, and to the last one (or to 64 KiB of an answer that streams). */
  readonly firstByteMs: number;
  readonly completeMs: number;
  /** Questions until the one that counted, with it. */
  readonly attempts: number;
}

/** No answer was as the plan wants it within the time. */
export interface Unanswered {
  /** The last answer, or why there was none: `HTTP 404`. */
  readonly what: string;
}

/**
 * Sends the plan's real request, and sends it again while the application refuses it or answers otherwise than the plan wants, as its
 * clients would, for `patienceMs`. Rejects with the signal's reason, or when the cluster does not permit it.
 */
export async function askFirst(
  question: HttpQuestion,
  { pod, lagBoundMs, patienceMs }: { readonly pod: PodName; readonly lagBoundMs: number; readonly patienceMs: number },
  cluster: Cluster,
  call: Call,
): Promise<FirstAnswer | Unanswered> {
  const judge = httpJudge(question);
  // Through the tunnel wherever it is permitted: that the API server reaches the pods' network cannot be known from one request.
  const routes: PodRoutes = { pod, closed: new Set(), hasAddress: () => false, proxy: "untried" };
  let answer: HttpAnswer | undefined;
  let count = 0;
  let what = "no answer";
  const limit = AbortSignal.timeout(patienceMs);
  const ask = async (inner: Call) => {
    const outcome = await askPod(question, routes, cluster, { ...inner, timeoutMs: firstAnswerTimeoutMs, withBody: true });
    if (outcome.kind === "none")
      return { sentAtEpochMs: outcome.sentAtEpochMs, answeredAtEpochMs: outcome.failedAtEpochMs, ...outcome.why };
    answer = outcome.answer;
    return { ...outcome.answer, ...judge(answer.status, answer.body) };
  };
  try {
    for await (const attempt of attempts(ask, { ...call, signal: eitherSignal(call.signal, limit) })) {
      count++;
      what = attempt.what;
    }
  } catch (error) {
    call.signal?.throwIfAborted();
    if (limit.aborted) return { what };
    throw error;
  }
  if (!answer) throw new Error("A question was answered without an answer.");
  const { askedAtEpochMs, answeredAtEpochMs, completedAtEpochMs } = answer;
  return {
    observation: {
      mark: "first-answer",
      atEpochMs: answeredAtEpochMs,
      earliestEpochMs: Math.max(askedAtEpochMs, answeredAtEpochMs - lagBoundMs),
      latestEpochMs: answeredAtEpochMs,
      clock: "client",
      source: "readiness-poll",
      detail: `${what}; complete after ${Math.round(completedAtEpochMs - askedAtEpochMs)} ms`,
    },
    firstByteMs: answeredAtEpochMs - askedAtEpochMs,
    completeMs: completedAtEpochMs - askedAtEpochMs,
    attempts: count,
  };
}
