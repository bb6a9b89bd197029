import { eitherSignal } from "../../base/abort.ts";
import * as vscode from "vscode";
import { formatCount } from "../../base/format.ts";
import type { Call } from "../../base/log.ts";
import type { NodeTarget } from "../../bench/plan.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { ClusterNode } from "../../cluster/nodes.ts";
import { goBack, type PickPlace } from "../askInTurn.ts";
import { pickContext } from "../clusters/pickContext.ts";
import { pickOne, type PickItem } from "../pick.ts";
import { visibleText } from "../visibleText.ts";
import type { Answer, AskDependencies } from "./askStep.ts";
import type { BenchAnswers, GpuAnswer, OfferedRuntime } from "./benchAnswers.ts";
import { runtimeOffers } from "./runtimeOffers.ts";
import { gpuOffers, isSameTarget, targetOffers, usualTarget, type TargetOffer } from "./targetOffers.ts";

/** The cluster is contacted here, once it is chosen: its nodes and RuntimeClasses are what the next questions offer. */
export async function askContext(
  answers: BenchAnswers,
  place: PickPlace,
  given: string | undefined,
  { clusters, memory, call }: AskDependencies,
): Answer {
  const name = given ?? (await pickContext(place, clusters, "On which cluster?", memory.answers.context));
  if (name === undefined || name === goBack) return name;
  const found = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Asking ${visibleText(name, 60)} for its nodes`, cancellable: true },
    async (_progress, token) => {
      const cancel = new AbortController();
      token.onCancellationRequested(() => cancel.abort());
      const signal = eitherSignal(call.signal, cancel.signal);
      const cluster = await clusters.connect(name, { ...call, signal });
      const nodes = await clusters.nodes(name, { ...call, signal });
      return {
        cluster,
        nodes,
        runtimes: await runtimesOf(cluster, [...nodes.pools.flatMap((pool) => pool.nodes), ...nodes.others], { ...call, signal }),
      };
    },
  );
  await memory.remember({ context: name });
  return { ...answers, ...found };
}

async function runtimesOf(cluster: Cluster, nodes: readonly ClusterNode[], call: Call): Promise<readonly OfferedRuntime[]> {
  const { isApiFailure, listRuntimeClasses, snapshotterOf } = await import("../clusters/clusterEngine.ts");
  const classes = await listRuntimeClasses(cluster, call).catch((error: unknown) => {
    if (isApiFailure(error) && error.code === "cluster-forbidden") return [];
    throw error;
  });
  return runtimeOffers(classes, (runtimeClass) => snapshotterOf(runtimeClass, nodes));
}

export async function askTarget(answers: BenchAnswers, place: PickPlace, { memory }: AskDependencies): Answer {
  const { cluster, nodes } = answers;
  if (!cluster || !nodes) return "skip";
  const usual = usualTarget(nodes, memory.answers.targets[cluster.context]);
  const target = await pickOne<NodeTarget>(place, {
    placeholder: "On which nodes?",
    items: grouped(targetOffers(nodes)),
    isUsual: (value) => isSameTarget(value, usual),
  });
  if (target === undefined || target === goBack) return target;
  await memory.remember({ targets: { [cluster.context]: target } });
  return { ...answers, target };
}

function grouped(offers: readonly TargetOffer[]): readonly PickItem<NodeTarget>[] {
  return offers.flatMap(({ group, label, description, target }, at) => {
    const item = { label, description, value: target };
    return group !== "" && group !== offers[at - 1]?.group ? [{ label: group, kind: vscode.QuickPickItemKind.Separator }, item] : [item];
  });
}

/** An existing workload knows how many it needs. */
export async function askGpus(answers: BenchAnswers, place: PickPlace, { memory }: AskDependencies): Answer {
  const { cluster, nodes, target, subject } = answers;
  if (!cluster || !nodes || subject?.kind === "workload") return "skip";
  const offers = gpuOffers(nodes, target ?? { kind: "any" });
  if (offers.length === 0) return "skip";
  const keyOf = (resource: string): string => JSON.stringify([cluster.context, resource]);
  const isLast = ({ count, resource }: GpuAnswer): boolean => memory.answers.gpuCounts[keyOf(resource)] === count;
  const usual = offers.find(isLast) ?? offers[0];
  const gpus = await pickOne<GpuAnswer>(place, {
    placeholder: "How many GPUs does each pod get?",
    items: offers.map((offer) => ({
      label: offer.count === 0 ? "No GPU" : `${formatCount(offer.count)} × ${visibleText(offer.resource, 60)}`,
      value: offer,
    })),
    isUsual: (value) => value === usual,
  });
  if (gpus === undefined || gpus === goBack) return gpus;
  await memory.remember({ gpuCounts: { [keyOf(gpus.resource)]: gpus.count } });
  return { ...answers, gpus };
}
