import { expect, test } from "vitest";
import { gpuPoolsOf } from "../../src/cluster/gpuPools.ts";
import { gpuRequests, type GpuUsage } from "../../src/cluster/gpuUsage.ts";
import { nodeOf, type ClusterNode } from "../../src/cluster/nodes.ts";
import { parseQuantity } from "../../src/cluster/quantity.ts";

/**
 * Labels as the makers' documents list them: Karpenter's well-known labels (karpenter.sh/docs/concepts/scheduling), GKE's GPU node pools, EKS
 * Auto Mode, AKS GPU pools, NVIDIA's GPU feature discovery (github.com/NVIDIA/k8s-device-plugin), AMD's node labeller.
 */
interface Kind {
  readonly labels: Readonly<Record<string, string>>;
  readonly resources?: Readonly<Record<string, string>>;
  readonly pool: string;
  readonly provider: string;
  readonly product?: string;
  readonly gibPerGpu?: number;
  readonly count?: number;
  readonly mig?: string;
  readonly sharedBy?: number;
  readonly capacityType?: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  "Karpenter on AWS before the device plugin runs": {
    labels: {
      "karpenter.sh/nodepool": "gpu",
      "karpenter.sh/capacity-type": "spot",
      "karpenter.k8s.aws/instance-gpu-name": "h100",
      "karpenter.k8s.aws/instance-gpu-count": "8",
      "karpenter.k8s.aws/instance-gpu-memory": "81920",
      "eks.amazonaws.com/nodegroup": "also-there",
    },
    pool: "gpu",
    provider: "Karpenter",
    product: "h100",
    gibPerGpu: 80,
    count: 8,
    capacityType: "spot",
  },
  "GKE with shared GPUs": {
    labels: {
      "cloud.google.com/gke-nodepool": "l4-pool",
      "cloud.google.com/gke-accelerator": "nvidia-l4",
      "cloud.google.com/gke-accelerator-count": "1",
      "cloud.google.com/gke-max-shared-clients-per-gpu": "4",
      "cloud.google.com/gke-spot": "true",
    },
    resources: { "nvidia.com/gpu": "4" },
    pool: "l4-pool",
    provider: "GKE",
    product: "nvidia-l4",
    count: 1,
    sharedBy: 4,
    capacityType: "spot",
  },
  "EKS node group with feature discovery": {
    labels: {
      "eks.amazonaws.com/nodegroup": "a10g",
      "eks.amazonaws.com/capacityType": "ON_DEMAND",
      "nvidia.com/gpu.product": "NVIDIA-A10G",
      "nvidia.com/gpu.count": "4",
      "nvidia.com/gpu.memory": "23028",
    },
    resources: { "nvidia.com/gpu": "4" },
    pool: "a10g",
    provider: "EKS",
    product: "NVIDIA-A10G",
    gibPerGpu: 23028 / 1024,
    count: 4,
    capacityType: "on-demand",
  },
  "AKS by its accelerator label": {
    labels: { agentpool: "gpunp", "kubernetes.azure.com/agentpool": "gpunp", accelerator: "nvidia" },
    resources: { "nvidia.com/gpu": "1" },
    pool: "gpunp",
    provider: "AKS",
    product: "nvidia",
  },
  "MIG in parts of two sizes": {
    labels: { "nvidia.com/gpu.product": "NVIDIA-A100-SXM4-40GB", "nvidia.com/gpu.count": "1", "nvidia.com/mig.strategy": "mixed" },
    resources: { "nvidia.com/mig-1g.5gb": "4", "nvidia.com/mig-3g.20gb": "1", "nvidia.com/gpu": "0" },
    pool: "box.large",
    provider: "none",
    product: "NVIDIA-A100-SXM4-40GB",
    count: 1,
    mig: "1g.5gb, 3g.20gb",
  },
  "MIG in equal parts": {
    labels: { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3-MIG-1g.10gb", "nvidia.com/gpu.count": "7" },
    resources: { "nvidia.com/gpu": "7" },
    pool: "box.large",
    provider: "none",
    product: "NVIDIA-H100-80GB-HBM3-MIG-1g.10gb",
    count: 7,
    mig: "1g.10gb",
  },
  "AMD with its labeller": {
    labels: { "amd.com/gpu.product-name": "AMD_Instinct_MI300X_OAM", "amd.com/gpu.vram": "192G" },
    resources: { "amd.com/gpu": "8" },
    pool: "box.large",
    provider: "none",
    product: "AMD_Instinct_MI300X_OAM",
    gibPerGpu: 192,
  },
  "a resource and no label": { labels: {}, resources: { "gpu.intel.com/i915": "2" }, pool: "box.large", provider: "none" },
};

function node(name: string, kind: Pick<Kind, "labels" | "resources">, more: { status?: object; spec?: object } = {}): ClusterNode {
  const object = {
    metadata: {
      name,
      labels: { "node.kubernetes.io/instance-type": "box.large", ...kind.labels },
      creationTimestamp: "2026-11-28T00:00:00Z",
    },
    spec: more.spec,
    status: {
      capacity: { cpu: "8", ...kind.resources },
      allocatable: { cpu: "8", ...kind.resources },
      conditions: [{ type: "Ready", status: "True" }],
      nodeInfo: { kernelVersion: "6.8", containerRuntimeVersion: "containerd://2.1.4", kubeletVersion: "v1.36.3" },
      ...more.status,
    },
  };
  return nodeOf(object, true) as ClusterNode;
}

test.each(Object.entries(kinds))("%s", (_, kind) => {
  const one = node("n", kind);
  const [pool] = gpuPoolsOf([one], new Map());
  expect({ name: pool?.name, provider: pool?.provider, capacityType: one.capacityType }).toEqual({
    name: kind.pool,
    provider: kind.provider,
    capacityType: kind.capacityType,
  });
  expect(one.gpus).toMatchObject({ sharedBy: kind.sharedBy ?? 1, mig: kind.mig, product: kind.product, labelledCount: kind.count });
  expect(one.gpus?.memoryBytes).toBe(kind.gibPerGpu === undefined ? undefined : kind.gibPerGpu * 2 ** 30);
  const resources = Object.entries(kind.resources ?? {}).filter(([, amount]) => amount !== "0");
  expect(one.gpus?.resources.map(({ name, allocatable }) => [name, String(allocatable)])).toEqual(resources);
});

test("nodes without a GPU are in no pool", () => {
  expect(gpuPoolsOf([node("n", { labels: { "karpenter.sh/nodepool": "cpu" } })], new Map())).toEqual([]);
});

const gpu = { labels: { "karpenter.sh/nodepool": "gpu" }, resources: { "nvidia.com/gpu": "8" } };
const usage: GpuUsage = new Map([
  ["a", new Map([["nvidia.com/gpu", 3]])],
  ["b", new Map([["nvidia.com/gpu", 9]])],
]);

test("free is what running pods leave on nodes that can take one; taints are those that all carry", () => {
  const taint = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };
  const spec = { taints: [taint, { key: "own", effect: "NoSchedule" }] };
  const pools = gpuPoolsOf(
    [
      node("b", gpu, { spec: { taints: [taint] } }),
      node("a", gpu, { spec }),
      node("c", gpu, { spec: { ...spec, unschedulable: true } }),
      node("d", gpu, { spec, status: { conditions: [{ type: "Ready", status: "Unknown" }] } }),
      node("small", { labels: { agentpool: "x", accelerator: "nvidia" } }),
    ],
    usage,
  );
  expect(pools.map(({ name }) => name)).toEqual(["gpu", "x"]);
  expect(
    pools[0]?.nodes.map(({ name, freeGpus, isReady, isCordoned }) => [name, freeGpus?.["nvidia.com/gpu"], isReady, isCordoned]),
  ).toEqual([
    ["a", 5, true, false],
    ["b", 0, true, false],
    ["c", 8, true, true],
    ["d", 8, false, false],
  ]);
  expect(pools[0]).toMatchObject({ readyCount: 3, resources: [{ name: "nvidia.com/gpu", allocatable: 32, free: 5 }], taints: [taint] });
});

