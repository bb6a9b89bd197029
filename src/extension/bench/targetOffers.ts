import type { NodeTarget } from "../../bench/plan.ts";
import type { ClusterNode } from "../../cluster/nodes.ts";
import { nodeWords, poolWords } from "../clusters/rowText.ts";
import type { ClusterNodes } from "../clusters/clusters.ts";
import { visibleText } from "../visibleText.ts";
import type { GpuAnswer } from "./benchAnswers.ts";

/** One place where the pods may go. */
export interface TargetOffer {
  readonly group: "" | "GPU node pools" | "GPU nodes" | "Nodes without GPUs";
  readonly label: string;
  readonly description: string;
  readonly target: NodeTarget;
}

/** Pools first, since a pool outlives its nodes; then single nodes, those that take no pods last. */
export function targetOffers({ pools, others }: Pick<ClusterNodes, "pools" | "others">): readonly TargetOffer[] {
  const gpuNodes = pools.flatMap((pool) => pool.nodes);
  return [
    { group: "", label: "Any node", description: "where the scheduler finds room", target: { kind: "any" } },
    ...pools
      // A group of nodes without a pool's label cannot be chosen as a pool.
      .filter(({ label }) => label !== undefined)
      .map(
        (pool) =>
          ({
            group: "GPU node pools",
            label: visibleText(pool.name, 80),
            description: poolWords(pool),
            target: { kind: "pool", name: pool.name },
          }) as const,
      ),
    ...usableFirst(gpuNodes).map((node) => nodeOffer("GPU nodes", node)),
    ...usableFirst(others).map((node) => nodeOffer("Nodes without GPUs", node)),
  ];
}

/** The one that was chosen last if it is there; else the pool or the node with most free GPUs; else any node. */
export function usualTarget(nodes: Pick<ClusterNodes, "pools" | "others">, last: NodeTarget | undefined): NodeTarget {
  const offers = targetOffers(nodes);
  if (last && offers.some(({ target }) => isSameTarget(target, last))) return last;
  return offers.find(({ group }) => group === "GPU node pools" || group === "GPU nodes")?.target ?? { kind: "any" };
}

export function isSameTarget(a: NodeTarget, b: NodeTarget): boolean {
  return a.kind === b.kind && (a.kind === "any" || b.kind === "any" || a.name === b.name);
}

/** How many GPUs a pod may ask for where it goes, none first; empty where there are none. */
export function gpuOffers({ pools }: Pick<ClusterNodes, "pools">, target: NodeTarget): readonly GpuAnswer[] {
  const nodes = pools.flatMap((pool) => (target.kind === "pool" && pool.name !== target.name ? [] : pool.nodes));
  const meant = target.kind === "node" ? nodes.filter(({ name }) => name === target.name) : nodes;
  const most = new Map<string, number>();
  for (const { gpus } of meant) {
    for (const { name, allocatable } of gpus?.resources ?? []) most.set(name, Math.max(most.get(name) ?? 0, allocatable));
  }
  const counts = (count: number): readonly number[] => [1, 2, 4, 8, 16].filter((each) => each <= count);
  const offers = [...most].flatMap(([resource, count]) => counts(count).map((each) => ({ count: each, resource })));
  return offers.length > 0 ? [...offers, { count: 0, resource: offers[0]?.resource ?? "" }] : [];
}

function nodeOffer(group: TargetOffer["group"], node: ClusterNode): TargetOffer {
  return { group, label: visibleText(node.name, 80), description: nodeWords(node), target: { kind: "node", name: node.name } };
}

function usableFirst<N extends ClusterNode>(nodes: readonly N[]): readonly N[] {
  const isUsable = ({ isReady, isCordoned }: N): boolean => isReady && !isCordoned;
  return [...nodes.filter(isUsable), ...nodes.filter((node) => !isUsable(node))];
}
