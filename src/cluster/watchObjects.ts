import { delay } from "../base/abort.ts";
import { nowEpochMs } from "../base/clock.ts";
import { isCancelled, isUserError } from "../base/errors.ts";
import type { Call } from "../base/log.ts";
import type { ApiQuery, Cluster } from "./cluster.ts";
import { deadline } from "./deadline.ts";
import { isApiFailure } from "./errors.ts";
import { fieldsAt, textAt } from "./fields.ts";
import { collectObjects } from "./lists.ts";

/** `heardUntilEpochMs`: set on what came right after one watch took over from another, so may have waited since then. */
export type ObjectEvent<T> =
  /** All that there is: first of all, and again when changes may have been missed. What is not in it is gone. */
  | { readonly kind: "listed"; readonly objects: readonly T[]; readonly receivedAtEpochMs: number; readonly heardUntilEpochMs?: number }
  | {
      readonly kind: "changed";
      readonly type: "ADDED" | "MODIFIED" | "DELETED";
      readonly object: T;
      readonly receivedAtEpochMs: number;
      readonly heardUntilEpochMs?: number;
    }
  /**
   * The API server was lost and found again. Changes of the meantime follow, with receive times that are late by up to the outage. `isOutage`: it
   * answered nobody, where else one connection was cut. Then `lostAtEpochMs` is when it was last heard, since a server that shuts down keeps its
   * watches open for long after it takes nothing new.
   */
  | {
      readonly kind: "reconnected";
      readonly lostAtEpochMs: number;
      readonly foundAtEpochMs: number;
      readonly isOutage: boolean;
      readonly why: string;
    };

export interface WatchOptions {
  /** How long a watch may go without its end, which the server was asked for. Absent: 25 s. */
  readonly deadAfterMs?: number;
  /** How long the API server may stay lost before the watch throws `cluster-unreachable`. Absent: 10 min. */
  readonly maxOutageMs?: number;
}

const firstWaitMs = 100;
const longestWaitMs = 3000;
/**
 * The server ends a watch after this. Load balancers and proxies cut connections that are silent: after 20 s where kubeadm's own example of HAProxy
 * was followed (kubeadm#2227), after 60 s with nginx' default; a pod that pulls is silent for minutes.
 */
const watchSeconds = 15;
/** One that is not ended by then goes through a dead connection. */
const deadAfterMs = (watchSeconds + 10) * 1000;
/** What waited while one watch took over from the next comes within this. */
const takeOverMs = 1000;

/**
 * Lists and then follows changes until the signal is aborted or the consumer leaves. Goes on where it was when the server ends the watch or is
 * lost, and lists again when that is too old. What cannot get better by waiting is thrown: missing permissions, an unknown path.
 */
export async function* watchWithResume<T>(
  cluster: Cluster,
  path: string,
  query: ApiQuery,
  call: Call,
  options: WatchOptions = {},
): AsyncGenerator<ObjectEvent<T>> {
  let version: string | undefined;
  let lost: Outage | undefined;
  let endedAtEpochMs: number | undefined;
  let heardAtEpochMs = nowEpochMs();
  for (;;) {
    let beganAtEpochMs: number | undefined;
    try {
      if (version === undefined) {
        const listed = await collectObjects(cluster, path, query, (object) => object as T, call);
        if (lost) yield found(lost);
        lost = undefined;
        version = listed.resourceVersion;
        heardAtEpochMs = nowEpochMs();
        yield { kind: "listed", objects: listed.items, receivedAtEpochMs: heardAtEpochMs, ...heard(endedAtEpochMs) };
      }
      const watchQuery: ApiQuery = { ...query, resourceVersion: version, allowWatchBookmarks: true, timeoutSeconds: watchSeconds };
      if (lost) {
        // The watch says nothing until something changes; that the server is back is told by a small answer.
        await cluster.request({ method: "GET", path, query: { ...query, limit: 1 }, timeoutMs: 5000 }, call);
        heardAtEpochMs = nowEpochMs();
        yield found(lost);
        lost = undefined;
      }
      beganAtEpochMs = nowEpochMs();
      using limit = deadline(options.deadAfterMs ?? deadAfterMs, call.signal);
      for await (const event of cluster.watch<T>(path, watchQuery, { ...call, signal: limit.signal })) {
        heardAtEpochMs = event.receivedAtEpochMs;
        version = textAt(fieldsAt(event.object, "metadata"), "resourceVersion") ?? version;
        if (event.type !== "BOOKMARK") {
          const { type, object, receivedAtEpochMs } = event;
          const waited = receivedAtEpochMs - beganAtEpochMs < takeOverMs ? endedAtEpochMs : undefined;
          yield { kind: "changed", type, object, receivedAtEpochMs, ...heard(waited) };
        }
      }
      endedAtEpochMs = nowEpochMs();
      // Of one that ended in order at least its beginning was heard.
      heardAtEpochMs = Math.max(heardAtEpochMs, beganAtEpochMs);
      call.signal?.throwIfAborted();
      // A server or a proxy that ends every watch at once is not asked without a pause.
      if (nowEpochMs() - beganAtEpochMs < 1000) await delay(firstWaitMs, call.signal);
    } catch (error) {
      call.signal?.throwIfAborted();
      if (isUserError(error) && error.code === "watch-expired") {
        version = undefined;
        await delay(firstWaitMs, call.signal);
        continue;
      }
      // Only the limit of a dead connection is left to have cancelled it.
      const isDead = isCancelled(error);
      if (!isDead && !isPassing(error, lost)) throw error;
      const why = isDead ? "it did not end a watch in time" : (error as Error).message;
      const now = nowEpochMs();
      const isCut = !isDead && lost === undefined && beganAtEpochMs !== undefined && now - beganAtEpochMs > takeOverMs;
      lost ??= { sinceEpochMs: now, heardAtEpochMs, isOutage: true, why, waitMs: firstWaitMs };
      lost.isOutage = !isCut;
      if (nowEpochMs() - lost.sinceEpochMs > (options.maxOutageMs ?? 600_000)) throw error;
      call.log?.debug("A watch lost the API server", { path, why: lost.why });
      await delay(lost.waitMs * (0.5 + Math.random() / 2), call.signal);
      lost.waitMs = Math.min(lost.waitMs * 2, longestWaitMs);
    }
  }
}

interface Outage {
  readonly sinceEpochMs: number;
  readonly heardAtEpochMs: number;
  /** Until it is asked again, a watch that stood and broke may be all that was lost. */
  isOutage: boolean;
  readonly why: string;
  waitMs: number;
}

function heard(untilEpochMs: number | undefined): { readonly heardUntilEpochMs?: number } {
  return untilEpochMs === undefined ? {} : { heardUntilEpochMs: untilEpochMs };
}

function found({ sinceEpochMs, heardAtEpochMs, isOutage, why }: Outage): ObjectEvent<never> {
  return { kind: "reconnected", lostAtEpochMs: isOutage ? heardAtEpochMs : sinceEpochMs, foundAtEpochMs: nowEpochMs(), isOutage, why };
}

function isPassing(error: unknown, lost: Outage | undefined): boolean {
  if (isApiFailure(error)) {
    if (error.refusal === "overload" || error.status >= 500) return true;
    // A server that starts anew denies everything until it has read its roles.
    return lost !== undefined && (error.status === 401 || error.status === 403) && nowEpochMs() - lost.sinceEpochMs < 30_000;
  }
  return isUserError(error) && error.code === "cluster-unreachable";
}
