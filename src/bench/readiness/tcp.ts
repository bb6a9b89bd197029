import { once } from "node:events";
import type { Duplex } from "node:stream";
import { delay, eitherSignal } from "../../base/abort.ts";
import { nowEpochMs } from "../../base/clock.ts";
import type { Cluster, PodName } from "../../cluster/cluster.ts";
import { answerOfError, type Ask, type Attempt } from "./attempt.ts";
import { attemptTimeoutMs } from "./poll.ts";

/** A refusal comes from the node a few ms after the connection; its absence for so long, or for five such times, is an open port. */
const leastSilenceMs = 40;

/**
 * Whether the port takes a connection, in the pod's own network as with `askForwarded`. Nothing is sent. Nothing tells that a connection
 * stands, only that it was refused: the port counts as open when no refusal has come for well longer than refusals took before.
 */
export function tcpAsk(port: number, pod: PodName, cluster: Cluster): Ask {
  let slowestRefusalMs = 0;
  return async (call) => {
    const sentAtEpochMs = nowEpochMs();
    const limit = AbortSignal.timeout(attemptTimeoutMs);
    const signal = eitherSignal(call.signal, limit);
    let tunnel: Duplex | undefined;
    let openedAtEpochMs: number | undefined;
    try {
      tunnel = await cluster.openPort(pod, port, { ...call, signal });
      openedAtEpochMs = nowEpochMs();
      // It may break with no one listening any more, which is no one's failure.
      tunnel.on("error", () => {});
      await standsFor(tunnel, Math.max(leastSilenceMs, slowestRefusalMs * 5), signal);
      return openAttempt(sentAtEpochMs, openedAtEpochMs, slowestRefusalMs);
    } catch (error) {
      call.signal?.throwIfAborted();
      const answeredAtEpochMs = nowEpochMs();
      const answer = answerOfError(error);
      if (openedAtEpochMs !== undefined) slowestRefusalMs = Math.max(slowestRefusalMs, answeredAtEpochMs - openedAtEpochMs);
      return { sentAtEpochMs, answeredAtEpochMs, ...answer };
    } finally {
      tunnel?.destroy();
    }
  };
}

/** The node dialled when the tunnel stood, within the time in which refusals came; none has ever come: within the silence. */
function openAttempt(sentAtEpochMs: number, openedAtEpochMs: number, refusalMs: number): Attempt {
  const latestAnswerEpochMs = refusalMs > 0 ? openedAtEpochMs + refusalMs : nowEpochMs();
  return { sentAtEpochMs, answeredAtEpochMs: openedAtEpochMs, latestAnswerEpochMs, verdict: "ready", what: "port open" };
}

/** Rejects with the tunnel's error. Resolves earlier when the application speaks first. */
async function standsFor(tunnel: Duplex, silenceMs: number, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  try {
    await Promise.race([
      once(tunnel, "data", { signal: either }),
      new Promise((_, reject) => tunnel.on("error", reject)),
      delay(silenceMs, either),
    ]);
  } finally {
    done.abort();
  }
}
