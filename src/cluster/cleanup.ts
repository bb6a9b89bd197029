import { delay } from "../base/abort.ts";
import { mapWithLimit } from "../base/concurrency.ts";
import { isUserError } from "../base/errors.ts";
import type { Call } from "../base/log.ts";
import type { Cluster } from "./cluster.ts";
import { isApiFailure } from "./errors.ts";
import { collectObjects } from "./lists.ts";
import { isLeftover, ownedPodOf, ownedSelector, type OwnedObject } from "./ownership.ts";
import { podPath, podsPath } from "./podPath.ts";

/** What is to be removed. */
export interface CleanupScope {
  /** `leftovers`: what no run uses any more; `all`: also what runs are using at the moment, of whoever. */
  readonly which: "leftovers" | "all";
  /** Absent: all namespaces, which needs `list pods` in all of them. */
  readonly namespace?: string | undefined;
  /** Absent: of any run. */
  readonly runId?: string | undefined;
  /** Only what was created longer ago. */
  readonly olderThanMs?: number | undefined;
  /** How long to wait until all is gone; absent: 60 s. */
  readonly patienceMs?: number;
}

/** What was found and what became of it. */
export interface CleanupReceipt {
  readonly context: string;
  readonly startedAtEpochMs: number;
  readonly endedAtEpochMs: number;
  readonly entries: readonly CleanupEntry[];
  /** Found and left alone, since runs seem to use them; only those that the scope would have held otherwise. */
  readonly inUse: readonly OwnedObject[];
}

export type CleanupEntry = OwnedObject & CleanupOutcome;

/** What became of one object: gone by our own looking, or still there with the reason. */
export type CleanupOutcome =
  | { readonly outcome: "removed"; readonly removedAtEpochMs: number }
  /** It is still there, or was when we last looked. */
  | { readonly outcome: "left"; readonly why: string };

/**
 * Removes what runs created and waits until it is gone. Objects are found by their marks and deleted by uid, so that nothing else is hit. What
 * cannot be removed is in the receipt with the reason; only a failure to list throws.
 */
export async function cleanup(cluster: Cluster, scope: CleanupScope, call: Call): Promise<CleanupReceipt> {
  const startedAtEpochMs = Date.now();
  const inScope = (await listOwned(cluster, scope, call)).filter((object) => isOldEnough(object, scope, startedAtEpochMs));
  const found = inScope.filter((object) => scope.which === "all" || isLeftover(object, startedAtEpochMs));
  const refused = new Map<string, string>();
  await mapWithLimit(found, 8, async (object) => {
    const why = await remove(cluster, object, call);
    if (why !== undefined) refused.set(object.uid, why);
  });
  const outcomes = await awaitGone(cluster, scope, found, refused, call);
  const entries = found.map((object) => ({ ...object, ...(outcomes.get(object.uid) as CleanupOutcome) }));
  const inUse = inScope.filter((object) => !found.includes(object));
  return { context: cluster.context, startedAtEpochMs, endedAtEpochMs: Date.now(), entries, inUse };
}

/** Everything in the scope's namespace that carries the marks. */
export async function listOwned(
  cluster: Cluster,
  scope: Pick<CleanupScope, "namespace" | "runId">,
  call: Call,
): Promise<readonly OwnedObject[]> {
  const path = scope.namespace === undefined ? "/api/v1/pods" : podsPath(scope.namespace);
  return (await collectObjects(cluster, path, { labelSelector: ownedSelector(scope.runId) }, ownedPodOf, call)).items;
}

function isOldEnough({ createdAtEpochMs }: OwnedObject, { olderThanMs }: CleanupScope, nowEpochMs: number): boolean {
  return olderThanMs === undefined || createdAtEpochMs === undefined || nowEpochMs - createdAtEpochMs >= olderThanMs;
}

/** Why it could not be deleted; undefined when it was, or was gone already. */
async function remove(cluster: Cluster, object: OwnedObject, call: Call): Promise<string | undefined> {
  try {
    await cluster.request(
      {
        method: "DELETE",
        path: podPath(object),
        // Never by force: the containers would outlive the object.
        body: { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid: object.uid }, propagationPolicy: "Background" },
      },
      call,
    );
    return undefined;
  } catch (error) {
    if (!isUserError(error)) throw error;
    // A conflict: another object has the name by now.
    if (isApiFailure(error) && (error.refusal === "not-found" || error.refusal === "conflict")) return undefined;
    return `${error.message} ${error.hint}`;
  }
}

async function awaitGone(
  cluster: Cluster,
  scope: CleanupScope,
  found: readonly OwnedObject[],
  refused: ReadonlyMap<string, string>,
  call: Call,
): Promise<ReadonlyMap<string, CleanupOutcome>> {
  const outcomes = new Map<string, CleanupOutcome>();
  for (const [uid, why] of refused) outcomes.set(uid, { outcome: "left", why });
  const deadline = performance.now() + (scope.patienceMs ?? 60_000);
  let waitMs = 100;
  while (outcomes.size < found.length) {
    await delay(waitMs, call.signal);
    waitMs = Math.min(waitMs * 1.5, 1000);
    const present = new Map((await listOwned(cluster, scope, call)).map((object) => [object.uid, object]));
    const isLate = performance.now() > deadline;
    for (const { uid } of found) {
      const still = present.get(uid);
      if (outcomes.has(uid)) continue;
      if (!still) outcomes.set(uid, { outcome: "removed", removedAtEpochMs: Date.now() });
      else if (isLate) outcomes.set(uid, { outcome: "left", why: whyLeft(still) });
    }
  }
  return outcomes;
}

function whyLeft(object: OwnedObject): string {
  if (object.finalizers.length > 0) return `Finalizers hold it: ${object.finalizers.join(", ")}.`;
  if (!object.isTerminating) return "The cluster accepted its deletion and did nothing.";
  return object.node === undefined
    ? "It is being deleted."
    : `It is being deleted; the kubelet of ${object.node} has not confirmed the end of its containers.`;
}