test("without the pods nothing is said of what is free", () => {
  const [pool] = gpuPoolsOf([node("a", gpu)], undefined);
  expect(pool?.resources).toEqual([{ name: "nvidia.com/gpu", allocatable: 8, free: undefined }]);
  expect(pool?.nodes[0]?.freeGpus).toBeUndefined();
});

const needs = (limit: unknown, more = {}): object => ({ resources: { limits: { "nvidia.com/gpu": limit, memory: "1Gi" } }, ...more });

/** The sums of https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers. */
test.each<[spec: object, count: number | undefined]>([
  [{ containers: [needs("1"), needs("2")] }, 3],
  [{ containers: [needs("1")], initContainers: [needs("4")] }, 4],
  [{ containers: [needs("3")], initContainers: [needs("2")] }, 3],
  [{ containers: [needs("1")], initContainers: [needs("1", { restartPolicy: "Always" })] }, 2],
  [{ containers: [needs("1")], initContainers: [needs("2", { restartPolicy: "Always" }), needs("3")] }, 5],
  [{ containers: [needs(1)] }, 1],
  [{ containers: [needs("-1"), needs("many"), needs(null), {}, null] }, undefined],
  [{}, undefined],
])("GPUs of the pod %j", (spec, count) => {
  expect(gpuRequests(spec).get("nvidia.com/gpu")).toBe(count);
});

test.each<[text: unknown, value: number | undefined]>([
  ["8", 8],
  ["500m", 0.5],
  ["1.5Gi", 1.5 * 2 ** 30],
  ["2k", 2000],
  ["1e3", 1000],
  [7, 7],
  ["", undefined],
  ["8 GPUs", undefined],
  ["0x8", undefined],
  [null, undefined],
  [Number.NaN, undefined],
])("the quantity %j is %s", (text, value) => {
  expect(parseQuantity(text)).toBe(value);
});

test.each([null, 7, "x", [], {}, { metadata: { name: 7 } }, { metadata: { name: "" } }])("%j is no node", (object) => {
  expect(nodeOf(object, true)).toBeUndefined();
});

test("a node full of wrong types is read as far as it goes", () => {
  const object = {
    metadata: { name: "n", labels: [1], annotations: { a: 1 }, creationTimestamp: 5 },
    spec: { taints: [null, 3], unschedulable: "yes" },
    status: {
      conditions: {},
      nodeInfo: [],
      capacity: { "nvidia.com/gpu": { x: 1 } },
      images: [null, { names: [1, "i:1"], sizeBytes: "9" }],
    },
  };
  expect(nodeOf(object, true)).toMatchObject({
    name: "n",
    isReady: false,
    isCordoned: false,
    gpus: undefined,
    createdAtEpochMs: undefined,
  });
  expect(nodeOf(object, true)?.images).toEqual([
    { names: [], sizeBytes: 0 },
    { names: ["i:1"], sizeBytes: 0 },
  ]);
  expect(nodeOf(object, false)?.images).toBeUndefined();
});
