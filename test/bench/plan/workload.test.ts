import { expect, test } from "vitest";
import { workloadInManifest } from "../../../src/bench/plan/manifestFile.ts";
import { imageOf, plainWorkload, workloadOf } from "../../../src/bench/plan/workload.ts";
import { fuzz, mutated } from "../../fuzz.ts";

const container = {
  name: "api",
  image: "registry.example/api:1.0",
  env: [
    { name: "MODE", value: "planted-value" },
    { name: "TOKEN", valueFrom: { secretKeyRef: { name: "tokens", key: "api" } } },
  ],
  ports: [{ containerPort: 8000, hostPort: 80 }],
  resources: { limits: { "nvidia.com/gpu": "2", cpu: "1" } },
  readinessProbe: { httpGet: { path: "/health", port: 8000 } },
  livenessProbe: { httpGet: { path: "/health", port: 8000 }, initialDelaySeconds: 5, periodSeconds: 5 },
  volumeMounts: [{ name: "models", mountPath: "/models" }],
};
const sidecar = { name: "proxy", image: "registry.example/proxy:2" };
const podSpec = {
  nodeName: "n7",
  priorityClassName: "high",
  priority: 1000,
  restartPolicy: "Always",
  terminationGracePeriodSeconds: 60,
  serviceAccountName: "api",
  tolerations: [{ key: "gpu", operator: "Exists" }],
  affinity: { podAntiAffinity: { x: 1 }, nodeAffinity: { y: 1 } },
  topologySpreadConstraints: [{}],
  initContainers: [{ name: "warm", image: "busybox" }],
  containers: [sidecar, container],
  volumes: [{ name: "models", persistentVolumeClaim: { claimName: "models" } }],
};
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "api", namespace: "team-a", annotations: { "kubectl.kubernetes.io/last-applied-configuration": "planted-value" } },
  spec: {
    replicas: 3,
    template: {
      metadata: { labels: { app: "api" }, annotations: { "gke-gcsfuse/volumes": "true", "prometheus.io/scrape": "true" } },
      spec: podSpec,
    },
  },
  status: { readyReplicas: 3 },
};

test("a Deployment becomes a trial's pod, and what was left out is told", () => {
  const { value, problems } = workloadOf(deployment, undefined);
  expect(value).toEqual({
    container: "api",
    pod: {
      serviceAccountName: "api",
      tolerations: [{ key: "gpu", operator: "Exists" }],
      affinity: { nodeAffinity: { y: 1 } },
      initContainers: [{ name: "warm", image: "busybox" }],
      containers: [sidecar, { ...container, ports: [{ containerPort: 8000 }] }],
      volumes: [{ name: "models", persistentVolumeClaim: { claimName: "models" } }],
    },
    annotations: { "gke-gcsfuse/volumes": "true" },
    namespace: "team-a",
    origin: "deployment/api in team-a",
    gpuCount: 2,
    gpuResource: "nvidia.com/gpu",
  });
  expect(value && imageOf(value)).toBe("registry.example/api:1.0");
  expect(problems.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
    "info: priorityClassName is left out: no other pod may be evicted for a trial.",
    "info: topologySpreadConstraints is left out: the workload's running pods would keep the trial from the node.",
    "info: Affinity to other pods is left out: the workload's running pods would keep the trial from the node.",
    "info: The ports of the node that container api takes are left out: a running pod may hold them.",
    "info: The liveness probe of container api is kept: it ends a start that takes longer than about 20 s, as it would in earnest.",
    "warning: The volume claim models is the real one: the trials write into it, and wait where only one node may mount it.",
    "info: The labels are left out, so that no Service sends requests to a trial; what needs one can be put back by podPatch.",
    "info: 1 more container starts beside api; the images count in the times.",
    "info: The trials run for real, with the workload's own Secrets and service account.",
  ]);
});

test.each([
  ["the one asked for", "proxy", [container, sidecar], {}, "proxy"],
  ["the one with a GPU", undefined, [sidecar, container], {}, "api"],
  ["the one that kubectl takes", undefined, [{ name: "a" }, { name: "b" }], { "kubectl.kubernetes.io/default-container": "b" }, "b"],
  ["the first", undefined, [{ name: "a" }, { name: "b" }], { "kubectl.kubernetes.io/default-container": "gone" }, "a"],
])("the main container is %s", (_which, asked, containers, annotations, expected) => {
  const object = { kind: "Pod", metadata: { name: "p", annotations }, spec: { containers } };
  expect(workloadOf(object, asked).value?.container).toBe(expected);
});

