import type { Cluster } from "../../cluster/cluster.ts";
import type { HttpQuestion } from "../plan.ts";
import type { Ask } from "./attempt.ts";
import { httpJudge } from "./httpAnswer.ts";
import { askPod, type PodRoutes } from "./podHttp.ts";
import { attemptTimeoutMs } from "./poll.ts";

export function httpAsk(question: HttpQuestion, routes: PodRoutes, cluster: Cluster): Ask {
  const judge = httpJudge(question);
  return async (call) => {
    const outcome = await askPod(question, routes, cluster, {
      ...call,
      timeoutMs: attemptTimeoutMs,
      withBody: question.bodyPattern !== undefined,
    });
    if (outcome.kind === "none")
      return { sentAtEpochMs: outcome.sentAtEpochMs, answeredAtEpochMs: outcome.failedAtEpochMs, ...outcome.why };
    const { sentAtEpochMs, answeredAtEpochMs, status, body } = outcome.answer;
    return { sentAtEpochMs, answeredAtEpochMs, ...judge(status, body) };
  };
}
