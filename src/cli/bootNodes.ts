import { UserError } from "../base/errors.ts";
import type { Call } from "../base/log.ts";
import type { ReadBoot } from "../boot/bootChain.ts";
import { collectFromNodes, nodesOfPool } from "../boot/node/collectFromNodes.ts";
import { nodeWays, type NodeWay } from "../boot/node/nodeWay.ts";
import { connectCluster } from "../cluster/connect.ts";
import { defaultProbeImage } from "../cluster/probeImage.ts";
import { askYes, canAsk } from "./askYes.ts";
import { clusterSourceOf, type ClusterArguments } from "./clusterSource.ts";
import { printable } from "./table.ts";

/** How a node is found and asked, as commander reads it. */
export interface BootNodeArguments extends ClusterArguments {
  readonly node?: readonly string[];
  readonly pool?: string;
  readonly namespace?: string;
  readonly way?: string;
  readonly allowPrivileged?: boolean;
  readonly probeImage?: string;
}

/** The running boots of nodes of a cluster. */
export async function bootsOfNodes(given: BootNodeArguments, call: Call): Promise<readonly ReadBoot[]> {
  const way = wayOf(given.way);
  const cluster = await connectCluster(clusterSourceOf(given), call);
  const pooled = given.pool === undefined ? [] : await nodesOfPool(cluster, given.pool, call);
  let agreed: Promise<boolean> | undefined;
  const collection = {
    way,
    namespace: given.namespace ?? cluster.namespace,
    probeImage: given.probeImage ?? defaultProbeImage,
    // Once for all nodes.
    mayBePrivileged: (node: string) => (agreed ??= given.allowPrivileged === true ? Promise.resolve(true) : asked(node, call)),
  };
  return collectFromNodes(cluster, [...new Set([...(given.node ?? []), ...pooled])], collection, call);
}

async function asked(node: string, call: Call): Promise<boolean> {
  if (!canAsk()) return false;
  process.stderr.write(
    `Only a privileged pod is left to ask ${printable(node)}. It is root on the node, reads, and is removed afterwards.\n`,
  );
  return askYes("Allow it, on each node that is asked?", call.signal);
}

function wayOf(text: string | undefined): NodeWay | undefined {
  if (text === undefined || text === "auto") return undefined;
  const way = nodeWays.find((name) => name === text);
  if (!way) throw new UserError("bad-usage", `There is no way "${text}" to ask a node.`, `Use one of auto, ${nodeWays.join(", ")}.`);
  return way;
}
