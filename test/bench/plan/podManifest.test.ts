import { expect, test } from "vitest";
import type { Arm } from "../../../src/bench/plan.ts";
import { patchProblems, podOf, type TrialPlace } from "../../../src/bench/plan/podManifest.ts";
import { overlayArm, samplePlan, stargzArm } from "./planSample.ts";

const place: TrialPlace = {
  trialId: "t03",
  podName: "coldstart-k3x-t03",
  node: "gpu-node-1",
  taints: [
    { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" },
    { key: "dedicated", value: "", effect: "NoExecute" },
    { key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" },
  ],
  owned: { labels: { "coldstart.dev/run": "k3x" }, annotations: { "coldstart.dev/expires": "2030-01-01T00:00:00Z" } },
};

const pinnedTo = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["gpu-node-1"] }] }],
    },
  },
};

test("a pod has the workload, the arm, its node and the marks of its owner", () => {
  expect(podOf(samplePlan, stargzArm, place)).toEqual({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "coldstart-k3x-t03",
      namespace: "team-a",
      labels: { "coldstart.dev/run": "k3x", "coldstart.dev/trial": "t03" },
      annotations: { "vault/inject": "planted-annotation", "coldstart.dev/expires": "2030-01-01T00:00:00Z", "coldstart.dev/arm": "stargz" },
    },
    spec: {
      containers: [
        { name: "proxy", image: "proxy:2" },
        {
          name: "app",
          image: "registry.example/team/app:1.0-esgz",
          imagePullPolicy: "IfNotPresent",
          resources: { limits: { "nvidia.com/gpu": 1 } },
          env: [{ name: "TOKEN", value: "planted-env" }],
        },
      ],
      runtimeClassName: "lazy",
      tolerations: [
        { key: "team", operator: "Exists" },
        { key: "nvidia.com/gpu", operator: "Equal", value: "present", effect: "NoSchedule" },
        { key: "dedicated", operator: "Exists", effect: "NoExecute" },
      ],
      affinity: pinnedTo,
      restartPolicy: "Never",
      activeDeadlineSeconds: 720,
      terminationGracePeriodSeconds: 2,
    },
  });
});

test("without a node the workload's own wishes stand, and no RuntimeClass is the cluster's default", () => {
  const { spec } = podOf(samplePlan, overlayArm, { ...place, node: undefined, taints: [] });
  expect(spec).toMatchObject({ nodeSelector: { zone: "elsewhere" } });
  expect(spec).not.toHaveProperty("affinity");
  expect(spec).not.toHaveProperty("runtimeClassName");
});

const patch = {
  apiVersion: "v2",
  metadata: {
    name: "mine",
    namespace: "kube-system",
    finalizers: ["stay/forever"],
    ownerReferences: [{}],
    labels: { "coldstart.dev/run": null, mine: "yes" },
    annotations: { "coldstart.dev/expires": "never", "io.containerd.cri.runtime-handler": "stargz" },
  },
  spec: {
    restartPolicy: "Always",
    activeDeadlineSeconds: null,
    nodeName: "other",
    schedulingGates: [{ name: "x" }],
    affinity: { nodeAffinity: null },
    nodeSelector: { zone: "other" },
    hostNetwork: true,
    containers: [{ name: "app", image: "other:1", command: ["x"] }],
  },
};

test("a patch changes the pod, but not whose it is, where it runs, what it runs and when it ends", () => {
  const pod = podOf(samplePlan, { ...stargzArm, podPatch: patch }, place);
  expect(pod.metadata).toEqual({
    name: "coldstart-k3x-t03",
    namespace: "team-a",
    labels: { mine: "yes", "coldstart.dev/run": "k3x", "coldstart.dev/trial": "t03" },
    annotations: {
      "vault/inject": "planted-annotation",
      "coldstart.dev/expires": "2030-01-01T00:00:00Z",
      "io.containerd.cri.runtime-handler": "stargz",
      "coldstart.dev/arm": "stargz",
    },
  });
  expect(pod.apiVersion).toBe("v1");
  expect(pod.spec).toMatchObject({
    hostNetwork: true,
    containers: [{ name: "app", image: "registry.example/team/app:1.0-esgz", command: ["x"] }],
    restartPolicy: "Never",
    activeDeadlineSeconds: 720,
    affinity: pinnedTo,
  });
  for (const gone of ["nodeName", "schedulingGates", "nodeSelector"]) expect(pod.spec).not.toHaveProperty(gone);
});

test.each([
  [
    patch,
    [
      "warning: Arm stargz: the run itself sets metadata.name, metadata.namespace, metadata.finalizers, metadata.ownerReferences, spec.restartPolicy, spec.activeDeadlineSeconds, spec.nodeName, spec.schedulingGates, apiVersion; podPatch cannot.",
      "warning: Arm stargz: the image of app is the arm's; podPatch cannot change it.",
    ],
  ],
  [
    { spec: { containers: [{ name: "other" }] } },
    ["error: Arm stargz: podPatch replaces the list of containers as a whole, and app is not in it; write all of them."],
  ],
  [{ spec: { hostNetwork: true } }, []],
])("a patch that breaks the pod or is in vain is told of", (podPatch, expected) => {
  const arm: Arm = { ...stargzArm, podPatch };
  expect(patchProblems(arm, samplePlan.workload).map(({ severity, message }) => `${severity}: ${message}`)).toEqual(expected);
});

test("a patch without the main container, or of any other form, leaves a whole pod", () => {
  for (const podPatch of [{ spec: { containers: [] } }, { spec: null }, { metadata: null, spec: { containers: "x" } }, { spec: [1] }]) {
    const { spec } = podOf(samplePlan, { ...stargzArm, podPatch }, place);
    expect(spec["containers"]).toHaveLength(2);
  }
});
