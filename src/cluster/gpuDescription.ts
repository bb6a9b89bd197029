import { fieldsAt, type Fields } from "./fields.ts";
import { parseQuantity } from "./quantity.ts";

/** The GPUs of a node as its labels and its status tell them. */
export interface NodeGpus {
  /** As the labels write it, `NVIDIA-H100-80GB-HBM3` or `nvidia-l4`; undefined when no label names it. */
  readonly product: string | undefined;
  /** Of one GPU, as labelled; undefined when unknown. */
  readonly memoryBytes: number | undefined;
  /** How many the labels promise; undefined when they do not say. More than `resources` hold: the device plugin is not ready yet. */
  readonly labelledCount: number | undefined;
  /** Resources that stand for GPUs or parts of them; empty while the device plugin is not ready. */
  readonly resources: readonly GpuResource[];
  /** `1g.10gb`, `mixed`, `single`; undefined: GPUs are not split, or no label says so. */
  readonly mig: string | undefined;
  /** How many pods share one GPU by time slicing or MPS; 1 when they do not. */
  readonly sharedBy: number;
  /** Label that named the product, or the resource: where this is known from. */
  readonly evidence: string;
}

/** A resource that stands for GPUs or parts of them, counted in devices. */
export interface GpuResource {
  /** `nvidia.com/gpu`, `nvidia.com/mig-1g.10gb`, `amd.com/gpu`. */
  readonly name: string;
  readonly capacity: number;
  readonly allocatable: number;
}

/** In order of exactness: what was found on the machine goes before what the cloud calls it. */
const productLabels = [
  "nvidia.com/gpu.product",
  "amd.com/gpu.product-name",
  "beta.amd.com/gpu.product-name",
  "gpu.intel.com/product",
  "karpenter.k8s.aws/instance-gpu-name",
  "eks.amazonaws.com/instance-gpu-name",
  "karpenter.azure.com/sku-gpu-name",
  "karpenter.k8s.gcp/instance-gpu-name",
  "cloud.google.com/gke-accelerator",
  "gpu.nvidia.com/model",
  "gpu.nvidia.com/class",
  "k8s.amazonaws.com/accelerator",
  "kubernetes.azure.com/accelerator",
  "accelerator",
];

const countLabels = [
  "nvidia.com/gpu.count",
  "karpenter.k8s.aws/instance-gpu-count",
  "eks.amazonaws.com/instance-gpu-count",
  "karpenter.azure.com/sku-gpu-count",
  "karpenter.k8s.gcp/instance-gpu-count",
  "cloud.google.com/gke-accelerator-count",
  "gpu.nvidia.com/count",
];

/** All in MiB. */
const memoryLabels = ["nvidia.com/gpu.memory", "karpenter.k8s.aws/instance-gpu-memory", "eks.amazonaws.com/instance-gpu-memory"];

const gpuResourcePattern =
  /^(?:nvidia\.com\/(?:gpu(?:\.shared)?|mig-[a-z0-9.]+)|amd\.com\/gpu|gpu\.intel\.com\/(?:i915|xe)|habana\.ai\/gaudi)$/;

export function isGpuResource(name: string): boolean {
  return gpuResourcePattern.test(name);
}

/** Undefined: neither a label nor a resource tells of a GPU. `status` is the node's. */
export function gpusOf(labels: Readonly<Record<string, string>>, status: unknown): NodeGpus | undefined {
  const capacity = fieldsAt(status, "capacity");
  const allocatable = fieldsAt(status, "allocatable");
  const names = [...new Set([...Object.keys(capacity), ...Object.keys(allocatable)])].filter(isGpuResource).sort();
  const resources = names
    .map((name) => ({ name, capacity: amountOf(capacity, name), allocatable: amountOf(allocatable, name) }))
    .filter((resource) => resource.capacity > 0 || resource.allocatable > 0);
  const label = productLabels.find((name) => (labels[name] ?? "") !== "");
  if (label === undefined && resources.length === 0) return undefined;
  const memoryMib = numberIn(labels, memoryLabels);
  const amdMemory = parseQuantity(labels["amd.com/gpu.vram"]?.replace(/([KMG])$/, "$1i"));
  return {
    product: label && labels[label],
    memoryBytes: memoryMib === undefined ? amdMemory : memoryMib * 1024 * 1024,
    labelledCount: numberIn(labels, countLabels),
    resources,
    mig: labels["cloud.google.com/gke-gpu-partition-size"] ?? migOf(labels, names),
    sharedBy: numberIn(labels, ["nvidia.com/gpu.replicas", "cloud.google.com/gke-max-shared-clients-per-gpu"]) ?? 1,
    evidence: label === undefined ? `resource ${resources[0]?.name}` : `label ${label}`,
  };
}

function migOf(labels: Readonly<Record<string, string>>, resources: readonly string[]): string | undefined {
  const parts = resources.flatMap((name) => /^nvidia\.com\/mig-(.+)$/.exec(name)?.[1] ?? []);
  if (parts.length > 0) return parts.join(", ");
  return /-MIG-(.+)$/.exec(labels["nvidia.com/gpu.product"] ?? "")?.[1];
}

function amountOf(resources: Fields, name: string): number {
  return Math.max(0, Math.floor(parseQuantity(resources[name]) ?? 0));
}

function numberIn(labels: Readonly<Record<string, string>>, names: readonly string[]): number | undefined {
  for (const name of names) {
    const text = labels[name];
    if (text !== undefined && /^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
  }
  return undefined;
}
