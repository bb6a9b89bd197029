import { expect, test } from "vitest";
import type { BenchPlan } from "../../../src/bench/plan.ts";
import { completePlan, type PlanFacts } from "../../../src/bench/plan/completePlan.ts";
import { defaultProbeImage } from "../../../src/cluster/probeImage.ts";
import type { RuntimeClassEvidence } from "../../../src/bench/plan/completeArm.ts";
import type { PlanDraft } from "../../../src/bench/plan/planDraft.ts";
import { plainWorkload, workloadOf } from "../../../src/bench/plan/workload.ts";

const runtimeClasses: readonly RuntimeClassEvidence[] = [
  { name: "stargz", snapshotter: "stargz", likelihood: "likely" },
  { name: "lazy", snapshotter: "nydus", likelihood: "possible" },
  { name: "kata", snapshotter: undefined, likelihood: "unknown" },
];

const facts: PlanFacts = { context: "test", namespace: "team-a", runtimeClasses, freshSeed: 77 };
const ready: PlanDraft["readiness"] = { kind: "tcp", port: 80 };

function completed(draft: PlanDraft, more: Partial<PlanFacts> = {}) {
  const { value, problems } = completePlan(draft, { ...facts, ...more });
  return { value, told: problems.map(({ severity, message }) => `${severity}: ${message}`) };
}

test("what is not said has a default", () => {
  const { value, told } = completed({ image: "registry.example/team/app:1.0" });
  expect(value).toEqual({
    name: "app:1.0",
    context: "test",
    namespace: "team-a",
    target: { kind: "any" },
    arms: [
      { name: "overlayfs", image: "registry.example/team/app:1.0", snapshotter: "overlayfs", isLazy: false, pullPolicy: "IfNotPresent" },
    ],
    workload: plainWorkload({}),
    readiness: { kind: "pod" },
    trialsPerArm: 5,
    seed: 77,
    trialTimeoutMs: 600_000,
    coldness: "L3",
    podsAtOnce: 1,
    limits: { maxDurationMs: 3_300_000 },
    currency: "USD",
    probeImage: defaultProbeImage,
  } satisfies BenchPlan);
  expect(told).toEqual([
    "warning: No readiness is given and the pod has no readiness probe: started counts as ready. Write ready: http:8000/health, or --ready.",
  ]);
});

/** RuntimeClass, snapshotter, lazy. */
test.each([
  [{ name: "stargz" }, ["stargz", "stargz", true], []],
  [
    { name: "SOCI parallel" },
    [undefined, "soci-parallel", false],
    [
      "warning: Arm SOCI parallel: no RuntimeClass is known to be for soci-parallel, so the pods run on the nodes' default; the nodes must be set so.",
    ],
  ],
  [
    { name: "nydus" },
    ["lazy", "nydus", true],
    ["warning: Arm nydus: RuntimeClass lazy is only probably for nydus; write runtimeClass: NAME to be sure."],
  ],
  [{ name: "fast", runtimeClassName: "stargz" }, ["stargz", "stargz", true], []],
  [
    { name: "fast", runtimeClassName: "kata" },
    ["kata", "fast", false],
    ["warning: Arm fast: it is taken for fast, which is a guess; write snapshotter: NAME to be sure."],
  ],
  [{ name: "fast", runtimeClassName: "kata", snapshotter: "erofs" }, ["kata", "erofs", false], []],
  [
    { name: "a", runtimeClassName: "stargz", snapshotter: "soci" },
    ["stargz", "soci", true],
    ["warning: Arm a: RuntimeClass stargz seems to be for stargz, not for soci."],
  ],
  [
    { name: "own", snapshotter: "own-lazy", isLazy: true },
    [undefined, "own-lazy", true],
    ["warning: Arm own: no RuntimeClass is known to be for own-lazy, so the pods run on the nodes' default; the nodes must be set so."],
  ],
  [{ name: "slim image", image: "app:slim" }, [undefined, "overlayfs", false], []],
  [
    { name: "baseline" },
    [undefined, "overlayfs", false],
    ["warning: Arm baseline: the name stands for no snapshotter or RuntimeClass, so the pods run on the nodes' default."],
  ],
] as const)("arm %j", (arm, [runtimeClassName, snapshotter, isLazy], expected) => {
  const { value, told } = completed({ image: "app:1", arms: [arm], readiness: ready });
  expect(value?.arms[0]?.runtimeClassName).toBe(runtimeClassName);
  expect(value?.arms[0]).toMatchObject({ snapshotter, isLazy });
  expect(told).toEqual(expected);
});

