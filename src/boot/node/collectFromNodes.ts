import { mapWithLimit } from "../../base/concurrency.ts";
import { isUserError, type UserError } from "../../base/errors.ts";
import type { Call } from "../../base/log.ts";
import type { Problem } from "../../base/text.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { listNodes } from "../../cluster/nodes.ts";
import type { ReadBoot } from "../bootChain.ts";
import { noSuchPool, nodeUnasked } from "../errors.ts";
import { collectFromNode, type NodeCollection } from "./collectFromNode.ts";

/** Pods on as many nodes at a time. */
const nodesAtOnce = 4;

/**
 * The running boots of several nodes, in their order. A node that tells nothing is left out and named in the first boot's problems; throws
 * `UserError` when none tells anything.
 */
export async function collectFromNodes(
  cluster: Cluster,
  nodes: readonly string[],
  collection: NodeCollection,
  call: Call,
): Promise<readonly ReadBoot[]> {
  const failures: { readonly node: string; readonly error: UserError }[] = [];
  const asked = await mapWithLimit(nodes, nodesAtOnce, async (node) => {
    try {
      return await collectFromNode(cluster, node, collection, call);
    } catch (error) {
      call.signal?.throwIfAborted();
      if (!isUserError(error)) throw error;
      failures.push({ node, error });
      return undefined;
    }
  });
  const [first, ...others] = asked.filter((boot) => boot !== undefined);
  const [only, ...more] = failures;
  if (!first && only && more.length === 0) throw only.error;
  if (!first) throw nodeUnasked(nodes.join(", "), [...new Set(failures.map(({ error }) => `${error.message} ${error.hint}`))].slice(0, 5));
  const problems = failures.map(({ node, error }): Problem => ({ severity: "warning", message: `${node} is left out: ${error.message}` }));
  return [{ value: first.value, problems: [...first.problems, ...problems] }, ...others];
}

/** Names of the pool's nodes. Throws `node-not-found` when it has none. */
export async function nodesOfPool(cluster: Cluster, pool: string, call: Call): Promise<readonly string[]> {
  const nodes = await listNodes(cluster, {}, call);
  const names = nodes.filter((node) => node.pool?.name === pool).map(({ name }) => name);
  if (names.length === 0) throw noSuchPool(pool, [...new Set(nodes.flatMap((node) => node.pool?.name ?? []))]);
  return names.sort();
}
