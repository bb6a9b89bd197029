import { formatAge, formatBytes, formatCount } from "../../base/format.ts";
import type { GpuPool, PoolNode } from "../../cluster/gpuPools.ts";
import type { ClusterNode } from "../../cluster/nodes.ts";
import { clusterRowKinds } from "../ids.ts";
import { visibleText } from "../visibleText.ts";
import type { ClusterRow } from "./clusterRow.ts";

/** What a row looks like; icons are names of VS Code's own. */
export interface RowText {
  readonly label: string;
  readonly description: string;
  /** One fact a line. */
  readonly tooltip: string;
  readonly icon: string;
  readonly canOpen: boolean;
  /** Which menus it has; absent: none. */
  readonly contextValue?: string;
}

export function rowText(row: ClusterRow, nowEpochMs: number): RowText {
  switch (row.kind) {
    case "context": {
      const { name, server, isCurrent, namespace, usesCommands } = row.context;
      return {
        label: visibleText(name, 80),
        description: [isCurrent ? "current" : "", visibleText(hostOf(server), 60)].filter((part) => part !== "").join(" · "),
        tooltip: lines(
          server === undefined ? "The kubeconfig names no server for it." : visibleText(server),
          `Namespace ${visibleText(namespace)}`,
          usesCommands ? "Signing in runs a program that the kubeconfig names." : "",
        ),
        icon: "server-environment",
        canOpen: server !== undefined,
        contextValue: clusterRowKinds.context,
      };
    }
    case "pool":
      return {
        label: visibleText(row.pool.name, 80),
        description: poolWords(row.pool),
        tooltip: lines(
          row.pool.label === undefined ? "" : `Label ${visibleText(row.pool.label)}`,
          ...row.pool.instanceTypes.map((type) => visibleText(type)),
          ...row.pool.taints.map(({ key, value, effect }) => `Taint ${visibleText(`${key}=${value}:${effect}`)}`),
        ),
        icon: "layers",
        canOpen: true,
        contextValue: clusterRowKinds.pool,
      };
    case "node":
      return {
        label: visibleText(row.node.name, 80),
        description: nodeWords(row.node),
        tooltip: nodeTooltip(row.node),
        icon: nodeIcon(row.node),
        canOpen: false,
        contextValue: clusterRowKinds.node,
      };
    case "others":
      return {
        label: "Nodes without GPUs",
        description: formatCount(row.nodes.length),
        tooltip: "",
        icon: "vm",
        canOpen: true,
      };
    case "report": {
      const { name, fileName, run, measuredAtEpochMs } = row.entry;
      const age = measuredAtEpochMs === undefined ? "" : formatAge(nowEpochMs - measuredAtEpochMs);
      const size = run ? `${run.armCount} × ${counted(run.trialCount / Math.max(1, run.armCount), "trial")}` : "";
      return {
        label: visibleText(name, 80),
        description: [size, age].filter((part) => part !== "").join(" · "),
        tooltip: lines(visibleText(fileName), run ? `On ${visibleText(run.context)}` : ""),
        icon: run?.isComplete === false ? "circle-large-outline" : "graph",
        canOpen: false,
        contextValue: clusterRowKinds.report,
      };
    }
    case "message": {
      const { text, hint, severity } = row.message;
      return {
        label: visibleText(text, 300),
        description: "",
        tooltip: lines(visibleText(text, 600), visibleText(hint, 600)),
        icon: severity,
        canOpen: false,
      };
    }
  }
}

/** `3 of 8 free · NVIDIA-L4 · 2 nodes`. */
export function poolWords(pool: GpuPool): string {
  const provider = pool.provider === "none" || pool.provider === "other" ? "" : pool.provider;
  const isReady = pool.readyCount === pool.nodes.length;
  return [
    gpuWords(pool.resources),
    visibleText(pool.products.join(", "), 60),
    isReady ? counted(pool.nodes.length, "node") : `${pool.readyCount} of ${counted(pool.nodes.length, "node")} ready`,
    provider,
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

/** `1 of 2 GPUs free · cordoned`. */
export function nodeWords(node: ClusterNode | PoolNode): string {
  const freeGpus = "freeGpus" in node ? node.freeGpus : undefined;
  const resources = (node.gpus?.resources ?? []).map(({ name, allocatable }) => ({ name, allocatable, free: freeGpus?.[name] }));
  const gpus = node.gpus ? gpuWords(resources) : "";
  return [
    gpus,
    visibleText(node.gpus?.product ?? "", 60),
    node.isReady ? "" : "not ready",
    node.isCordoned ? "cordoned" : "",
    node.capacityType === "spot" ? "spot" : "",
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

/** Of the resource that has most; the others follow by name. */
function gpuWords(
  resources: readonly { readonly name: string; readonly allocatable: number; readonly free: number | undefined }[],
): string {
  if (resources.length === 0) return "no GPU ready";
  return resources
    .map(({ name, allocatable, free }) => {
      const what = /^nvidia\.com\/mig-(.+)$/.exec(name)?.[1] ?? (allocatable === 1 ? "GPU" : "GPUs");
      return free === undefined
        ? `${formatCount(allocatable)} ${what}`
        : `${formatCount(free)} of ${formatCount(allocatable)} ${what} free`;
    })
    .join(", ");
}

function nodeTooltip(node: ClusterNode): string {
  const memoryBytes = node.gpus?.memoryBytes;
  return lines(
    [node.instanceType, node.zone, node.capacityType]
      .filter((part) => part !== undefined)
      .map((part) => visibleText(part))
      .join(", "),
    memoryBytes === undefined ? "" : `${formatBytes(memoryBytes)} of memory on each GPU`,
    visibleText(`${node.osImage}, kernel ${node.kernelVersion}`),
    visibleText(`${node.containerRuntimeVersion}, kubelet ${node.kubeletVersion}`),
    ...node.taints.map(({ key, value, effect }) => `Taint ${visibleText(`${key}=${value}:${effect}`)}`),
  );
}

function nodeIcon(node: ClusterNode): string {
  if (!node.isReady) return "warning";
  return node.isCordoned ? "circle-slash" : "vm";
}

function hostOf(server: string | undefined): string {
  return server?.replace(/^https?:\/\//, "").replace(/\/$/, "") ?? "no server";
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function lines(...facts: readonly string[]): string {
  return facts.filter((fact) => fact !== "").join("\n");
}