test.each([
  [
    { arms: [{ name: "soci" }], image: "a" },
    "error: Arm soci: no RuntimeClass of the cluster is for soci; there are stargz, lazy (nydus), kata. Write runtimeClass: NAME, or snapshotter: soci where the nodes use it by default.",
  ],
  [
    { arms: [{ name: "x", runtimeClassName: "stargs" }], image: "a" },
    "error: Arm x: the cluster has no RuntimeClass stargs; write stargz.",
  ],
  [
    { arms: [{ name: "x", runtimeClassName: "wasm" }], image: "a" },
    "error: Arm x: the cluster has no RuntimeClass wasm; there are stargz, lazy (nydus), kata.",
  ],
  [{ arms: [{ name: "x" }] }, "error: Arm x: it has no image; write one for the arm, for the plan, or name a workload that has one."],
  [
    {
      arms: [
        { name: "x", image: "a" },
        { name: "x", image: "a" },
      ],
    },
    "error: Two arms are called x; give one of them another name.",
  ],
  [{ image: "a", limits: { maxCost: 5 } }, "error: A limit of cost needs the price of a node's hour; write pricePerNodeHour, or --price."],
  [
    { image: "a", arms: [{ name: "x", podPatch: { spec: { containers: [] } } }] },
    "error: Arm x: podPatch replaces the list of containers as a whole, and app is not in it; write all of them.",
  ],
  [
    { image: "a", coldness: "L4" },
    "error: Coldness L4, a fresh node for each trial, is not offered yet; write L3, which also empties the page cache.",
  ],
  [{ arms: [{ name: "stargs" }], image: "a" }, "error: Arm stargs: no snapshotter or RuntimeClass is called so; write stargz."],
] as const)("%j cannot be run", (draft, expected) => {
  const { value, told } = completed({ readiness: ready, ...draft });
  expect(value).toBeUndefined();
  expect(told).toEqual([expected]);
});

test("where RuntimeClasses cannot be listed, the names are taken as they are", () => {
  const { value, told } = completed(
    { image: "a:1", readiness: ready, arms: [{ name: "soci", runtimeClassName: "x" }, { name: "nydus" }] },
    { runtimeClasses: undefined },
  );
  expect(value?.arms.map(({ runtimeClassName, snapshotter }) => [runtimeClassName, snapshotter])).toEqual([
    ["x", "soci"],
    [undefined, "nydus"],
  ]);
  expect(told).toHaveLength(2);
});

test("a default that is lazy is used, and named where overlayfs is meant", () => {
  const defaultRuntime = { snapshotter: "gcfs", likelihood: "likely" } as const;
  const { value, told } = completed(
    { image: "a:1", readiness: ready, arms: [{ name: "overlayfs" }, { name: "gcfs" }] },
    { defaultRuntime },
  );
  expect(value?.arms[1]).toMatchObject({ snapshotter: "gcfs", isLazy: true });
  expect(told).toEqual(["warning: Arm overlayfs: pods without a RuntimeClass seem to run on gcfs here, not on overlayfs."]);
});

test("a workload brings image, namespace, RuntimeClass, GPUs and probe, and the plan goes before it", () => {
  const object = {
    kind: "Deployment",
    metadata: { name: "api", namespace: "team-b" },
    spec: {
      template: {
        spec: {
          runtimeClassName: "nvidia",
          containers: [
            { name: "proxy" },
            {
              name: "api",
              image: "api:latest",
              readinessProbe: {},
              resources: { limits: { "nvidia.com/gpu": 1, cpu: 2 }, requests: { "nvidia.com/gpu": 1 } },
            },
          ],
        },
      },
    },
  };
  const workload = workloadOf(object, undefined).value;
  const { value, told } = completed({ arms: [{ name: "overlayfs" }, { name: "stargz" }] }, { workload });
  expect(value).toMatchObject({
    namespace: "team-b",
    readiness: { kind: "pod" },
    arms: [
      { image: "api:latest", runtimeClassName: "nvidia", pullPolicy: "Always" },
      { image: "api:latest", runtimeClassName: "stargz" },
    ],
    workload: { gpuCount: 1 },
  });
  expect(told).toEqual(["warning: Arm stargz: RuntimeClass stargz takes the place of the workload's own, nvidia."]);
  const other = completed({ namespace: "team-c", gpuCount: 4, gpuResource: "amd.com/gpu", image: "other@sha256:1" }, { workload });
  expect(other.value?.workload.pod["containers"]).toMatchObject([
    { name: "proxy" },
    { resources: { limits: { cpu: 2, "amd.com/gpu": 4 }, requests: { "amd.com/gpu": 4 } } },
  ]);
  expect(other.value?.arms[0]).toMatchObject({ image: "other@sha256:1", pullPolicy: "IfNotPresent" });
  expect(other.told[0]).toContain("of the namespace team-b, the trials run in team-c");
  const none = completed({ gpuCount: 0 }, { workload }).value?.workload;
  expect(none).toMatchObject({ gpuCount: 0, pod: { containers: [{}, { resources: { limits: { cpu: 2 }, requests: {} } }] } });
});
