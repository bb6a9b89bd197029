import * as vscode from "vscode";
import type { NodeWay } from "../../boot/node/nodeWay.ts";
import type { NodeTarget } from "../../bench/plan.ts";
import type { Call } from "../../base/log.ts";
import { askInTurn, goBack, type AskStep } from "../askInTurn.ts";
import { withNotice } from "../bench/runPlan.ts";
import type { Clusters } from "../clusters/clusters.ts";
import { pickContext } from "../clusters/pickContext.ts";
import { pickMany, pickOne, type PickItem } from "../pick.ts";
import { visibleText } from "../visibleText.ts";
import { nodeOffers } from "./nodeOffers.ts";

/** Which nodes are asked, and how. */
export interface NodeAnswers {
  readonly contextName?: string | undefined;
  readonly nodes?: readonly string[];
  /** `auto`: one way after another. */
  readonly way?: NodeWay | "auto";
}

export interface AskNodesDependencies {
  readonly clusters: Clusters;
  /** The privileged pod is not even offered. */
  readonly isUnprivileged: boolean;
  readonly call: Call;
}

/** Asks for what the place of the command does not tell; undefined when dismissed. */
export function askNodes(
  start: { readonly contextName?: string | undefined; readonly target?: NodeTarget | undefined },
  dependencies: AskNodesDependencies,
): Promise<NodeAnswers | undefined> {
  const { contextName, target } = start;
  const given: NodeAnswers = { contextName, ...(target?.kind === "node" && { nodes: [target.name] }) };
  const steps: readonly AskStep<NodeAnswers>[] = [
    async (answers, place) => {
      if (contextName !== undefined) return "skip";
      const name = await pickContext(place, dependencies.clusters, "On which cluster?");
      return name === undefined || name === goBack ? name : { ...answers, contextName: name };
    },
    async (answers, place) => {
      if (given.nodes) return "skip";
      const nodes = await pickMany(place, {
        placeholder: "Whose boot? Several nodes are compared",
        items: await nodeItems(answers.contextName ?? "", target, dependencies),
      });
      return nodes === undefined || nodes === goBack ? nodes : { ...answers, nodes };
    },
    async (answers, place) => {
      const way = await pickOne(place, { placeholder: "How may the nodes be asked?", items: wayItems(dependencies.isUnprivileged) });
      return way === undefined || way === goBack ? way : { ...answers, way };
    },
  ];
  return askInTurn("Analyze node boot", given, steps);
}

async function nodeItems(
  contextName: string,
  target: NodeTarget | undefined,
  { clusters, call }: AskNodesDependencies,
): Promise<readonly PickItem<string>[]> {
  const nodes = await withNotice(`Asking ${visibleText(contextName, 60)} for its nodes`, (signal) =>
    clusters.nodes(contextName, { ...call, signal }),
  );
  const pool = target?.kind === "pool" ? nodes.pools.filter(({ name }) => name === target.name) : [];
  const offers = nodeOffers(pool.length > 0 ? { pools: pool, others: [] } : nodes);
  return offers.flatMap(({ group, label, description, name }, at) => {
    const item = { label, description, value: name };
    return group === offers[at - 1]?.group ? [item] : [{ label: group, kind: vscode.QuickPickItemKind.Separator }, item];
  });
}

function wayItems(isUnprivileged: boolean): readonly PickItem<NodeWay | "auto">[] {
  const items: readonly PickItem<NodeWay | "auto">[] = [
    {
      label: "With as little as possible",
      detail: "The kubelet's logs, else a pod without privileges; a privileged pod only after another question.",
      value: "auto",
    },
    { label: "Kubelet's logs", detail: "No pod. Which unit waits for which is guessed from times.", value: "logs" },
    {
      label: "Pod without privileges",
      detail: "It reads the states of all units from the node's D-Bus. What only the journal tells is missing.",
      value: "bus",
    },
    { label: "Privileged pod", detail: "It is root on the node, reads everything, and is removed afterwards.", value: "probe" },
  ];
  return items.filter(({ value }) => value !== "probe" || !isUnprivileged);
}
