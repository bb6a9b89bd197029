import { delay } from "../../base/abort.ts";
import { isUserError } from "../../base/errors.ts";
import type { Call } from "../../base/log.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { isApiFailure } from "../../cluster/errors.ts";
import type { PodSighting, PodTarget } from "./podSighting.ts";

/** A container can be attached to only while it runs, and nothing tells exactly when that begins. */
const retryMs = 50;

/**
 * The end of the main container to the ms. Its status and the end of its log come up to a second late, since the kubelet looks once a second;
 * what is attached to it ends with it. Ends without a sighting where that is not permitted, or the container had ended before.
 */
export async function* awaitEnd(target: PodTarget, hasEnded: () => boolean, cluster: Cluster, call: Call): AsyncGenerator<PodSighting> {
  while (!hasEnded()) {
    try {
      const atEpochMs = await cluster.outputEnd(target.pod, target.container, call);
      if (atEpochMs !== undefined) {
        yield { kind: "streams-closed", atEpochMs };
        return;
      }
    } catch (error) {
      call.signal?.throwIfAborted();
      if (!isUserError(error)) throw error;
      if (isApiFailure(error) && error.refusal === "permission") {
        const message = `The container cannot be attached to, so its end is known to a second only: ${error.message}`;
        yield { kind: "problem", problem: { severity: "info", message } };
        return;
      }
    }
    await delay(retryMs, call.signal);
  }
}
