import { expect, test } from "vitest";
import { nodeOf, type ClusterNode } from "../../src/cluster/nodes.ts";
import { runtimeClassOf, snapshotterOf } from "../../src/cluster/runtimeClasses.ts";

const runtimeClass = (object: object): object => ({ metadata: { name: "fast" }, ...object });
const gcfs = { metadata: { name: "g", labels: { "cloud.google.com/gke-image-streaming": "true" } } };
const off = { metadata: { name: "o", labels: { "cloud.google.com/gke-image-streaming": "false" } } };
const plain = { metadata: { name: "p" }, status: { nodeInfo: { containerRuntimeVersion: "containerd://2.1.4" } } };
const crio = { metadata: { name: "c" }, status: { nodeInfo: { containerRuntimeVersion: "cri-o://1.36" } } };

test.each<[what: object | undefined, nodes: object[], snapshotter: string | undefined, likelihood: string]>([
  [runtimeClass({ handler: "stargz" }), [], "stargz", "likely"],
  [runtimeClass({ handler: "runc-nydus" }), [], "nydus", "likely"],
  [runtimeClass({ handler: "x", metadata: { name: "soci-parallel" } }), [], "soci", "likely"],
  [runtimeClass({ handler: "associate" }), [], undefined, "unknown"],
  [runtimeClass({ handler: "x", scheduling: { nodeSelector: { "containerd.io/snapshotter": "overlaybd" } } }), [], "overlaybd", "likely"],
  [runtimeClass({ handler: "kata-qemu" }), [plain], undefined, "unknown"],
  [runtimeClass({ handler: "odd", overhead: { podFixed: { memory: "120Mi" } } }), [plain], undefined, "unknown"],
  [runtimeClass({ handler: "odd" }), [plain], undefined, "unknown"],
  [runtimeClass({ handler: "nvidia" }), [plain], "overlayfs", "possible"],
  [runtimeClass({ handler: "nvidia" }), [crio], undefined, "unknown"],
  [undefined, [plain], "overlayfs", "possible"],
  [undefined, [gcfs, gcfs], "gcfs", "likely"],
  [undefined, [gcfs, plain], "gcfs", "possible"],
  [undefined, [off, plain], undefined, "unknown"],
  [undefined, [], undefined, "unknown"],
])("%j on %j is %s, %s", (object, nodes, snapshotter, likelihood) => {
  const guess = snapshotterOf(
    object && runtimeClassOf(object),
    nodes.map((each) => nodeOf(each, false) as ClusterNode),
  );
  expect(guess).toMatchObject({ snapshotter, likelihood });
  expect(guess.evidence.length).toBeGreaterThan(0);
});

test("nodes that lack the handler are told of", () => {
  const nodes = ["", "stargz"].map((name) =>
    nodeOf({ metadata: { name: `n${name}` }, status: { runtimeHandlers: [{ name: "runc" }, { name }] } }, false),
  );
  const { evidence } = snapshotterOf(runtimeClassOf(runtimeClass({ handler: "stargz" })), nodes as ClusterNode[]);
  expect(evidence[0]).toBe('1 of 2 nodes do not have the handler "stargz".');
});
