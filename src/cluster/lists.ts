import type { Call } from "../base/log.ts";
import type { ApiQuery, Cluster } from "./cluster.ts";
import { isApiFailure, notKubernetes } from "./errors.ts";
import { fieldsAt, listAt, textAt } from "./fields.ts";
import { parseListPage, type ListPage } from "./listPage.ts";

const pageSize = 500;

/** A whole list as of one version of the cluster. */
export interface Collected<R> {
  readonly items: readonly R[];
  /** A watch that begins here sees every later change. */
  readonly resourceVersion: string;
}

/**
 * Lists in pages and keeps of each object only what `keep` makes of it, so that a large cluster is never in memory as a whole; undefined
 * leaves the object out. A list that grew too old while it was read is begun again.
 */
export async function collectObjects<R>(
  cluster: Cluster,
  path: string,
  query: ApiQuery,
  keep: (object: unknown) => R | undefined,
  call: Call,
): Promise<Collected<R>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await collectOnce(cluster, path, query, keep, call);
    } catch (error) {
      if (attempt === 3 || !isApiFailure(error) || error.code !== "watch-expired") throw error;
      call.log?.debug("A list grew too old while it was read", { path });
    }
  }
}

async function collectOnce<R>(
  cluster: Cluster,
  path: string,
  query: ApiQuery,
  keep: (object: unknown) => R | undefined,
  call: Call,
): Promise<Collected<R>> {
  const items: R[] = [];
  let next: string | undefined;
  for (;;) {
    const answer = await cluster.request<unknown>(
      { method: "GET", path, query: { ...query, limit: pageSize, continue: next }, as: "text" },
      call,
    );
    const page = typeof answer === "string" ? parseListPage(answer) : wholePage(answer);
    for (const object of page?.items ?? []) {
      const kept = keep(object);
      if (kept !== undefined) items.push(kept);
    }
    if (!page || page.isBroken()) throw notKubernetes(cluster.server, "its answer is cut off or no JSON");
    const { metadata } = page;
    next = textAt(metadata, "continue");
    if (next === undefined) return { items, resourceVersion: textAt(metadata, "resourceVersion") ?? "" };
  }
}

function wholePage(page: unknown): ListPage {
  return { metadata: fieldsAt(page, "metadata"), items: listAt(page, "items"), isBroken: () => false };
}
