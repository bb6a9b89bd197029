import * as vscode from "vscode";
import type { Call } from "../../base/log.ts";
import { formatCount } from "../../base/format.ts";
import { coldstartVersion } from "../../base/version.ts";
import type { BenchRun } from "../../bench/benchRun.ts";
import type { PlanDraft } from "../../bench/plan/planDraft.ts";
import type { PreparedPlan } from "../../bench/run/preparePlan.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { reportViewType } from "../ids.ts";
import { earlierRuns, placeForReport, saveReport } from "../reports/reportFiles.ts";
import type { UserSettings } from "../settings.ts";
import { visibleText } from "../visibleText.ts";
import type { BenchRuns } from "./benchRuns.ts";
import { confirmText } from "./confirmText.ts";
import { runPercent, runProgressText } from "./runProgress.ts";

export interface RunPlanRequest {
  readonly draft: PlanDraft;
  readonly cluster: Cluster;
  readonly allowPrivileged: boolean;
  /** The plan's file; absent: it was put together from answers. */
  readonly file?: vscode.Uri | undefined;
}

export interface RunPlanDependencies {
  readonly runs: BenchRuns;
  readonly call: Call;
  readonly settings: UserSettings;
}

/** Completes the plan, shows what it will do and take, and runs it once that is confirmed. The run, or undefined when nothing was started. */
export async function runPlan(request: RunPlanRequest, dependencies: RunPlanDependencies): Promise<BenchRun | undefined> {
  const { cluster, file, draft } = request;
  const { call } = dependencies;
  const { planText, preparePlan } = await import("./benchEngine.ts");
  const folder = file?.scheme === "file" ? vscode.Uri.joinPath(file, "..").fsPath : undefined;
  const prepared = await withNotice(`Looking at ${visibleText(cluster.context, 60)}`, async (signal) => {
    const inner = { ...call, signal };
    return preparePlan(draft, cluster, { folder, earlier: await earlierRuns(file, inner) }, inner);
  });
  if (!(await isConfirmed(prepared, planText(prepared.plan, prepared.cost, cluster.server)))) return undefined;
  const uri = await placeForReport(prepared.plan.name, file);
  if (!uri) return undefined;
  return runVisibly(uri, prepared, request, dependencies);
}

async function isConfirmed({ plan, cost, problems }: PreparedPlan, planText: string): Promise<boolean> {
  const start = `Start ${formatCount(cost.podCount)} ${cost.podCount === 1 ? "Pod" : "Pods"}`;
  const answer = await vscode.window.showInformationMessage(
    `Benchmark ${visibleText(plan.name, 80)}?`,
    { modal: true, detail: confirmText(planText, problems) },
    start,
  );
  return answer === start;
}

async function runVisibly(
  uri: vscode.Uri,
  { plan }: PreparedPlan,
  { cluster, allowPrivileged }: RunPlanRequest,
  { runs, settings }: RunPlanDependencies,
): Promise<BenchRun> {
  const { contentSettings, summaryOf, verdictOf } = await import("./benchEngine.ts");
  const title = `Benchmark ${visibleText(plan.name, 60)}`;
  const run = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      token.onCancellationRequested(() => runs.cancel(uri));
      let shown = 0;
      const tell = (): void => {
        const running = runs.get(uri);
        if (!running) return;
        const percent = runPercent(running.live);
        const message = running.isCancelling ? "ending, its pod is being removed" : runProgressText(running.live);
        progress.report({ message, increment: Math.max(0, percent - shown) });
        shown = Math.max(shown, percent);
      };
      const listener = runs.onDidChange((change) => change.uri.toString() === uri.toString() && tell());
      try {
        return await runs.start({
          uri,
          plan,
          cluster,
          options: { clientVersion: coldstartVersion, allowPrivileged, content: contentSettings(settings) },
          save: (run) => saveReport(uri, { bench: run }, coldstartVersion),
          onBegan: () => void openReport(uri),
        });
      } finally {
        listener.dispose();
      }
    },
  );
  await openReport(uri);
  if (run.ending.kind !== "cancelled") void vscode.window.showInformationMessage(visibleText(verdictOf(summaryOf(run))[0] ?? "", 300));
  return run;
}

export async function openReport(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand("vscode.openWith", uri, reportViewType);
}

/** Work of a few seconds, with a notification that can stop it. */
export function withNotice<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return Promise.resolve(
    vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_progress, token) => {
      const cancel = new AbortController();
      token.onCancellationRequested(() => cancel.abort(new DOMException("The user stopped it", "AbortError")));
      return work(cancel.signal);
    }),
  );
}
