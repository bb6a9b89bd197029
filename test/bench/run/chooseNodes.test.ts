import { describe, expect, test } from "vitest";
import type { BenchPlan, NodeTarget } from "../../../src/bench/plan.ts";
import { chooseNodes } from "../../../src/bench/run/chooseNodes.ts";
import type { GpuUsage } from "../../../src/cluster/gpuUsage.ts";
import { nodeOf, type ClusterNode } from "../../../src/cluster/nodes.ts";
import { expectUserError } from "../../fakes/userErrors.ts";

interface Given {
  readonly pool?: string;
  readonly gpus?: number;
  readonly isReady?: boolean;
  readonly isCordoned?: boolean;
  readonly os?: string;
}

function node(name: string, { pool, gpus = 0, isReady = true, isCordoned = false, os = "linux" }: Given = {}): ClusterNode {
  const resources = gpus > 0 ? { "nvidia.com/gpu": String(gpus) } : {};
  const made = nodeOf(
    {
      metadata: {
        name,
        labels: {
          "kubernetes.io/os": os,
          ...(pool && { "karpenter.sh/nodepool": pool }),
          ...(gpus > 0 && { "nvidia.com/gpu.present": "true" }),
        },
      },
      spec: { unschedulable: isCordoned },
      status: {
        allocatable: resources,
        capacity: resources,
        nodeInfo: { operatingSystem: os, architecture: "amd64" },
        conditions: [{ type: "Ready", status: isReady ? "True" : "False" }],
      },
    },
    false,
  );
  if (!made) throw new Error("The node has no name.");
  return made;
}

const nodes = [
  node("gpu-b", { pool: "gpus", gpus: 2 }),
  node("gpu-a", { pool: "gpus", gpus: 2 }),
  node("gpu-c", { pool: "gpus", gpus: 2, isCordoned: true }),
  node("gpu-d", { pool: "more", gpus: 4 }),
  node("cpu-a"),
  node("cpu-b", { isReady: false }),
  node("cpu-w", { os: "windows" }),
];
const usage: GpuUsage = new Map([["gpu-a", new Map([["nvidia.com/gpu", 1]])]]);

function plan(target: NodeTarget, gpuCount: number): Pick<BenchPlan, "target" | "workload"> {
  return { target, workload: { container: "main", pod: {}, origin: "options", gpuCount, gpuResource: "nvidia.com/gpu" } };
}

const chosen = (target: NodeTarget, gpuCount: number, held: GpuUsage | undefined = usage): string =>
  chooseNodes(plan(target, gpuCount), nodes, held)
    .map(({ name }) => name)
    .join(" ");

describe("nodes that trials may run on", () => {
  test.each<[string, NodeTarget, number, string]>([
    ["any without GPUs: all that take pods", { kind: "any" }, 0, "cpu-a gpu-a gpu-b gpu-d"],
    ["any with a GPU: those with enough free ones", { kind: "any" }, 1, "gpu-a gpu-b gpu-d"],
    ["two GPUs: one of gpu-a's is held", { kind: "any" }, 2, "gpu-b gpu-d"],
    ["a pool", { kind: "pool", name: "gpus" }, 2, "gpu-b"],
    ["a pool without asking for GPUs", { kind: "pool", name: "gpus" }, 0, "gpu-a gpu-b"],
    ["a named node as it is, though it is cordoned", { kind: "node", name: "gpu-c" }, 1, "gpu-c"],
    ["a named node as it is, though it is not ready", { kind: "node", name: "cpu-b" }, 0, "cpu-b"],
  ])("%s", (_name, target, gpuCount, expected) => {
    expect(chosen(target, gpuCount)).toBe(expected);
  });

  test("where pods cannot be listed, GPUs count as free: the scheduler decides", () => {
    expect(chooseNodes(plan({ kind: "any" }, 2), nodes, undefined).map(({ name }) => name)).toEqual(["gpu-a", "gpu-b", "gpu-d"]);
  });

  test.each<[NodeTarget, number, RegExp]>([
    [{ kind: "node", name: "gpu-x" }, 0, /There is no node gpu-x.*gpu-b, gpu-a/s],
    [{ kind: "pool", name: "none" }, 0, /There is no node pool none.*gpus/s],
    [{ kind: "any" }, 8, /No node has 8 free nvidia\.com\/gpu.*gpu-/s],
    [{ kind: "pool", name: "gpus" }, 3, /No node of pool gpus has 3 free/],
  ])("%o with %i GPUs: %s", async (target, gpuCount, text) => {
    await expectUserError(
      Promise.resolve().then(() => chosen(target, gpuCount)),
      "no-gpu-node",
      text,
    );
  });
});
