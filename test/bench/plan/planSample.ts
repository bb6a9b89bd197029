import type { Arm, BenchPlan } from "../../../src/bench/plan.ts";

export const overlayArm: Arm = {
  name: "overlayfs",
  image: "registry.example/team/app:1.0",
  snapshotter: "overlayfs",
  isLazy: false,
  pullPolicy: "IfNotPresent",
};

export const stargzArm: Arm = {
  name: "stargz",
  image: "registry.example/team/app:1.0-esgz",
  runtimeClassName: "lazy",
  snapshotter: "stargz",
  isLazy: true,
  pullPolicy: "IfNotPresent",
};

/** Without price and first request. */
export const unpricedPlan: BenchPlan = {
  name: "app:1.0",
  context: "test",
  namespace: "team-a",
  target: { kind: "node", name: "gpu-node-1" },
  arms: [overlayArm, stargzArm],
  workload: {
    container: "app",
    pod: {
      containers: [
        { name: "proxy", image: "proxy:2" },
        { name: "app", resources: { limits: { "nvidia.com/gpu": 1 } }, env: [{ name: "TOKEN", value: "planted-env" }] },
      ],
      tolerations: [{ key: "team", operator: "Exists" }],
      nodeSelector: { zone: "elsewhere" },
    },
    annotations: { "vault/inject": "planted-annotation" },
    namespace: "team-a",
    origin: "deployment/app in team-a",
    gpuCount: 1,
    gpuResource: "nvidia.com/gpu",
  },
  readiness: {
    kind: "http",
    question: { scheme: "http", port: 8000, path: "/health", method: "GET", headers: { authorization: "Bearer planted-header" } },
  },
  trialsPerArm: 5,
  seed: 42,
  trialTimeoutMs: 600_000,
  coldness: "L3",
  podsAtOnce: 1,
  limits: { maxDurationMs: 3_600_000 },
  currency: "USD",
  probeImage: "busybox:1.37",
};

export const samplePlan: BenchPlan = {
  ...unpricedPlan,
  firstRequest: {
    scheme: "http",
    port: 8000,
    path: "/v1/completions",
    method: "POST",
    headers: { "x-key": "planted-key" },
    body: "planted-body",
  },
  limits: { maxDurationMs: 3_600_000, maxCost: 5 },
  pricePerNodeHour: 3.2,
};
