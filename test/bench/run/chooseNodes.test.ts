import { describe, expect, test } from "vitest";
import type { BenchPlan, ColdnessLevel, NodeTarget } from "../../../src/bench/plan.ts";
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
  readonly architecture?: string;
  readonly runtime?: string;
  readonly kubelet?: string;
  /** `KEY:EFFECT`. */
  readonly taints?: readonly string[];
}

function node(name: string, given: Given = {}): ClusterNode {
  const { pool, gpus = 0, isReady = true, isCordoned = false, os = "linux", architecture = "amd64", taints = [] } = given;
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
      spec: { unschedulable: isCordoned, taints: taints.map((text) => ({ key: text.split(":")[0], effect: text.split(":")[1] })) },
      status: {
        allocatable: resources,
        capacity: resources,
        nodeInfo: {
          operatingSystem: os,
          architecture,
          containerRuntimeVersion: given.runtime ?? "containerd://2.1.4-k3s1",
          kubeletVersion: given.kubelet ?? "v1.33.1",
        },
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

function plan(target: NodeTarget, gpuCount: number, coldness: ColdnessLevel = "L3"): Pick<BenchPlan, "target" | "workload" | "coldness"> {
  return { target, coldness, workload: { container: "main", pod: {}, origin: "options", gpuCount, gpuResource: "nvidia.com/gpu" } };
}

const chosen = (target: NodeTarget, gpuCount: number, held: GpuUsage | undefined = usage): string =>
  chooseNodes(plan(target, gpuCount), nodes, held)
    .value.map(({ name }) => name)
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
    expect(chooseNodes(plan({ kind: "any" }, 2), nodes, undefined).value.map(({ name }) => name)).toEqual(["gpu-a", "gpu-b", "gpu-d"]);
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

const controlPlane = node("cp", { taints: ["node-role.kubernetes.io/control-plane:NoSchedule"] });
const fargate = node("fargate-ip-10-0-1-2", { taints: ["eks.amazonaws.com/compute-type:NoSchedule"] });
const virtual = node("virtual-node-aci-linux", { kubelet: "v1.25.0-vk-azure-aci-1.6.1" });
const starting = node("starting", { taints: ["node.cilium.io/agent-not-ready:NoExecute"] });
const disrupted = node("disrupted", { taints: ["karpenter.sh/disrupted:NoSchedule"] });
const full = node("full", { taints: ["node.kubernetes.io/disk-pressure:NoSchedule"] });
const kept = node("kept", { pool: "gpus", taints: ["nvidia.com/gpu:NoSchedule"] });
const preferred = node("preferred", { taints: ["shared:PreferNoSchedule"] });
const plain = node("plain");
const arm = node("arm", { architecture: "arm64" });
const docker = node("docker", { runtime: "docker://27.1.1" });
const crio = node("crio", { runtime: "cri-o://1.33.1" });

describe("nodes of other clusters", () => {
  test.each<[string, readonly ClusterNode[], NodeTarget, ColdnessLevel, string]>([
    [
      "no control plane, no service, none that is not set up, going away or ill",
      [controlPlane, fargate, virtual, starting, disrupted, full, plain],
      { kind: "any" },
      "L3",
      "plain",
    ],
    ["a control plane where there is nothing else", [controlPlane], { kind: "any" }, "L3", "cp"],
    ["none that is kept for others", [kept, preferred, plain], { kind: "any" }, "L3", "plain preferred"],
    ["one that is kept for others, where it is named by its pool", [kept, plain], { kind: "pool", name: "gpus" }, "L3", "kept"],
    ["of those that can be made cold", [docker, crio, plain], { kind: "any" }, "L1", "plain"],
    ["with any runtime, where nothing is made cold", [docker, crio, plain], { kind: "any" }, "L0", "crio docker plain"],
  ])("%s", (_name, given, target, coldness, expected) => {
    const { value, problems } = chooseNodes(plan(target, 0, coldness), given, undefined);
    expect([value.map(({ name }) => name).join(" "), problems]).toEqual([expected, []]);
  });

  test("nodes of one architecture, which is told", () => {
    const { value, problems } = chooseNodes(plan({ kind: "any" }, 0), [arm, plain, preferred], undefined);
    expect(value.map(({ name }) => name)).toEqual(["plain", "preferred"]);
    expect(problems.map(({ message }) => message)).toEqual([
      "There are nodes of amd64 and arm64: only those of amd64 are used, since the image has other layers on the others.",
    ]);
  });

  test.each([
    ["docker", docker, "Node docker runs docker://27.1.1"],
    ["crio", crio, "Node crio runs cri-o://1.33.1"],
  ])("a named node without containerd is refused before anything starts: %s", async (name, given, text) => {
    const chosenNode = Promise.resolve().then(() => chooseNodes(plan({ kind: "node", name }, 0), [given], undefined));
    await expectUserError(chosenNode, "probe-failed", new RegExp(text));
  });
});
