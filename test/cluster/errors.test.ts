import { expect, test } from "vitest";
import { apiFailure, isApiFailure, shown, type ApiRefusal } from "../../src/cluster/errors.ts";
import type { UserErrorCode } from "../../src/base/errors.ts";

/** The messages are those that Kubernetes 1.36 gave. */
test.each<[answer: Partial<ApiRefusal>, code: UserErrorCode, refusal: string, words: RegExp]>([
  [{ status: 401, reason: "Unauthorized", message: "Unauthorized" }, "cluster-unauthorized", "other", /does not know these credentials/],
  [
    { status: 403, message: 'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "team-a"' },
    "cluster-forbidden",
    "permission",
    /Role in team-a with apiGroups: \[""\], resources: \["pods"\], verbs: \["list"\]/,
  ],
  [
    { status: 403, message: 'nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope' },
    "cluster-forbidden",
    "permission",
    /ClusterRole with .*"nodes"/,
  ],
  [
    { status: 403, message: 'pods "p" is forbidden: User "j" cannot create resource "pods/exec" in API group "" in the namespace "d"' },
    "cluster-forbidden",
    "permission",
    /"pods\/exec"/,
  ],
  [
    { status: 403, message: 'pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2' },
    "cluster-refused",
    "quota",
    /quota is used up/,
  ],
  [
    { status: 403, message: 'pods "x" is forbidden: violates PodSecurity "baseline:latest": privileged (container "c" must not set …)' },
    "cluster-refused",
    "admission",
    /admission refused it/,
  ],
  [
    { status: 400, message: 'admission webhook "validate.kyverno.svc" denied the request: no' },
    "cluster-refused",
    "admission",
    /admission refused it/,
  ],
  [{ status: 404, message: 'pods "x" not found' }, "cluster-not-found", "not-found", /pods "x" not found/],
  [{ status: 409, message: "object is being deleted: already exists" }, "cluster-refused", "conflict", /already exists/],
  [{ status: 410, reason: "Expired", message: "too old resource version" }, "watch-expired", "other", /too old/],
  [{ status: 429, message: "too many requests" }, "cluster-refused", "overload", /too busy/],
  [{ status: 422, reason: "Invalid", message: 'Pod "x" is invalid' }, "cluster-refused", "other", /is invalid/],
  [{ status: 500, message: "" }, "cluster-refused", "other", /status 500/],
])("%j is %s, %s", (answer, code, refusal, words) => {
  const failure = apiFailure("dev", "GET /x", { reason: "", message: "", status: 0, ...answer });
  expect({ code: failure.code, refusal: failure.refusal, text: `${failure.message} ${failure.hint}` }).toEqual({
    code,
    refusal,
    text: expect.stringMatching(words) as string,
  });
  expect(isApiFailure(failure)).toBe(true);
});

test("words from a cluster are cut and cannot steer a terminal", () => {
  expect(shown("a\u001b[31mred\n\u202eb")).toBe("a [31mred b");
  expect(shown("x".repeat(1000))).toHaveLength(200);
});
