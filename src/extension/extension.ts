/**
 * Registers what package.json contributes, and nothing else: each feature loads with its first use, since this file runs
 * whenever a Dockerfile or a YAML file is opened.
 */
import * as vscode from "vscode";
import type { BenchSession } from "./benchSession.ts";
import type { ClusterRow } from "./clusters/clusterRow.ts";
import {
  clusterViewId,
  commandIds,
  dockerfileSelector,
  imageViewId,
  lensCommandIds,
  panelViewType,
  planSelector,
  reportViewType,
  runViewId,
  walkthroughId,
} from "./ids.ts";
import type { ImageRow } from "./images/imageRow.ts";
import type { SavedPanel } from "./savedPanel.ts";
import type { Session } from "./session.ts";

let benchOpened: Promise<BenchSession> | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const cpuAtStart = ownCpu();
  const channel = vscode.window.createOutputChannel("Coldstart", { log: true });
  const lensesChanged = new vscode.EventEmitter<void>();
  const imagesChanged = new vscode.EventEmitter<undefined>();
  let opened: Promise<Session> | undefined;
  const session = (): Promise<Session> =>
    (opened ??= import("./session.ts").then((module) => {
      const made = new module.Session({
        context,
        channel,
        refreshLenses: () => lensesChanged.fire(),
        refreshImages: () => imagesChanged.fire(undefined),
      });
      context.subscriptions.push(made);
      return made;
    }));

  const treeChanged = new vscode.EventEmitter<ClusterRow | undefined>();
  const bench = (): Promise<BenchSession> =>
    (benchOpened ??= import("./benchSession.ts").then((module) => {
      const made = new module.BenchSession({ context, channel, refreshTree: () => treeChanged.fire(undefined) });
      context.subscriptions.push(made);
      return made;
    }));

  const register = <Made>(make: () => Promise<Made>) => {
    return (id: string, run: (made: Made, ...args: never[]) => Promise<void> | void): vscode.Disposable =>
      vscode.commands.registerCommand(id, async (...args: unknown[]) => {
        try {
          await run(await make(), ...(args as never[]));
        } catch (error) {
          const { showFailure } = await import("./failure.ts");
          await showFailure(error, channel);
        }
      });
  };
  const command = register(session);
  const benchCommand = register(bench);

  context.subscriptions.push(
    channel,
    lensesChanged,
    imagesChanged,
    treeChanged,
    command(commandIds.inspectImage, (made, name?: string) => made.inspectImage(name)),
    command(commandIds.inspectDockerfile, (made, uri?: vscode.Uri) => made.inspectDockerfile(uri)),
    command(commandIds.chooseImage, (made, uri?: vscode.Uri) => made.chooseImage(uri)),
    command(commandIds.forgetImage, (made, row?: ImageRow) => made.forgetImage(row)),
    command(commandIds.clearCache, (made) => made.clearCache()),
    command(lensCommandIds.showImage, (made, imageName: string, layerIndex?: number) => made.showImage(imageName, layerIndex)),
    command(lensCommandIds.chooseImage, (made, uri: vscode.Uri) => made.chooseImage(uri)),
    command(lensCommandIds.inspect, (made, uri: vscode.Uri, imageName: string) => made.inspectForDockerfile(uri, imageName)),
    command(lensCommandIds.showFailure, (made, imageName: string) => made.showFailureOf(imageName)),
    command(lensCommandIds.ignore, (made, path: string, lines: readonly string[]) => made.ignore(path, lines)),
    vscode.languages.registerCodeActionsProvider(
      dockerfileSelector,
      { provideCodeActions: async (document, range) => (await session()).codeActions(document, range) },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
    vscode.languages.registerCodeLensProvider(dockerfileSelector, {
      onDidChangeCodeLenses: lensesChanged.event,
      provideCodeLenses: async (document) => (await session()).lenses(document),
    }),
    vscode.languages.registerHoverProvider(dockerfileSelector, {
      provideHover: async (document, position) => (await session()).hover(document, position),
    }),
    benchCommand(commandIds.benchmark, (made, target?: unknown) => made.benchmark(target)),
    benchCommand(commandIds.runPlan, (made, uri?: vscode.Uri) => made.runPlan(uri)),
    benchCommand(commandIds.openReport, (made) => made.openReport()),
    benchCommand(commandIds.analyzeNodeBoot, (made, target?: unknown) => made.analyzeNodeBoot(target)),
    benchCommand(commandIds.openBootFiles, (made) => made.openBootFiles()),
    benchCommand(commandIds.openSample, (made) => made.openSample()),
    benchCommand(commandIds.cleanUpCluster, (made, row?: ClusterRow) => made.cleanUpCluster(row)),
    benchCommand(commandIds.chooseKubeconfig, (made) => made.chooseKubeconfig()),
    benchCommand(commandIds.refreshClusters, (made) => made.refreshClusters()),
    vscode.languages.registerCodeLensProvider(planSelector, {
      provideCodeLenses: async (document) => (await bench()).planLenses(document),
    }),
    vscode.commands.registerCommand(commandIds.getStarted, () =>
      vscode.commands.executeCommand("workbench.action.openWalkthrough", `${context.extension.id}#${walkthroughId}`, false),
    ),
    vscode.window.registerTreeDataProvider<ImageRow>(imageViewId, {
      onDidChangeTreeData: imagesChanged.event,
      getChildren: async (row) => (row ? [] : (await session()).images.children()),
      getTreeItem: async (row) => (await session()).images.item(row),
    }),
    vscode.window.registerTreeDataProvider<ClusterRow>(clusterViewId, {
      onDidChangeTreeData: treeChanged.event,
      getChildren: async (row) => (await bench()).tree.children(row),
      getTreeItem: async (row) => (await bench()).tree.item(row),
    }),
    vscode.window.registerTreeDataProvider<ClusterRow>(runViewId, {
      onDidChangeTreeData: treeChanged.event,
      getChildren: async (row) => (row ? [] : (await bench()).runRows()),
      getTreeItem: async (row) => (await bench()).tree.item(row),
    }),
    vscode.window.registerCustomEditorProvider(
      reportViewType,
      {
        openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
        resolveCustomEditor: async (document, panel) => (await bench()).showReport(document.uri, panel),
      },
      { supportsMultipleEditorsPerDocument: true },
    ),
    vscode.window.registerWebviewPanelSerializer(panelViewType, {
      deserializeWebviewPanel: async (panel, saved: SavedPanel | undefined) => (await session()).restorePanel(panel, saved ?? {}),
    }),
  );

  const used = ownCpu(cpuAtStart);
  channel.info(`activated ${JSON.stringify({ cpuMs: (used.user + used.system) / 1000, node: process.versions.node })}`);
}

/** A window that closes ends its benchmarks and waits until their pods are gone, as far as VS Code lets it. */
export async function deactivate(): Promise<void> {
  await (await benchOpened)?.stop();
}

/** Of this thread where Node can tell: other extensions and the garbage collector run in the same process. */
function ownCpu(since?: NodeJS.CpuUsage): NodeJS.CpuUsage {
  return "threadCpuUsage" in process ? process.threadCpuUsage(since) : (process as NodeJS.Process).cpuUsage(since);
}
