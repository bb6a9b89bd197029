import type { Call } from "../base/log.ts";
import type { Cluster } from "./cluster.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textsAt } from "./fields.ts";
import { gpusOf, type NodeGpus } from "./gpuDescription.ts";
import { collectObjects } from "./lists.ts";
import { poolOf, type NodePoolName } from "./nodePool.ts";

/** What is kept of a Node object. */
export interface ClusterNode {
  readonly name: string;
  readonly createdAtEpochMs: number | undefined;
  /** Condition `Ready` is true. */
  readonly isReady: boolean;
  /** `spec.unschedulable`: cordoned or being drained. */
  readonly isCordoned: boolean;
  readonly taints: readonly Taint[];
  /** Undefined: no label tells of a pool. */
  readonly pool: NodePoolName | undefined;
  readonly instanceType: string | undefined;
  readonly zone: string | undefined;
  /** `spot`, `on-demand`; undefined when no label says. */
  readonly capacityType: string | undefined;
  readonly architecture: string;
  readonly operatingSystem: string;
  readonly osImage: string;
  readonly kernelVersion: string;
  readonly kubeletVersion: string;
  /** `containerd://2.1.4`. */
  readonly containerRuntimeVersion: string;
  /** Handlers that a RuntimeClass may name on this node; undefined when the kubelet does not tell. */
  readonly runtimeHandlers: readonly string[] | undefined;
  /** Undefined: nothing tells of a GPU. */
  readonly gpus: NodeGpus | undefined;
  /** What the kubelet tells of images on the node: at most 50 unless it is set otherwise, the largest first. Absent unless asked for. */
  readonly images?: readonly NodeImage[];
  /** Labels and annotations that speak of a way to load images: evidence for `snapshotterOf`. */
  readonly loadingHints: Readonly<Record<string, string>>;
}

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** An image that a node holds, by the kubelet's word. */
export interface NodeImage {
  /** With tag and with digest. */
  readonly names: readonly string[];
  readonly sizeBytes: number;
}

/** Which nodes, and how much of each. */
export interface NodeQuery {
  /** `karpenter.sh/nodepool=gpu`; absent: all nodes. */
  readonly labelSelector?: string;
  /** Keeps the images of each node too, which is most of what a node holds. */
  readonly withImages?: boolean;
}

/** All nodes in pages, of each only what `ClusterNode` holds. Needs `list nodes`. */
export async function listNodes(cluster: Cluster, query: NodeQuery, call: Call): Promise<readonly ClusterNode[]> {
  const labels = query.labelSelector === undefined ? {} : { labelSelector: query.labelSelector };
  const keep = (object: unknown): ClusterNode | undefined => nodeOf(object, query.withImages === true);
  return (await collectObjects(cluster, "/api/v1/nodes", labels, keep, call)).items;
}

/** One node with its images. Throws `cluster-not-found`. */
export async function readNode(cluster: Cluster, name: string, call: Call): Promise<ClusterNode> {
  const object = await cluster.request({ method: "GET", path: `/api/v1/nodes/${encodeURIComponent(name)}` }, call);
  return nodeOf({ ...fieldsOf(object), metadata: { ...fieldsAt(object, "metadata"), name } }, true) as ClusterNode;
}

/** Undefined when the object has no name. */
export function nodeOf(object: unknown, withImages: boolean): ClusterNode | undefined {
  const metadata = fieldsAt(object, "metadata");
  const name = textAt(metadata, "name");
  if (name === undefined) return undefined;
  const labels = textsAt(metadata, "labels");
  const spec = fieldsAt(object, "spec");
  const status = fieldsAt(object, "status");
  const info = fieldsAt(status, "nodeInfo");
  const createdAtEpochMs = Date.parse(textAt(metadata, "creationTimestamp") ?? "");
  const first = (...names: readonly string[]): string | undefined =>
    names.map((key) => labels[key]).find((value) => value !== undefined && value !== "");
  return {
    name,
    createdAtEpochMs: Number.isFinite(createdAtEpochMs) ? createdAtEpochMs : undefined,
    isReady: listAt(status, "conditions").some(
      (condition) => textAt(condition, "type") === "Ready" && textAt(condition, "status") === "True",
    ),
    isCordoned: spec["unschedulable"] === true,
    taints: listAt(spec, "taints").map((taint) => ({
      key: textAt(taint, "key") ?? "",
      value: textAt(taint, "value") ?? "",
      effect: textAt(taint, "effect") ?? "",
    })),
    pool: poolOf(labels),
    instanceType: first("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"),
    zone: first("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"),
    capacityType: capacityTypeOf(labels),
    architecture: textAt(info, "architecture") ?? "",
    operatingSystem: textAt(info, "operatingSystem") ?? "",
    osImage: textAt(info, "osImage") ?? "",
    kernelVersion: textAt(info, "kernelVersion") ?? "",
    kubeletVersion: textAt(info, "kubeletVersion") ?? "",
    containerRuntimeVersion: textAt(info, "containerRuntimeVersion") ?? "",
    runtimeHandlers: handlersOf(status),
    gpus: gpusOf(labels, status),
    ...(withImages && { images: listAt(status, "images").map(imageOf) }),
    loadingHints: hintsOf({ ...textsAt(metadata, "annotations"), ...labels }),
  };
}

/** Since Kubernetes 1.30. The handler without a name is the default. */
function handlersOf(status: unknown): readonly string[] | undefined {
  const handlers = listAt(status, "runtimeHandlers");
  return handlers.length === 0 ? undefined : handlers.flatMap((handler) => textAt(handler, "name") ?? []);
}

function imageOf(image: unknown): NodeImage {
  const size = fieldsOf(image)["sizeBytes"];
  return { names: listAt(image, "names").filter((name) => typeof name === "string"), sizeBytes: typeof size === "number" ? size : 0 };
}

function capacityTypeOf(labels: Readonly<Record<string, string>>): string | undefined {
  const named =
    labels["karpenter.sh/capacity-type"] ?? labels["eks.amazonaws.com/capacityType"] ?? labels["kubernetes.azure.com/scalesetpriority"];
  if (named !== undefined) return named.toLowerCase().replaceAll("_", "-");
  return labels["cloud.google.com/gke-spot"] === "true" || labels["cloud.google.com/gke-preemptible"] === "true" ? "spot" : undefined;
}

const hintPattern = /snapshotter|stargz|nydus|soci|overlaybd|image-streaming|gke-gcfs|artifact-?streaming|erofs|dragonfly|spegel/i;

function hintsOf(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const found = Object.entries(texts).filter(([key, value]) => hintPattern.test(key) || (value.length < 64 && hintPattern.test(value)));
  return Object.fromEntries(found.slice(0, 10).map(([key, value]) => [key, value.slice(0, 120)]));
}
