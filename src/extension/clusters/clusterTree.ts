import * as vscode from "vscode";
import { isCancelled, isUserError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { failureOf, logFailure } from "../failure.ts";
import { reportViewType } from "../ids.ts";
import type { ReportEntry } from "../reports/reportEntry.ts";
import type { ClusterRow, RowMessage } from "./clusterRow.ts";
import type { Clusters } from "./clusters.ts";
import { rowText } from "./rowText.ts";

export interface ClusterTreeDependencies {
  readonly clusters: Clusters;
  /** All saved reports, the newest first. */
  readonly reports: () => Promise<readonly ReportEntry[]>;
  readonly channel: vscode.LogOutputChannel;
  readonly log: Log;
}

/** The rows below a row. A cluster is contacted when its context is opened, never before; without trust there are none. */
export class ClusterTree {
  readonly #dependencies: ClusterTreeDependencies;

  constructor(dependencies: ClusterTreeDependencies) {
    this.#dependencies = dependencies;
  }

  async children(row: ClusterRow | undefined): Promise<ClusterRow[]> {
    try {
      switch (row?.kind) {
        case undefined:
          return vscode.workspace.isTrusted ? await this.#contexts() : [];
        case "context":
          return await this.#nodesOf(row.context.name);
        case "pool":
          return row.pool.nodes.map((node) => ({ kind: "node", contextName: row.contextName, node }));
        case "others":
          return row.nodes.map((node) => ({ kind: "node", contextName: row.contextName, node }));
        case "node":
          return (await this.#reportsOn(row)).map((entry) => ({ kind: "report", entry }));
        case "report":
        case "message":
          return [];
      }
    } catch (error) {
      if (isCancelled(error)) return [];
      logFailure(error, this.#dependencies.channel);
      const { message, hint } = failureOf(error);
      return [messageRow({ text: message, hint, severity: "error" })];
    }
  }

  async item(row: ClusterRow): Promise<vscode.TreeItem> {
    const { label, description, tooltip, icon, canOpen, contextValue } = rowText(row, Date.now());
    const hasReports = row.kind === "node" && (await this.#reportsOn(row)).length > 0;
    const item = new vscode.TreeItem(
      label,
      canOpen || hasReports ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
    );
    item.description = description;
    item.tooltip = tooltip;
    item.iconPath = new vscode.ThemeIcon(icon);
    if (contextValue !== undefined) item.contextValue = contextValue;
    if (row.kind === "report")
      item.command = { command: "vscode.openWith", title: "Open", arguments: [vscode.Uri.parse(row.entry.uri), reportViewType] };
    return item;
  }

  /** None where there is no kubeconfig: the view then says what to do. */
  async #contexts(): Promise<ClusterRow[]> {
    try {
      const { value, problems } = await this.#dependencies.clusters.contexts();
      return [
        ...value.map((context) => ({ kind: "context", context }) as const),
        ...problems.map(({ message, severity }) => messageRow({ text: message, hint: "", severity })),
      ];
    } catch (error) {
      if (isUserError(error) && error.message.startsWith("No kubeconfig was found")) return [];
      throw error;
    }
  }

  async #nodesOf(contextName: string): Promise<ClusterRow[]> {
    const { clusters, log } = this.#dependencies;
    const { pools, others, problems } = await clusters.nodes(contextName, { log });
    return [
      ...pools.map((pool) => ({ kind: "pool", contextName, pool }) as const),
      ...(pools.length === 0 ? [messageRow({ text: "No node with a GPU", hint: "", severity: "info" })] : []),
      ...(others.length > 0 ? [{ kind: "others", contextName, nodes: others } as const] : []),
      ...problems.map(({ message, severity }) => messageRow({ text: message, hint: "", severity })),
    ];
  }

  async #reportsOn({ contextName, node }: Extract<ClusterRow, { kind: "node" }>): Promise<readonly ReportEntry[]> {
    const entries = await this.#dependencies.reports();
    return entries.filter(({ run }) => run?.context === contextName && run.nodes.includes(node.name));
  }
}

function messageRow(message: RowMessage): ClusterRow {
  return { kind: "message", message };
}
