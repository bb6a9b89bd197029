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
  /** `asked`: the first question through the proxy has no answer yet; `proven`: an application has answered through it. */
  proxy: "untried" | "asked" | "proven";
}

export type HttpOutcome =
  | { readonly kind: "answer"; readonly answer: HttpAnswer; readonly route: Route }
  | { readonly kind: "none"; readonly why: Answer; readonly sentAtEpochMs: number; readonly failedAtEpochMs: number };

/**
 * Asks the application over the better way: the proxy costs one round trip, but goes only once the address is known, and only where the API
 * server reaches the pods. Firewalls and network policies let it wait in vain, a mesh that wants its own TLS cuts it off; neither is the
 * application's word. So until an application has answered through it, one question at a time tries the proxy and the others take the tunnel.
 * Throws when neither is permitted, and on cancellation.
 */
export async function askPod(question: HttpQuestion, routes: PodRoutes, cluster: Cluster, call: HttpCall): Promise<HttpOutcome> {
  const route = routeOf(routes);
  const isTrial = route === "proxy" && routes.proxy === "untried";
  if (isTrial) routes.proxy = "asked";
  const sentAtEpochMs = nowEpochMs();
  const none = (why: Answer): HttpOutcome => ({ kind: "none", why, sentAtEpochMs, failedAtEpochMs: nowEpochMs() });
  const limit = AbortSignal.timeout(call.timeoutMs);
  const signal = eitherSignal(call.signal, limit);
  try {
    if (route === "forward")
      return { kind: "answer", route, answer: await askForwarded(question, routes.pod, cluster, { ...call, signal }) };
    const answer = await askProxied(question, routes.pod, cluster, { ...call, signal });
    if (answer.from === "application") {
      routes.proxy = "proven";
      return { kind: "answer", route, answer };
    }
    return none(judged(answerOfError(new Error(answer.message)), routes));
  } catch (error) {
    call.signal?.throwIfAborted();
    if (limit.aborted || isCancelled(error)) {
      const silence: Answer = { verdict: "not-ready", what: `no answer within ${call.timeoutMs} ms` };
      return none(route === "proxy" ? judged(silence, routes) : silence);
    }
    if (isApiFailure(error) && error.refusal === "permission") {
      if (routes.closed.has(route === "forward" ? "proxy" : "forward")) throw error;
      routes.closed.add(route);
    }
    return none(answerOfError(error));
  } finally {
    if (isTrial && routes.proxy === "asked") routes.proxy = "untried";
  }
}

function routeOf(routes: PodRoutes): Route {
  if (routes.closed.has("forward")) return "proxy";
  return routes.hasAddress() && !routes.closed.has("proxy") && routes.proxy !== "asked" ? "proxy" : "forward";
}

/** Why the proxy brought no answer. Only a closed port is the application's own word as long as nothing has come through. */
function judged(why: Answer, routes: PodRoutes): Answer {
  const isOwnWord = why.verdict === "not-ready" && (routes.proxy === "proven" || why.what === "connection refused");
  if (isOwnWord) return why;
  if (routes.hasAddress() && !routes.closed.has("forward")) routes.closed.add("proxy");
  return { ...why, verdict: "unknown" };
}
