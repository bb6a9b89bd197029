import * as vscode from "vscode";
import type { Call } from "../../base/log.ts";
import type { Clusters } from "../clusters/clusters.ts";
import { pickContext } from "../clusters/pickContext.ts";
import { goBack } from "../askInTurn.ts";
import { visibleText } from "../visibleText.ts";
import { receiptText } from "./receiptText.ts";
import { withNotice } from "./runPlan.ts";

export interface CleanUpDependencies {
  readonly clusters: Clusters;
  readonly channel: vscode.LogOutputChannel;
  readonly call: Call;
}

/** Removes what runs left on a cluster and shows a receipt; what runs use at the moment only when the user wants that, too. */
export async function cleanUpCluster(contextName: string | undefined, { clusters, channel, call }: CleanUpDependencies): Promise<void> {
  const name = contextName ?? (await pickCluster(clusters));
  if (name === undefined) return;
  const { cleanup } = await import("../clusters/clusterEngine.ts");
  const clean = (which: "leftovers" | "all") =>
    withNotice(`Cleaning up ${visibleText(name, 60)}`, async (signal) => {
      const cluster = await clusters.connect(name, { ...call, signal });
      return cleanup(cluster, { which }, { ...call, signal });
    });
  let receipt = await clean("leftovers");
  if (receipt.inUse.length > 0) {
    const all = "Remove Them, Too";
    const count = receipt.inUse.length;
    const answer = await vscode.window.showWarningMessage(
      `${count === 1 ? "1 pod belongs" : `${count} pods belong`} to benchmarks that seem to be running. Remove ${count === 1 ? "it" : "them"}, too?`,
      { modal: true, detail: "Whoever runs them, in this window or elsewhere, loses the trial in progress." },
      all,
    );
    if (answer === all) {
      const { startedAtEpochMs, entries } = receipt;
      const rest = await clean("all");
      receipt = { ...rest, startedAtEpochMs, entries: [...entries, ...rest.entries] };
    }
  }
  const { sentence, lines, isIncomplete } = receiptText(receipt);
  channel.info(sentence);
  for (const line of lines) channel.info(line);
  const show = isIncomplete ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const answer = await (lines.length > 0 ? show(sentence, "Show Receipt") : show(sentence));
  if (answer === "Show Receipt") channel.show();
}

async function pickCluster(clusters: Clusters): Promise<string | undefined> {
  const answer = await pickContext({ title: "Clean up cluster" }, clusters, "Which cluster? Only what Coldstart left there is removed");
  return answer === goBack ? undefined : answer;
}
