import type { ClusterNode } from "../../cluster/nodes.ts";
import { nodeWords } from "../clusters/rowText.ts";
import type { ClusterNodes } from "../clusters/clusters.ts";
import { visibleText } from "../visibleText.ts";

/** A node whose boot may be asked for. */
export interface NodeOffer {
  /** Of its pool. */
  readonly group: string;
  readonly label: string;
  readonly description: string;
  readonly name: string;
}

/** The nodes of pools with GPUs, pool by pool, then the others; of each those that joined last come first, as their boots are of interest. */
export function nodeOffers({ pools, others }: Pick<ClusterNodes, "pools" | "others">): readonly NodeOffer[] {
  return [
    ...pools.flatMap((pool) => newestFirst(pool.nodes).map((node) => offer(visibleText(pool.name, 80), node))),
    ...newestFirst(others).map((node) => offer("Nodes without GPUs", node)),
  ];
}

function offer(group: string, node: ClusterNode): NodeOffer {
  return { group, label: visibleText(node.name, 80), description: nodeWords(node), name: node.name };
}

function newestFirst<N extends ClusterNode>(nodes: readonly N[]): readonly N[] {
  return [...nodes].sort((a, b) => (b.createdAtEpochMs ?? 0) - (a.createdAtEpochMs ?? 0));
}
