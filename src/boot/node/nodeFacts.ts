import { foreignLine } from "../../base/foreignText.ts";
import type { Call } from "../../base/log.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { isApiFailure } from "../../cluster/errors.ts";
import { fieldsAt, textAt } from "../../cluster/fields.ts";

/** What the cluster tells of a node's system. Absent: it does not tell, or does not let us ask. */
export interface NodeFacts {
  /** Without dashes, as journals write it. */
  readonly bootId?: string;
  readonly machineId?: string;
  readonly osName?: string;
  readonly kernelVersion?: string;
  readonly instanceType?: string;
  /** As far as a cloud writes it on its nodes: an AMI of EKS, the version of AKS' node image. */
  readonly machineImage?: string;
}

const machineImageLabels = ["eks.amazonaws.com/nodegroup-image", "kubernetes.azure.com/node-image-version"];

/** Throws `cluster-not-found` for a node that is not there. */
export async function readNodeFacts(cluster: Cluster, node: string, call: Call): Promise<NodeFacts> {
  try {
    return nodeFactsOf(await cluster.request({ method: "GET", path: `/api/v1/nodes/${encodeURIComponent(node)}` }, call));
  } catch (error) {
    if (isApiFailure(error) && error.refusal === "permission") return {};
    throw error;
  }
}

function nodeFactsOf(object: unknown): NodeFacts {
  const info = fieldsAt(object, "status", "nodeInfo");
  const hexadecimal = (key: string): string | undefined => {
    const text = textAt(info, key)?.replaceAll("-", "").toLowerCase();
    return text !== undefined && /^[0-9a-f]{32}$/.test(text) ? text : undefined;
  };
  const [bootId, machineId] = [hexadecimal("bootID"), hexadecimal("machineID")];
  const labels = fieldsAt(object, "metadata", "labels");
  const text = (name: keyof NodeFacts, value: string | undefined): NodeFacts =>
    value === undefined ? {} : { [name]: foreignLine(value, 200) };
  return {
    ...(bootId !== undefined && { bootId }),
    ...(machineId !== undefined && { machineId }),
    ...text("osName", textAt(info, "osImage")),
    ...text("kernelVersion", textAt(info, "kernelVersion")),
    ...text("instanceType", textAt(labels, "node.kubernetes.io/instance-type")),
    ...text("machineImage", machineImageLabels.map((label) => textAt(labels, label)).find(Boolean)),
  };
}

/** Why such a system cannot be asked by any way; undefined when it may be. */
export function whyUnaskable({ osName }: NodeFacts): string | undefined {
  if (osName === undefined) return undefined;
  if (/\btalos\b/i.test(osName)) return `${osName} has an init of its own and no systemd`;
  return /\bwindows\b/i.test(osName) ? `${osName} has no systemd` : undefined;
}
