import { createHash } from "node:crypto";
import { mapWithLimit } from "../../src/base/concurrency.ts";
import type { Cluster } from "../../src/cluster/cluster.ts";

/** Node and pod objects without machines behind them, as large as real ones, made through the real API server. */

const merge = "application/strategic-merge-patch+json";
const mark = { "coldstart.dev/fake": "scale" };
const selector = "coldstart.dev/fake=scale";
const imagesPerNode = 50;
const gpusPerNode = 8;

export interface FakeScale {
  readonly nodes: number;
  readonly pods: number;
  readonly namespace: string;
}

export async function makeFakes(cluster: Cluster, { nodes, pods, namespace }: FakeScale): Promise<void> {
  const post = (path: string, body: unknown): Promise<unknown> => cluster.request({ method: "POST", path, body }, {});
  const setStatus = (path: string, status: unknown): Promise<unknown> =>
    cluster.request({ method: "PATCH", path: `${path}/status`, contentType: merge, body: { status } }, {});
  await post("/api/v1/namespaces", { metadata: { name: namespace } });
  await mapWithLimit(
    Array.from({ length: nodes }, (_, index) => index),
    8,
    async (index) => {
      await post("/api/v1/nodes", nodeObject(index));
      await setStatus(`/api/v1/nodes/fake-${index}`, nodeStatus(index));
    },
  );
  const path = `/api/v1/namespaces/${namespace}/pods`;
  await mapWithLimit(
    Array.from({ length: pods }, (_, index) => index),
    8,
    async (index) => {
      await post(path, podObject(index, nodes));
      await setStatus(`${path}/fake-${index}`, podStatus(index));
    },
  );
}

/** Also what a bench that was killed left behind. */
export async function removeFakes(cluster: Cluster, namespace: string): Promise<void> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  // There is no kubelet that would confirm their end.
  await cluster.request(
    { method: "DELETE", path: pods, query: { labelSelector: selector, gracePeriodSeconds: 0 }, timeoutMs: 300_000 },
    {},
  );
  await cluster.request({ method: "DELETE", path: "/api/v1/nodes", query: { labelSelector: selector }, timeoutMs: 300_000 }, {});
  await cluster.request({ method: "DELETE", path: `/api/v1/namespaces/${namespace}` }, {});
}

function nodeObject(index: number): object {
  return {
    metadata: {
      name: `fake-${index}`,
      labels: {
        ...mark,
        "karpenter.sh/nodepool": `fake-${index % 20}`,
        "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3",
        "nvidia.com/gpu.count": String(gpusPerNode),
        "nvidia.com/gpu.memory": "81559",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/zone": `zone-${index % 3}`,
        "node.kubernetes.io/instance-type": "p5.48xlarge",
      },
    },
    spec: { taints: [{ key: "coldstart.dev/fake", effect: "NoSchedule" }] },
  };
}

function nodeStatus(index: number): object {
  const resources = { cpu: "192", memory: "2Ti", pods: "110", "ephemeral-storage": "900Gi", "nvidia.com/gpu": String(gpusPerNode) };
  const now = new Date().toISOString();
  return {
    capacity: resources,
    allocatable: resources,
    conditions: ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].map((type) => ({
      type,
      status: type === "Ready" ? "True" : "False",
      reason: "Fake",
      message: "kubelet has sufficient resources available",
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    })),
    images: Array.from({ length: imagesPerNode }, (_, image) => ({
      names: [`registry.example.com/team/app-${image}@${digest(`image ${image}`)}`, `registry.example.com/team/app-${image}:v${image}`],
      sizeBytes: 1_000_000_000 + image,
    })),
    nodeInfo: {
      machineID: digest(`machine ${index}`).slice(7, 39),
      systemUUID: digest(`system ${index}`).slice(7, 39),
      bootID: digest(`boot ${index}`).slice(7, 39),
      kernelVersion: "6.8.0",
      osImage: "Debian GNU/Linux 12",
      containerRuntimeVersion: "containerd://2.4.2",
      kubeletVersion: "v1.36.3",
      kubeProxyVersion: "",
      operatingSystem: "linux",
      architecture: "amd64",
    },
  };
}

function podObject(index: number, nodes: number): object {
  const container = {
    name: "main",
    image: `registry.example.com/team/app-${index % imagesPerNode}:v1`,
    command: ["python3", "serve.py"],
    env: Array.from({ length: 8 }, (_, key) => ({ name: `SETTING_${key}`, value: "v".repeat(20) })),
    resources: { limits: { "nvidia.com/gpu": "1", memory: "32Gi" }, requests: { cpu: "4" } },
    volumeMounts: [{ name: "data", mountPath: "/data" }],
    readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
  };
  return {
    metadata: { name: `fake-${index}`, labels: { ...mark, app: `service-${index % 100}` } },
    spec: {
      nodeName: `fake-${index % nodes}`,
      automountServiceAccountToken: false,
      volumes: [{ name: "data", emptyDir: {} }],
      containers: [container],
      tolerations: [{ operator: "Exists" }],
    },
  };
}

function podStatus(index: number): object {
  const now = new Date().toISOString();
  const conditions = ["Initialized", "Ready", "ContainersReady", "PodScheduled", "PodReadyToStartContainers"];
  return {
    phase: "Running",
    startTime: now,
    podIP: "10.9.0.1",
    hostIP: "10.8.0.1",
    conditions: conditions.map((type) => ({ type, status: "True", lastTransitionTime: now })),
    containerStatuses: [
      {
        name: "main",
        ready: true,
        started: true,
        restartCount: 0,
        image: `registry.example.com/team/app-${index % imagesPerNode}:v1`,
        imageID: `registry.example.com/team/app@${digest(`image ${index % imagesPerNode}`)}`,
        containerID: `containerd://${digest(`container ${index}`).slice(7)}`,
        state: { running: { startedAt: now } },
      },
    ],
  };
}

function digest(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
