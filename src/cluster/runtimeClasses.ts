import type { Call } from "../base/log.ts";
import type { Cluster } from "./cluster.ts";
import { fieldsAt, fieldsOf, textAt, textsAt } from "./fields.ts";
import { collectObjects } from "./lists.ts";
import type { ClusterNode } from "./nodes.ts";

/** A RuntimeClass of the cluster (node.k8s.io/v1). */
export interface RuntimeClass {
  readonly name: string;
  /** What containerd's configuration calls it. */
  readonly handler: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Nodes that have the handler, as the class says; empty: all. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** It adds to what its pods need, as runtimes with a virtual machine do. */
  readonly hasOverhead: boolean;
}

/** Needs `list runtimeclasses` in `node.k8s.io`. By name. */
export async function listRuntimeClasses(cluster: Cluster, call: Call): Promise<readonly RuntimeClass[]> {
  const { items } = await collectObjects(cluster, "/apis/node.k8s.io/v1/runtimeclasses", {}, runtimeClassOf, call);
  return [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Undefined for an object without a name. */
export function runtimeClassOf(object: unknown): RuntimeClass | undefined {
  const metadata = fieldsAt(object, "metadata");
  const name = textAt(metadata, "name");
  if (name === undefined) return undefined;
  return {
    name,
    handler: textAt(object, "handler") ?? "",
    labels: textsAt(metadata, "labels"),
    annotations: textsAt(metadata, "annotations"),
    nodeSelector: textsAt(fieldsAt(object, "scheduling"), "nodeSelector"),
    hasOverhead: Object.keys(fieldsOf(fieldsAt(object, "overhead")["podFixed"])).length > 0,
  };
}

/** Which snapshotter a RuntimeClass probably leads to. The API cannot tell for sure: it stands in containerd's configuration on the node. */
export interface SnapshotterGuess {
  /** `overlayfs`, `stargz`, `soci`, `nydus`, `overlaybd`, `erofs`, `gcfs`, `devmapper`; undefined when nothing points to one. */
  readonly snapshotter: string | undefined;
  /** `likely`: it is named after it, or nodes are labelled with it; `possible`: what is usual for such a handler. */
  readonly likelihood: "likely" | "possible" | "unknown";
  /** What speaks for it and against it, one sentence each. */
  readonly evidence: readonly string[];
}

const snapshotters: readonly (readonly [string, RegExp])[] = [
  ["stargz", /stargz/i],
  ["nydus", /nydus/i],
  ["soci", /(?:^|[^a-z])soci(?:$|[^a-z])/i],
  ["overlaybd", /overlaybd/i],
  ["erofs", /erofs/i],
  ["devmapper", /devmapper|firecracker/i],
  ["gcfs", /gke-gcfs|image-streaming/i],
  ["overlaybd", /artifact-?streaming/i],
  ["overlayfs", /overlayfs/i],
];

/** Runtimes that change how a container runs and leave its image to the default snapshotter. */
const plainHandlers = /^(?:runc|crun|youki|nvidia(?:-cdi|-legacy|-experimental)?|default|)$/;
const virtualHandlers = /kata|gvisor|runsc|firecracker|cloud-hypervisor|qemu/i;

/** `undefined` stands for pods without a RuntimeClass. `nodes`: those that the pods may run on. */
export function snapshotterOf(runtimeClass: RuntimeClass | undefined, nodes: readonly ClusterNode[]): SnapshotterGuess {
  const evidence: string[] = missingHandler(runtimeClass, nodes);
  const named = runtimeClass && namedSnapshotter(runtimeClass);
  if (named) {
    evidence.push(named.sentence);
    evidence.push(
      "Whether it also pulls with it depends on the node: the kubelet's feature RuntimeClassInImageCriApi, or an annotation of the pod in containerd before 2.5.",
    );
    return { snapshotter: named.snapshotter, likelihood: "likely", evidence };
  }
  const handler = runtimeClass?.handler ?? "";
  if (runtimeClass && (virtualHandlers.test(handler) || runtimeClass.hasOverhead)) {
    evidence.push(
      virtualHandlers.test(handler)
        ? `The handler "${handler}" runs containers in a sandbox of its own, with whichever snapshotter the node sets for it.`
        : "The class adds an overhead to its pods, as runtimes with a virtual machine do.",
    );
    return { snapshotter: undefined, likelihood: "unknown", evidence };
  }
  if (runtimeClass && !plainHandlers.test(handler)) {
    evidence.push(`The handler "${handler}" names no snapshotter.`);
    return { snapshotter: undefined, likelihood: "unknown", evidence };
  }
  if (runtimeClass) evidence.push(`The handler "${handler}" leaves images to the node's default snapshotter.`);
  return ofNodes(nodes, evidence);
}

/** Since Kubernetes 1.30 nodes tell their handlers; pods of a class whose handler is missing never start. */
function missingHandler(runtimeClass: RuntimeClass | undefined, nodes: readonly ClusterNode[]): string[] {
  const telling = nodes.filter(({ runtimeHandlers }) => runtimeHandlers !== undefined);
  const lacking = telling.filter(({ runtimeHandlers }) => runtimeClass && !runtimeHandlers?.includes(runtimeClass.handler));
  return lacking.length === 0 ? [] : [`${lacking.length} of ${telling.length} nodes do not have the handler "${runtimeClass?.handler}".`];
}

function namedSnapshotter(runtimeClass: RuntimeClass): { readonly snapshotter: string; readonly sentence: string } | undefined {
  const places: readonly (readonly [string, string])[] = [
    ["handler", runtimeClass.handler],
    ["name", runtimeClass.name],
    ...Object.entries({ ...runtimeClass.annotations, ...runtimeClass.labels, ...runtimeClass.nodeSelector }).map(
      ([key, value]) => ["label or annotation", `${key}=${value}`] as const,
    ),
  ];
  for (const [place, text] of places) {
    const found = snapshotters.find(([, pattern]) => text.length < 300 && pattern.test(text));
    if (found) return { snapshotter: found[0], sentence: `Its ${place} "${text}" names ${found[0]}.` };
  }
  return undefined;
}

/** The default of the nodes, by what their labels and annotations say of it. */
function ofNodes(nodes: readonly ClusterNode[], evidence: string[]): SnapshotterGuess {
  const votes = new Map<string, number>();
  for (const node of nodes) {
    const texts = Object.entries(node.loadingHints).filter(([, value]) => !/^(?:false|disabled|off|0|)$/i.test(value));
    const found = snapshotters.find(([, pattern]) => texts.some(([key, value]) => pattern.test(`${key}=${value}`)));
    if (found) votes.set(found[0], (votes.get(found[0]) ?? 0) + 1);
  }
  const best = [...votes].sort((a, b) => b[1] - a[1])[0];
  if (best) {
    const [snapshotter, count] = best;
    evidence.push(`${count} of ${nodes.length} nodes carry a label or an annotation that speaks of ${snapshotter}.`);
    return { snapshotter, likelihood: count === nodes.length ? "likely" : "possible", evidence };
  }
  evidence.push("Nothing on the nodes speaks of another snapshotter than containerd's default, overlayfs.");
  const isContainerd = nodes.length > 0 && nodes.every(({ containerRuntimeVersion }) => containerRuntimeVersion.startsWith("containerd:"));
  if (!isContainerd) evidence.push("Not all nodes run containerd.");
  return { snapshotter: isContainerd ? "overlayfs" : undefined, likelihood: isContainerd ? "possible" : "unknown", evidence };
}