test("a running pod loses what was written into it", () => {
  const token = { name: "kube-api-access-x7k2p", projected: {} };
  const object = {
    kind: "Pod",
    metadata: { name: "p", namespace: "n" },
    spec: {
      nodeName: "n1",
      priority: 0,
      preemptionPolicy: "PreemptLowerPriority",
      containers: [
        {
          name: "a",
          volumeMounts: [
            { name: token.name, mountPath: "/var/run/secrets" },
            { name: "data", mountPath: "/data" },
          ],
        },
      ],
      volumes: [token, { name: "data", emptyDir: {} }],
    },
    status: { phase: "Running" },
  };
  expect(workloadOf(object, undefined).value?.pod).toEqual({
    containers: [{ name: "a", volumeMounts: [{ name: "data", mountPath: "/data" }] }],
    volumes: [{ name: "data", emptyDir: {} }],
  });
});

test.each([
  [{ hostNetwork: true }, /^The pod has the node's own network/],
  [
    { resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "one" }] },
    /^Which nodes have what the pod's resourceClaims ask for is not known/,
  ],
])("what cannot be known beforehand is said: %o", (fields, text) => {
  const { problems } = workloadOf(
    { kind: "Pod", metadata: { name: "p" }, spec: { containers: [{ name: "app", image: "a" }], ...fields } },
    undefined,
  );
  expect(problems.filter(({ severity }) => severity === "warning").map(({ message }) => message)).toEqual([expect.stringMatching(text)]);
});

test("an empty volume stands in for what a StatefulSet claims", () => {
  const object = {
    kind: "StatefulSet",
    metadata: { name: "db" },
    spec: { template: { spec: { containers: [{ name: "db" }] } }, volumeClaimTemplates: [{ metadata: { name: "data" } }] },
  };
  const { value, problems } = workloadOf(object, undefined);
  expect(value?.pod["volumes"]).toEqual([{ name: "data", emptyDir: {} }]);
  expect(problems[0]?.severity).toBe("warning");
});

test.each([
  ["Job", { spec: { template: { spec: { containers: [{ name: "a" }] } } } }],
  ["CronJob", { spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: "a" }] } } } } } }],
  ["Rollout", { spec: { template: { spec: { containers: [{ name: "a" }] } } } }],
])("%s has a pod", (kind, rest) => {
  expect(workloadOf({ kind, metadata: { name: "x" }, ...rest }, undefined).value?.container).toBe("a");
});

test.each([
  [{ kind: "Service", spec: {} }, undefined, "Service makes no pods"],
  [null, undefined, "It makes no pods"],
  [deployment, "gone", "It has no container gone; there is proxy, api."],
])("%j is refused", (object, asked, words) => {
  const { value, problems } = workloadOf(object, asked);
  expect(value).toBeUndefined();
  expect(problems[0]?.message).toContain(words);
});

test("no value of the environment is in a problem", () => {
  expect(JSON.stringify(workloadOf(deployment, undefined).problems)).not.toContain("planted-value");
});

const manifest = `
apiVersion: v1
kind: Service
metadata: {name: api}
---
apiVersion: v1
kind: List
items:
- kind: Deployment
  metadata: {name: api}
  spec: {template: {spec: {containers: [{name: a, image: x}]}}}
- kind: Job
  metadata: {name: load}
  spec: {template: {spec: {containers: [{name: b, image: y}]}}}
`;

test("a manifest's first workload is taken unless another is asked for", () => {
  const first = workloadInManifest(manifest, {});
  expect(first.value?.container).toBe("a");
  expect(first.problems[0]?.message).toBe("The first of the manifest's workloads is taken; it also has job/load.");
  expect(workloadInManifest(manifest, { reference: { kind: "Job", name: "load" } }).value?.container).toBe("b");
  const gone = workloadInManifest(manifest, { reference: { kind: "Job", name: "gone" } });
  expect(gone.problems.map(({ message }) => message)).toEqual(["The manifest has no job/gone; it has deployment/api, job/load."]);
});

test("what cannot be read of a manifest has a place", () => {
  const { value, problems } = workloadInManifest("kind: [\n---\nkind: Pod", {});
  expect(value).toBeUndefined();
  expect(problems[0]).toMatchObject({ severity: "error", range: { startLine: 1 } });
});

test("any manifest is read without failing", () => {
  fuzz(
    "manifest",
    (random) => mutated(random, Buffer.from(manifest)).toString(),
    (text) => void workloadInManifest(text, {}),
  );
  fuzz(
    "workload",
    (random) => mutated(random, Buffer.from(JSON.stringify(deployment))).toString(),
    (text) => void workloadInManifest(text, {}),
  );
});

test("a plain container has what was given and no token", () => {
  const env = [
    { name: "A", value: "1" },
    { name: "B", secret: { name: "s", key: "k" } },
  ];
  expect(plainWorkload({ command: ["run"], args: ["-x"], port: 80, env }).pod).toEqual({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    containers: [
      {
        name: "app",
        command: ["run"],
        args: ["-x"],
        env: [
          { name: "A", value: "1" },
          { name: "B", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
        ],
        ports: [{ containerPort: 80 }],
      },
    ],
  });
  expect(plainWorkload({}).pod).toEqual({ automountServiceAccountToken: false, enableServiceLinks: false, containers: [{ name: "app" }] });
});
