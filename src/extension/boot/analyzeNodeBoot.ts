import { eitherSignal } from "../../base/abort.ts";
import * as vscode from "vscode";
import type { Call } from "../../base/log.ts";
import type { ReadBoot } from "../../boot/bootChain.ts";
import { withNotice } from "../bench/runPlan.ts";
import type { Clusters } from "../clusters/clusters.ts";
import { readBenchSettings } from "../settings.ts";
import { visibleText } from "../visibleText.ts";
import type { NodeAnswers } from "./askNodes.ts";
import { showBoots } from "./showBoots.ts";

export interface AnalyzeDependencies {
  readonly clusters: Clusters;
  readonly call: Call;
}

/** Asks the nodes about their boots and shows the report, which is saved. */
export async function analyzeNodeBoot(answers: NodeAnswers, dependencies: AnalyzeDependencies): Promise<void> {
  const { contextName, nodes = [] } = answers;
  if (contextName === undefined || nodes.length === 0) return;
  const what = nodes.length === 1 ? (nodes[0] ?? "") : `${nodes.length} nodes`;
  const boots = await withNotice(`Asking ${visibleText(what, 60)} about ${nodes.length === 1 ? "its boot" : "their boots"}`, (signal) =>
    collect(contextName, nodes, answers.way, dependencies, signal),
  );
  await showBoots(boots, `boot-${what}`);
}

async function collect(
  contextName: string,
  nodes: readonly string[],
  way: NodeAnswers["way"],
  { clusters, call }: AnalyzeDependencies,
  cancelled: AbortSignal,
): Promise<readonly ReadBoot[]> {
  const { collectFromNodes, defaultProbeImage } = await import("./bootEngine.ts");
  const { namespace, probeImage, isUnprivileged } = readBenchSettings();
  const signal = eitherSignal(call.signal, cancelled);
  const cluster = await clusters.connect(contextName, { ...call, signal });
  let agreed: Promise<boolean> | undefined;
  const collection = {
    way: way === "auto" ? undefined : way,
    namespace: namespace ?? cluster.namespace,
    probeImage: probeImage ?? defaultProbeImage,
    // Who chose the privileged pod has agreed to it; else one answer holds for all nodes.
    mayBePrivileged: (node: string) =>
      (agreed ??= isUnprivileged ? Promise.resolve(false) : way === "probe" ? Promise.resolve(true) : askConsent(node)),
  };
  return collectFromNodes(cluster, nodes, collection, { ...call, signal });
}

async function askConsent(node: string): Promise<boolean> {
  const allow = "Allow Privileged Pod";
  const answer = await vscode.window.showWarningMessage(
    `Only a privileged pod can ask ${visibleText(node, 80)}.`,
    {
      modal: true,
      detail:
        "Neither the kubelet's logs nor a pod without privileges tell of its boot. The privileged pod is root on each node that is asked, only reads, and is removed afterwards.",
    },
    allow,
  );
  return answer === allow;
}
