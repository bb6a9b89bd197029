import type { Call } from "../../base/log.ts";
import { UserError } from "../../base/errors.ts";
import { fieldsOf } from "../../cluster/fields.ts";
import type { ClusterRow } from "../clusters/clusterRow.ts";
import type { Clusters } from "../clusters/clusters.ts";
import { clickedResource, type ClickedResource } from "../clusters/kubernetesExtension.ts";
import type { BenchStart } from "./benchAnswers.ts";
import { pullableName } from "./benchImages.ts";

/** What the place of the command tells: a row of our views, or something in the tree of the Kubernetes extension; nothing from the palette. */
export async function startOf(target: unknown, clusters: Clusters, call: Call): Promise<BenchStart> {
  if (target === undefined) return {};
  const image = imageOf(target);
  if (image !== undefined) return { subject: { kind: "image", image } };
  const row = rowOf(target);
  if (row) return startOfRow(row);
  const clicked = await clickedResource(target);
  return clicked ? startOfClicked(clicked, clusters, call) : {};
}

export function startOfRow(row: ClusterRow): BenchStart {
  switch (row.kind) {
    case "context":
      return { contextName: row.context.name };
    case "pool":
      // Nodes without a pool's label are a group for the eye only.
      return { contextName: row.contextName, ...(row.pool.label !== undefined && { target: { kind: "pool", name: row.pool.name } }) };
    case "node":
      return { contextName: row.contextName, target: { kind: "node", name: row.node.name } };
    case "others":
    case "report":
    case "message":
      return {};
  }
}

/** That extension shows what is in the current context. */
async function startOfClicked({ kind, name, namespace }: ClickedResource, clusters: Clusters, call: Call): Promise<BenchStart> {
  const { value: contexts } = await clusters.contexts();
  const contextName = contexts.find(({ isCurrent }) => isCurrent)?.name;
  if (kind === "Node") return { contextName, target: { kind: "node", name } };
  if (contextName === undefined) return {};
  const cluster = await clusters.connect(contextName, call);
  const { readObject } = await import("./benchEngine.ts");
  const { subjectOf } = await import("./workloadOffers.ts");
  const reference = { kind, name, namespace };
  const object = await readObject(reference, namespace ?? cluster.namespace, cluster, call);
  const subject = subjectOf({ kind, ...fieldsOf(object) });
  if (!subject) throw new UserError("plan-unreadable", `${kind} ${name} has no image that could be compared.`, "Choose another one.");
  return { contextName, subject };
}

/** Of a row of the view "Images"; undefined for what a node cannot pull. */
function imageOf(target: unknown): string | undefined {
  const { kind, name } = fieldsOf(target);
  return kind === "image" && typeof name === "string" ? pullableName(name) : undefined;
}

const rowKinds: readonly string[] = ["context", "pool", "node", "others", "report", "message"] satisfies ClusterRow["kind"][];

function rowOf(target: unknown): ClusterRow | undefined {
  const fields = fieldsOf(target);
  const isRow = typeof fields["kind"] === "string" && rowKinds.includes(fields["kind"]) && ("contextName" in fields || "context" in fields);
  return isRow ? (target as ClusterRow) : undefined;
}
