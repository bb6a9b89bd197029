import { nowEpochMs } from "../../base/clock.ts";
import { parseJsonObject } from "../../base/json.ts";
import type { ApiAnswer, Cluster, PodName } from "../../cluster/cluster.ts";
import type { HttpQuestion } from "../plan.ts";
import type { HttpAnswer, HttpCall } from "./forwardedHttp.ts";

/** What came back through the API server: the application's answer, or the API server's own words of why there is none. */
export type ProxiedAnswer =
  | ({ readonly from: "application" } & HttpAnswer)
  | {
      readonly from: "api-server";
      readonly status: number;
      readonly message: string;
      readonly sentAtEpochMs: number;
      readonly answeredAtEpochMs: number;
    };

/**
 * Asks through the API server's pod proxy: one round trip on a connection that is kept, to the pod's own address. It answers
 * `address not allowed` until the pod's status has the address, up to a second after the container's start.
 */
export async function askProxied(question: HttpQuestion, pod: PodName, cluster: Cluster, call: HttpCall): Promise<ProxiedAnswer> {
  const [path = "/", query] = splitOnce(question.path, "?");
  const target = `${question.scheme === "https" ? "https:" : ""}${pod.name}:${question.port}`;
  const answer = await cluster.exchange(
    {
      method: question.method,
      path: `/api/v1/namespaces/${pod.namespace}/pods/${target}/proxy${path}`,
      ...(query !== undefined && { query: Object.fromEntries(new URLSearchParams(query)) }),
      ...(question.body !== undefined && { body: question.body }),
      headers: question.headers,
      // The caller's signal comes first: silence is then the application's, not the API server's.
      timeoutMs: call.timeoutMs + 1000,
    },
    call,
  );
  const completedAtEpochMs = nowEpochMs();
  const { status, sentAtEpochMs, answeredAtEpochMs } = answer;
  const own = ownMessage(answer);
  if (own !== undefined) return { from: "api-server", status, message: own, sentAtEpochMs, answeredAtEpochMs };
  return {
    from: "application",
    status,
    body: answer.body,
    sentAtEpochMs,
    askedAtEpochMs: sentAtEpochMs,
    answeredAtEpochMs,
    completedAtEpochMs,
  };
}

/**
 * The API server's failures are objects of kind `Status` in JSON. An application that answers with such an object, as another API server in
 * a pod would, is taken for it and needs another readiness.
 */
function ownMessage({ status, headers, body }: ApiAnswer): string | undefined {
  if (status < 400 || !(headers["content-type"] ?? "").includes("application/json")) return undefined;
  const said = parseJsonObject(body);
  if (said?.["kind"] !== "Status" || said["apiVersion"] !== "v1") return undefined;
  return typeof said["message"] === "string" ? said["message"] : `HTTP ${status}`;
}

function splitOnce(text: string, mark: string): readonly [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
