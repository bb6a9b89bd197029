import type { ClusterContext } from "../../cluster/contexts.ts";
import type { GpuPool, PoolNode } from "../../cluster/gpuPools.ts";
import type { ClusterNode } from "../../cluster/nodes.ts";
import type { ReportEntry } from "../reports/reportEntry.ts";

/** One row of the view "Clusters". */
export type ClusterRow =
  | { readonly kind: "context"; readonly context: ClusterContext }
  | { readonly kind: "pool"; readonly contextName: string; readonly pool: GpuPool }
  | { readonly kind: "node"; readonly contextName: string; readonly node: ClusterNode | PoolNode }
  /** Nodes without GPUs. */
  | { readonly kind: "others"; readonly contextName: string; readonly nodes: readonly ClusterNode[] }
  | { readonly kind: "report"; readonly entry: ReportEntry }
  | { readonly kind: "message"; readonly message: RowMessage };

export interface RowMessage {
  readonly text: string;
  /** What to do; empty when nothing needs to be done. */
  readonly hint: string;
  readonly severity: "error" | "warning" | "info";
}
