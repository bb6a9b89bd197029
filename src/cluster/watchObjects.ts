import { delay } from "../base/abort.ts";
import { nowEpochMs } from "../base/clock.ts";
import { isUserError } from "../base/errors.ts";
import type { Call } from "../base/log.ts";
import type { ApiQuery, Cluster } from "./cluster.ts";
import { isApiFailure } from "./errors.ts";
import { fieldsAt, textAt } from "./fields.ts";
import { collectObjects } from "./lists.ts";

export type ObjectEvent<T> =
  /** All that there is: first of all, and again when changes may have been missed. What is not in it is gone. */
  | { readonly kind: "listed"; readonly objects: readonly T[]; readonly receivedAtEpochMs: number }
  | { readonly kind: "changed"; readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T; readonly receivedAtEpochMs: number }
  /** The API server was lost and found again. Changes of the meantime follow, with receive times that are late by up to the outage. */
  | { readonly kind: "reconnected"; readonly lostAtEpochMs: number; readonly foundAtEpochMs: number; readonly why: string };

export interface WatchOptions {
  /** How long the API server may stay lost before the watch throws `cluster-unreachable`. Absent: 10 min. */
  readonly maxOutageMs?: number;
}

const firstWaitMs = 100;
const longestWaitMs = 3000;
/** The server ends a watch after this, so that one through a dead connection is noticed. */
const watchSeconds = 240;

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
  for (;;) {
    try {
      if (version === undefined) {
        const listed = await collectObjects(cluster, path, query, (object) => object as T, call);
        if (lost) yield found(lost);
        lost = undefined;
        version = listed.resourceVersion;
        yield { kind: "listed", objects: listed.items, receivedAtEpochMs: nowEpochMs() };
      }
      const watchQuery: ApiQuery = { ...query, resourceVersion: version, allowWatchBookmarks: true, timeoutSeconds: watchSeconds };
      if (lost) {
        // The watch says nothing until something changes; that the server is back is told by a small answer.
        await cluster.request({ method: "GET", path, query: { ...query, limit: 1 }, timeoutMs: 5000 }, call);
        yield found(lost);
        lost = undefined;
      }
      const beganAtEpochMs = nowEpochMs();
      for await (const event of cluster.watch<T>(path, watchQuery, call)) {
        version = textAt(fieldsAt(event.object, "metadata"), "resourceVersion") ?? version;
        if (event.type !== "BOOKMARK") {
          yield { kind: "changed", type: event.type, object: event.object, receivedAtEpochMs: event.receivedAtEpochMs };
        }
      }
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
      if (!isPassing(error, lost)) throw error;
      lost ??= { sinceEpochMs: nowEpochMs(), why: (error as Error).message, waitMs: firstWaitMs };
      if (nowEpochMs() - lost.sinceEpochMs > (options.maxOutageMs ?? 600_000)) throw error;
      call.log?.debug("A watch lost the API server", { path, why: lost.why });
      await delay(lost.waitMs * (0.5 + Math.random() / 2), call.signal);
      lost.waitMs = Math.min(lost.waitMs * 2, longestWaitMs);
    }
  }
}

interface Outage {
  readonly sinceEpochMs: number;
  readonly why: string;
  waitMs: number;
}

function found(lost: Outage): ObjectEvent<never> {
  return { kind: "reconnected", lostAtEpochMs: lost.sinceEpochMs, foundAtEpochMs: nowEpochMs(), why: lost.why };
}

function isPassing(error: unknown, lost: Outage | undefined): boolean {
  if (isApiFailure(error)) {
    if (error.refusal === "overload" || error.status >= 500) return true;
    // A server that starts anew denies everything until it has read its roles.
    return lost !== undefined && (error.status === 401 || error.status === 403) && nowEpochMs() - lost.sinceEpochMs < 30_000;
  }
  return isUserError(error) && error.code === "cluster-unreachable";
}
