import * as vscode from "vscode";
import { UserError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { askInTurn, goBack } from "./askInTurn.ts";
import { askBenchmark } from "./bench/askBenchmark.ts";
import { askConsent } from "./bench/askProbe.ts";
import type { BenchAnswers, ProbeConsent } from "./bench/benchAnswers.ts";
import { BenchMemory } from "./bench/benchMemory.ts";
import { BenchRuns } from "./bench/benchRuns.ts";
import { startOf } from "./bench/benchStart.ts";
import { cleanUpCluster } from "./bench/cleanUpCluster.ts";
import { draftOfAnswers, draftOfFile } from "./bench/draftOfAnswers.ts";
import { PlanFiles } from "./bench/planFiles.ts";
import { openReport, runPlan, type RunPlanDependencies, type RunPlanRequest } from "./bench/runPlan.ts";
import { analyzeNodeBoot } from "./boot/analyzeNodeBoot.ts";
import { askNodes } from "./boot/askNodes.ts";
import { BootCollections } from "./boot/bootCollections.ts";
import { openBootFiles } from "./boot/openBootFiles.ts";
import type { ClusterRow } from "./clusters/clusterRow.ts";
import { Clusters } from "./clusters/clusters.ts";
import { ClusterTree } from "./clusters/clusterTree.ts";
import { requireTrust } from "./failure.ts";
import { ImageChoices } from "./imageChoices.ts";
import { outputLog } from "./outputLog.ts";
import { ReportEditors } from "./reports/reportEditors.ts";
import type { ReportEntry } from "./reports/reportEntry.ts";
import { ReportIndex } from "./reports/reportIndex.ts";
import { readBenchSettings, readSettings } from "./settings.ts";
import type { Cluster } from "../cluster/cluster.ts";

export interface BenchSessionOptions {
  readonly context: vscode.ExtensionContext;
  readonly channel: vscode.LogOutputChannel;
  /** Asks VS Code to draw clusters and runs again. */
  readonly refreshTree: () => void;
}

const refusal = "Coldstart contacts no cluster in Restricted Mode.";

/** Everything behind benchmarks, clusters and reports. Made when the first of them is asked for, not at activation. */
export class BenchSession implements vscode.Disposable {
  readonly tree: ClusterTree;
  /** Rows of the view "Runs": every saved report of the workspace, the newest first. */
  readonly runRows: () => Promise<ClusterRow[]>;
  readonly #channel: vscode.LogOutputChannel;
  readonly #log: Log;
  readonly #memory: BenchMemory;
  readonly #choices: ImageChoices;
  readonly #clusters = new Clusters();
  readonly #runs: BenchRuns;
  readonly #editors: ReportEditors;
  readonly #plans = new PlanFiles();
  readonly #boots = new BootCollections();
  readonly #refreshTree: () => void;
  readonly #extensionUri: vscode.Uri;
  readonly #subscriptions: vscode.Disposable[];

  constructor({ context, channel, refreshTree }: BenchSessionOptions) {
    const log = outputLog(channel);
    this.#channel = channel;
    this.#log = log;
    this.#memory = new BenchMemory(context.workspaceState);
    this.#choices = new ImageChoices(context.workspaceState);
    this.#runs = new BenchRuns(log);
    const index = new ReportIndex(log);
    const reports = (): Promise<readonly ReportEntry[]> => index.entries();
    this.#editors = new ReportEditors({ extensionUri: context.extensionUri, runs: this.#runs, reports, channel, log });
    this.#refreshTree = refreshTree;
    this.#extensionUri = context.extensionUri;
    this.runRows = async () => (await index.entries()).map((entry) => ({ kind: "report", entry }));
    this.tree = new ClusterTree({ clusters: this.#clusters, reports, channel, log });
    this.#subscriptions = [
      index,
      this.#clusters,
      this.#runs,
      this.#editors,
      this.#plans,
      index.onDidChange(refreshTree),
      vscode.workspace.onDidGrantWorkspaceTrust(refreshTree),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration("coldstart.kubernetes")) return;
        this.#clusters.forget();
        refreshTree();
      }),
    ];
  }

  /** `target`: a row of our tree, or what the Kubernetes extension hands over for one of its own. */
  async benchmark(target?: unknown): Promise<void> {
    requireTrust(refusal);
    const settings = readBenchSettings();
    const start = await startOf(target, this.#clusters, { log: this.#log });
    const answers = await askBenchmark(start, {
      clusters: this.#clusters,
      memory: this.#memory,
      settings,
      images: this.#images(),
      call: { log: this.#log },
    });
    if (!answers?.cluster) return;
    await this.#remember(answers);
    await this.#run({ draft: draftOfAnswers(answers, settings), cluster: answers.cluster, allowPrivileged: answers.probe !== "no" });
  }

  async runPlan(resource?: vscode.Uri): Promise<void> {
    requireTrust(refusal);
    const file = resource instanceof vscode.Uri ? resource : vscode.window.activeTextEditor?.document.uri;
    if (!file || !/\.coldstart\.ya?ml$/.test(file.path))
      throw new UserError("bad-usage", "No plan is open.", "Open a *.coldstart.yaml file and try again.");
    const settings = readBenchSettings();
    const draft = draftOfFile(await this.#plans.read(file), settings);
    const contextName = draft.context ?? (await this.#currentContext());
    const cluster = await this.#clusters.connect(contextName, { log: this.#log });
    if (draft.coldness === "L0") return this.#run({ draft, cluster, allowPrivileged: false, file });
    const consent = settings.isUnprivileged ? "no" : await this.#consentFor(cluster);
    if (consent === undefined) return;
    const planned = consent === "no" ? { ...draft, coldness: "L0" as const } : draft;
    await this.#run({ draft: planned, cluster, allowPrivileged: consent !== "no", file });
  }

  async openReport(): Promise<void> {
    const [chosen] =
      (await vscode.window.showOpenDialog({ title: "Open a Coldstart report", openLabel: "Open", filters: { Reports: ["json"] } })) ?? [];
    if (chosen) await openReport(chosen);
  }

  async openSample(): Promise<void> {
    await openReport(vscode.Uri.joinPath(this.#extensionUri, "media", "sample.coldstart.json"));
  }

  /** `target`: as for `benchmark`. */
  async analyzeNodeBoot(target?: unknown): Promise<void> {
    requireTrust(refusal);
    const start = await startOf(target, this.#clusters, { log: this.#log });
    const { isUnprivileged } = readBenchSettings();
    const answers = await askNodes(start, { clusters: this.#clusters, isUnprivileged, call: { log: this.#log } });
    if (!answers) return;
    await this.#boots.run((call) => analyzeNodeBoot(answers, { clusters: this.#clusters, call }), { log: this.#log });
  }

  async openBootFiles(): Promise<void> {
    await openBootFiles({ log: this.#log });
  }

  async cleanUpCluster(row?: ClusterRow): Promise<void> {
    requireTrust(refusal);
    const contextName = row?.kind === "context" ? row.context.name : undefined;
    await cleanUpCluster(contextName, { clusters: this.#clusters, channel: this.#channel, call: { log: this.#log } });
  }

  async chooseKubeconfig(): Promise<void> {
    const [chosen] =
      (await vscode.window.showOpenDialog({ title: "Kubeconfig with the clusters to benchmark", openLabel: "Choose" })) ?? [];
    if (!chosen) return;
    // Not the workspace's: which clusters a user has is nobody else's business.
    await vscode.workspace.getConfiguration("coldstart").update("kubernetes.kubeconfig", chosen.fsPath, vscode.ConfigurationTarget.Global);
  }

  refreshClusters(): void {
    this.#clusters.forget();
    this.#refreshTree();
  }

  planLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    return this.#plans.lenses(document);
  }

  showReport(uri: vscode.Uri, panel: vscode.WebviewPanel): Promise<void> {
    return this.#editors.resolve(uri, panel);
  }

  /** Ends what runs, for a window that closes. */
  async stop(): Promise<void> {
    await Promise.all([this.#runs.stopAll(), this.#boots.stopAll()]);
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  async #run(request: RunPlanRequest): Promise<void> {
    const dependencies: RunPlanDependencies = {
      runs: this.#runs,
      call: { log: this.#log },
      settings: readSettings(),
    };
    await runPlan(request, dependencies);
  }

  /** Images that the user has to do with: of Dockerfiles that are open, and inspected lately. */
  #images(): readonly { readonly name: string; readonly reason: string }[] {
    const open = vscode.window.visibleTextEditors.flatMap(({ document }) => {
      const name = document.languageId === "dockerfile" ? this.#choices.get(document.uri)?.name : undefined;
      return name === undefined ? [] : [{ name, reason: `built from ${vscode.workspace.asRelativePath(document.uri)}` }];
    });
    return [...open, ...this.#choices.recent().map((name) => ({ name, reason: "inspected before" }))];
  }

  async #remember({ cluster, probe }: BenchAnswers): Promise<void> {
    if (cluster && probe === "always") await this.#memory.addConsent(cluster.context, cluster.server);
  }

  async #currentContext(): Promise<string> {
    const { value: contexts } = await this.#clusters.contexts();
    const current = contexts.find(({ isCurrent }) => isCurrent);
    if (current) return current.name;
    throw new UserError(
      "context-not-found",
      "The plan names no context, and the kubeconfig has no current one.",
      "Write context: NAME in the plan.",
    );
  }

  /** Undefined when dismissed. */
  async #consentFor(cluster: Cluster): Promise<ProbeConsent | undefined> {
    if (this.#memory.hasConsent(cluster.context, cluster.server)) return "once";
    const answers = await askInTurn<BenchAnswers>("Run this plan", { cluster }, [
      async (known, place) => {
        const probe = await askConsent(place, cluster);
        return probe === undefined || probe === goBack ? probe : { ...known, probe };
      },
    ]);
    if (answers) await this.#remember(answers);
    return answers?.probe;
  }
}
