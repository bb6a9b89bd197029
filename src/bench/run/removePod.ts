import { delay } from "../../base/abort.ts";
import type { Call } from "../../base/log.ts";
import type { Cluster, PodName } from "../../cluster/cluster.ts";
import { isApiFailure } from "../../cluster/errors.ts";
import { podPath } from "../../cluster/podPath.ts";

const gracefulMs = 30_000;
const forcedMs = 15_000;

/** Deletes a pod and waits until it is gone, by force after a while. False: it is still there. */
export async function removePod(pod: PodName, cluster: Cluster, call: Call): Promise<boolean> {
  const path = podPath(pod);
  for (const [query, patienceMs] of [
    [{}, gracefulMs],
    [{ gracePeriodSeconds: 0 }, forcedMs],
  ] as const) {
    if (await isGone(() => cluster.request({ method: "DELETE", path, query }, call))) return true;
    const deadline = performance.now() + patienceMs;
    while (performance.now() < deadline) {
      if (await isGone(() => cluster.request({ method: "GET", path }, call))) return true;
      await delay(100, call.signal);
    }
  }
  return false;
}

async function isGone(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return false;
  } catch (error) {
    if (isApiFailure(error) && error.status === 404) return true;
    throw error;
  }
}
