import { nowEpochMs } from "../../base/clock.ts";
import type { Call } from "../../base/log.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { isApiFailure } from "../../cluster/errors.ts";
import { textAt } from "../../cluster/fields.ts";
import type { ClusterNode } from "../../cluster/nodes.ts";
import type { BenchNode } from "../benchRun.ts";
import { median } from "../../stats/quantiles.ts";

const questions = 7;

/** Kubernetes' version, and the median time of a small request; the first, which may connect, is left out. */
export async function readServer(
  cluster: Cluster,
  call: Call,
): Promise<{ readonly version: string | undefined; readonly roundTripMs: number }> {
  let version: string | undefined;
  const times: number[] = [];
  for (let question = 0; question < questions; question++) {
    const sentAt = nowEpochMs();
    version = (await askedVersion(cluster, call)) ?? version;
    if (question > 0) times.push(nowEpochMs() - sentAt);
  }
  return { version, roundTripMs: median(times) ?? 0 };
}

/** Hardened clusters keep it from most people (`system:public-info-viewer`); a refusal takes as long as an answer. */
async function askedVersion(cluster: Cluster, call: Call): Promise<string | undefined> {
  try {
    return textAt(await cluster.request({ method: "GET", path: "/version" }, call), "gitVersion");
  } catch (error) {
    if (isApiFailure(error) && error.refusal !== "overload" && error.status !== 401) return undefined;
    throw error;
  }
}

export function benchNodeOf(node: ClusterNode, details: BenchNode["details"]): BenchNode {
  const gpuCount = node.gpus?.resources.reduce((sum, { allocatable }) => sum + allocatable, 0) ?? 0;
  return {
    name: node.name,
    ...(node.instanceType !== undefined && { instanceType: node.instanceType }),
    ...(node.pool && { pool: node.pool.name }),
    ...(node.gpus?.product !== undefined && { gpuProduct: node.gpus.product }),
    gpuCount,
    kernelVersion: node.kernelVersion,
    osImage: node.osImage,
    kubeletVersion: node.kubeletVersion,
    containerRuntimeVersion: node.containerRuntimeVersion,
    details,
  };
}
