import { gpuPoolsOf, type GpuPool } from "../../../src/cluster/gpuPools.ts";
import { nodeOf, type ClusterNode } from "../../../src/cluster/nodes.ts";

export interface SampleNode {
  readonly name: string;
  readonly pool?: string;
  readonly gpus?: number;
  readonly used?: number;
  readonly isReady?: boolean;
  readonly isCordoned?: boolean;
}

/** Nodes as the API server has them, read by the engine itself. */
export function sampleNode({ name, pool, gpus = 0, isReady = true, isCordoned = false }: SampleNode): ClusterNode {
  const labels = {
    ...(pool !== undefined && { "karpenter.sh/nodepool": pool }),
    ...(gpus > 0 && { "nvidia.com/gpu.product": "NVIDIA-L4", "nvidia.com/gpu.memory": "23034" }),
    "node.kubernetes.io/instance-type": "g6.xlarge",
  };
  const resources = gpus > 0 ? { "nvidia.com/gpu": String(gpus) } : {};
  const node = nodeOf(
    {
      metadata: { name, labels },
      spec: { unschedulable: isCordoned, taints: gpus > 0 ? [{ key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" }] : [] },
      status: {
        conditions: [{ type: "Ready", status: isReady ? "True" : "Unknown" }],
        capacity: resources,
        allocatable: resources,
        nodeInfo: {
          osImage: "Debian 13",
          kernelVersion: "6.12.1",
          containerRuntimeVersion: "containerd://2.1.4",
          kubeletVersion: "v1.34.0",
          operatingSystem: "linux",
          architecture: "amd64",
        },
      },
    },
    false,
  );
  if (!node) throw new Error("a node without a name");
  return node;
}

export function sampleNodes(samples: readonly SampleNode[]): {
  readonly pools: readonly GpuPool[];
  readonly others: readonly ClusterNode[];
} {
  const nodes = samples.map(sampleNode);
  const usage = new Map(samples.map(({ name, used = 0 }) => [name, new Map([["nvidia.com/gpu", used]])]));
  return { pools: gpuPoolsOf(nodes, usage), others: nodes.filter(({ gpus }) => !gpus) };
}
