import { expect, test } from "vitest";
import { failureOfCreate } from "../../../src/bench/observe/createFailure.ts";
import { apiFailure, clusterUnreachable } from "../../../src/cluster/errors.ts";

function reasonOf(status: number, message: string, reason = ""): string | undefined {
  return failureOfCreate(apiFailure("c", "POST /api/v1/namespaces/n/pods", { status, reason, message }))?.reason;
}

test.each([
  [403, 'pods is forbidden: User "u" cannot create resource "pods" in API group "" in the namespace "n"', "forbidden"],
  [403, 'pods "p" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1', "quota"],
  [403, 'pods "p" is forbidden: violates PodSecurity "restricted:latest": privileged', "admission"],
  [400, 'admission webhook "policy.example" denied the request: no', "admission"],
  [404, 'namespaces "n" not found', "other"],
  [422, 'Pod "p" is invalid: spec.containers[0].image: Required value', "other"],
  [503, "etcdserver: leader changed", "cluster-lost"],
])("%d %s", (status, message, expected) => {
  expect(reasonOf(status, message)).toBe(expected);
});

test("what the API server did not say is no failure of the pod", () => {
  expect(failureOfCreate(clusterUnreachable("s", "no route"))).toBeUndefined();
  expect(failureOfCreate(new TypeError("bug"))).toBeUndefined();
});
