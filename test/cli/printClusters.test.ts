import { expect, test } from "vitest";
import { printReceipt } from "../../src/cli/cleanupCommand.ts";
import type { ClustersAnswer } from "../../src/cli/clustersCommand.ts";
import { printClusters } from "../../src/cli/printClusters.ts";
import type { OwnedObject } from "../../src/cluster/ownership.ts";
import { gpuPoolsOf } from "../../src/cluster/gpuPools.ts";
import { nodeOf, type ClusterNode } from "../../src/cluster/nodes.ts";
import { runtimeClassOf, snapshotterOf, type RuntimeClass } from "../../src/cluster/runtimeClasses.ts";
import { expectGolden } from "../golden.ts";

function node(name: string, pool: string, gpus: number | undefined, more: { ready?: string; cordoned?: boolean } = {}): ClusterNode {
  const resources = gpus === undefined ? {} : { "nvidia.com/gpu": String(gpus) };
  return nodeOf(
    {
      metadata: {
        name,
        labels: {
          "karpenter.sh/nodepool": pool,
          "karpenter.k8s.aws/instance-gpu-name": pool === "h100" ? "h100" : "l4",
          "karpenter.k8s.aws/instance-gpu-memory": pool === "h100" ? "81920" : "22888",
          "node.kubernetes.io/instance-type": pool === "h100" ? "p5.48xlarge" : "g6.xlarge",
          "topology.kubernetes.io/zone": "eu-1a",
        },
      },
      spec: { unschedulable: more.cordoned, taints: [{ key: "nvidia.com/gpu", effect: "NoSchedule" }] },
      status: {
        capacity: resources,
        allocatable: resources,
        conditions: [{ type: "Ready", status: more.ready ?? "True" }],
        nodeInfo: { kubeletVersion: "v1.36.3", containerRuntimeVersion: "containerd://2.4.2", kernelVersion: "6.8.0" },
      },
    },
    false,
  ) as ClusterNode;
}

const nodes = [
  node("big-1", "h100", 8),
  node("big-2", "h100", 8, { cordoned: true }),
  node("new", "h100", undefined),
  ...Array.from({ length: 14 }, (_, index) => node(`small-${index + 10}`, "cheap\u001b[2J", 1, index === 3 ? { ready: "Unknown" } : {})),
];

const stargz = runtimeClassOf({ metadata: { name: "lazy" }, handler: "stargz" }) as RuntimeClass;

function answer(usage: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined): ClustersAnswer {
  return {
    context: "prod",
    server: "https://api.example:6443",
    pools: gpuPoolsOf(nodes, usage),
    runtimeClasses: [{ ...stargz, guess: snapshotterOf(stargz, nodes) }],
    contexts: [
      { name: "prod", server: "https://api.example:6443", user: "me", namespace: "default", isCurrent: true, usesCommands: true },
      { name: "old", server: undefined, user: undefined, namespace: "team", isCurrent: false, usesCommands: false },
    ],
    problems: usage ? [] : [{ severity: "warning", message: "How many GPUs are free is not known: no." }],
  };
}

test("the answer first, then pools, nodes, RuntimeClasses and contexts", () => {
  expectGolden("cli/clusters.txt", printClusters(answer(new Map([["big-1", new Map([["nvidia.com/gpu", 3]])]]))));
});

test("what is not known is not shown as zero", () => {
  const text = printClusters(answer(undefined));
  expect(text).toMatch(/^prod \(https:\/\/api\.example:6443\) has 30 GPUs, on 17 nodes in 2 pools\.\nHow many GPUs are free is not known/);
  expect(text).toContain("?/16 nvidia.com/gpu");
});

test("a cluster without GPUs", () => {
  const empty: ClustersAnswer = { ...answer(new Map()), pools: [], runtimeClasses: [], contexts: [] };
  expect(printClusters(empty)).toBe("prod (https://api.example:6443) has no node with a GPU.\n");
});

test("a receipt", () => {
  const object = (name: string): OwnedObject => ({
    kind: "Pod",
    namespace: "bench",
    name,
    uid: name,
    runId: "r1",
    owner: "o",
    processId: 7,
    node: "big-1",
    createdAtEpochMs: Date.UTC(2026, 10, 28, 10, 0, 0),
    expiresAtEpochMs: undefined,
    finalizers: [],
    isTerminating: false,
  });
  const at = Date.UTC(2026, 10, 28, 12, 0, 0);
  expectGolden(
    "cli/cleanup.txt",
    printReceipt({
      context: "prod",
      startedAtEpochMs: at,
      endedAtEpochMs: at + 2500,
      entries: [
        { ...object("trial-1"), outcome: "removed", removedAtEpochMs: at + 1000 },
        { ...object("trial-2"), outcome: "left", why: "Finalizers hold it: x/y." },
      ],
      inUse: [object("trial-3"), object("trial-4")],
    }),
  );
  const nothing = printReceipt({ context: "prod", startedAtEpochMs: at, endedAtEpochMs: at, entries: [], inUse: [] });
  expect(nothing).toBe("Nothing was left in prod.\n");
});
