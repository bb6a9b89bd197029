import { expect, test } from "vitest";
import { redactedPlan } from "../../../src/bench/plan/redactedPlan.ts";
import { samplePlan, unpricedPlan, stargzArm } from "./planSample.ts";

test("a stored plan has the names of what is secret, and no values", () => {
  const container = {
    name: "app",
    command: ["serve", "--api-key", "planted-word", "--token=planted-flag", "--port", "80"],
    env: [
      { name: "B", value: "planted-patch" },
      { name: "C", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
    ],
    readinessProbe: { httpGet: { httpHeaders: [{ name: "authorization", value: "planted-probe" }] } },
  };
  const podPatch = { metadata: { annotations: { note: "planted-note" } }, spec: { containers: [container] } };
  const stored = redactedPlan({ ...samplePlan, arms: [{ ...stargzArm, podPatch }] });
  expect(JSON.stringify(stored)).not.toContain("planted");
  expect(stored.workload.pod["containers"]).toMatchObject([{}, { env: [{ name: "TOKEN", value: "[hidden]" }] }]);
  expect(stored.arms[0]?.podPatch).toMatchObject({
    spec: {
      containers: [
        {
          command: ["serve", "--api-key", "[hidden]", "--token=[hidden]", "--port", "80"],
          env: [{ value: "[hidden]" }, { valueFrom: { secretKeyRef: { name: "s", key: "k" } } }],
        },
      ],
    },
  });
  expect(stored.firstRequest).toMatchObject({ path: "/v1/completions", headers: { "x-key": "[hidden]" }, body: "[hidden]" });
});

test("a plan without secrets is stored as it is", () => {
  const plan = {
    ...unpricedPlan,
    readiness: { kind: "pod" as const },
    workload: { ...unpricedPlan.workload, pod: { containers: [] }, annotations: {} },
  };
  expect(redactedPlan(plan)).toEqual(plan);
});
