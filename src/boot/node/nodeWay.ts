import { busRecipe } from "./busRecipe.ts";

/** Ways to ask a node of a cluster about its boot, the one with the least privileges first. */
export const nodeWays = ["logs", "bus", "probe"] as const;
export type NodeWay = (typeof nodeWays)[number];

interface WayText {
  /** As the beginning of a sentence. */
  readonly title: string;
  /** What it cannot see. Absent: it sees all that the machine still knows. */
  readonly blindFor?: string;
}

export const wayTexts: Readonly<Record<NodeWay, WayText>> = {
  logs: {
    title: "The kubelet's log endpoint, without a pod",
    blindFor:
      "which unit waits for which, what units are configured to be, jobs that wait at the moment, and exact times (messages lag behind on a busy machine). A pod on the node's D-Bus can",
  },
  bus: { title: "A pod without privileges, on the node's D-Bus", blindFor: busRecipe.blindFor },
  probe: { title: "A privileged pod, in the namespaces of the node's first process" },
};
