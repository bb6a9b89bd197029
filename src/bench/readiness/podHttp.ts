import { eitherSignal } from "../../base/abort.ts";
import { nowEpochMs } from "../../base/clock.ts";
import { isCancelled } from "../../base/errors.ts";
import type { Cluster, PodName } from "../../cluster/cluster.ts";
import { isApiFailure } from "../../cluster/errors.ts";
import type { HttpQuestion } from "../plan.ts";
import { answerOfError, type Answer } from "./attempt.ts";
import { askForwarded, type HttpAnswer, type HttpCall } from "./forwardedHttp.ts";
import { askProxied } from "./proxiedHttp.ts";

/** The two ways into a pod; see `askForwarded` and `askProxied`. */
export type Route = "forward" | "proxy";

/** What is known of the ways into one pod; updated by every question. */
export interface PodRoutes {
  readonly pod: PodName;
  /** Whether the pod's status has its address, without which the proxy does not go. */
  hasAddress(): boolean;
  /** Ways that turned out to lead nowhere: not permitted, or no network between API server and pods. */
  readonly closed: Set<Route>;
}

export type HttpOutcome =
  | { readonly kind: "answer"; readonly answer: HttpAnswer; readonly route: Route }
  | { readonly kind: "none"; readonly why: Answer; readonly sentAtEpochMs: number; readonly failedAtEpochMs: number };

/**
 * Asks the application over the better way: the proxy costs one round trip, but goes only once the address is known. Throws when neither
 * is permitted, and on cancellation.
 */
export async function askPod(question: HttpQuestion, routes: PodRoutes, cluster: Cluster, call: HttpCall): Promise<HttpOutcome> {
  const route: Route = (routes.hasAddress() && !routes.closed.has("proxy")) || routes.closed.has("forward") ? "proxy" : "forward";
  const sentAtEpochMs = nowEpochMs();
  const none = (why: Answer): HttpOutcome => ({ kind: "none", why, sentAtEpochMs, failedAtEpochMs: nowEpochMs() });
  const limit = AbortSignal.timeout(call.timeoutMs);
  const signal = eitherSignal(call.signal, limit);
  try {
    if (route === "forward")
      return { kind: "answer", route, answer: await askForwarded(question, routes.pod, cluster, { ...call, signal }) };
    const answer = await askProxied(question, routes.pod, cluster, { ...call, signal });
    if (answer.from === "application") return { kind: "answer", route, answer };
    const why = answerOfError(new Error(answer.message));
    if (why.verdict === "unknown" && routes.hasAddress() && !routes.closed.has("forward")) routes.closed.add("proxy");
    return none(why);
  } catch (error) {
    call.signal?.throwIfAborted();
    if (limit.aborted || isCancelled(error)) return none({ verdict: "not-ready", what: `no answer within ${call.timeoutMs} ms` });
    if (isApiFailure(error) && error.refusal === "permission") {
      if (routes.closed.has(route === "forward" ? "proxy" : "forward")) throw error;
      routes.closed.add(route);
    }
    return none(answerOfError(error));
  }
}
