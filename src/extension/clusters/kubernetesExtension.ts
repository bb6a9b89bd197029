import * as vscode from "vscode";
import { fieldsAt, fieldsOf, textAt } from "../../cluster/fields.ts";

/** A node, pod or Deployment that was clicked in the tree of Microsoft's Kubernetes extension. */
export interface ClickedResource {
  readonly kind: "Node" | "Pod" | "Deployment";
  readonly name: string;
  readonly namespace?: string;
}

const extensionId = "ms-kubernetes-tools.vscode-kubernetes-tools";

/** What its command target stands for, asked through its API v1; undefined when it is none, or that extension is not there. */
export async function clickedResource(target: unknown): Promise<ClickedResource | undefined> {
  const extension = vscode.extensions.getExtension(extensionId);
  if (!extension || target === undefined) return undefined;
  const exported: unknown = await extension.activate();
  const explorer = apiOf(exported);
  return explorer && resourceOf(explorer(target));
}

type ResolveTarget = (target: unknown) => unknown;

/** Its exports are a broker that hands out APIs by name and version. */
function apiOf(broker: unknown): ResolveTarget | undefined {
  const { get } = fieldsOf(broker);
  if (typeof get !== "function") return undefined;
  const answer: unknown = get.call(broker, "clusterexplorer", "v1");
  const { api } = fieldsOf(answer);
  const { resolveCommandTarget } = fieldsOf(api);
  if (typeof resolveCommandTarget !== "function") return undefined;
  return (target) => resolveCommandTarget.call(api, target) as unknown;
}

function resourceOf(resolved: unknown): ClickedResource | undefined {
  const kind = textAt(fieldsAt(resolved, "resourceKind"), "manifestKind");
  const name = textAt(resolved, "name");
  if (name === undefined || (kind !== "Node" && kind !== "Pod" && kind !== "Deployment")) return undefined;
  const namespace = textAt(resolved, "namespace");
  return { kind, name, ...(namespace !== undefined && { namespace }) };
}
