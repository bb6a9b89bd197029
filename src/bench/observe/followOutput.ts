import { delay } from "../../base/abort.ts";
import { nowEpochMs } from "../../base/clock.ts";
import { isUserError, type UserError } from "../../base/errors.ts";
import { foreignLine } from "../../base/foreignText.ts";
import type { Call } from "../../base/log.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { isApiFailure } from "../../cluster/errors.ts";
import type { Mark, Observation } from "../observation.ts";
import type { PodSighting, PodTarget } from "./podSighting.ts";

/** The kubelet gives the output only once it has noticed the container; there is no way to wait for that but to ask. */
const retryMs = 100;
/** The kubelet needs up to some seconds to tell of a container's end. Output that ends without it was only cut off. */
const endPatienceMs = 5_000;

/** What is known from elsewhere when the output is read. */
export interface OutputSurroundings {
  /** The earliest instant at which the container may have written. */
  startedEarliestEpochMs(): number;
  hasEnded(): boolean;
  lagBoundMs(): number;
}

/**
 * Follows the main container's output as far as the target wants, from its start. Each first line becomes two observations: the runtime's
 * stamp on the node's clock, to the µs, and its arrival here. What the lines say is not kept.
 */
export async function* followOutput(
  target: PodTarget,
  surroundings: OutputSurroundings,
  cluster: Cluster,
  call: Call,
): AsyncGenerator<PodSighting> {
  const { output } = target;
  let sawFirst = false;
  for (;;) {
    let openedEpochMs = Number.POSITIVE_INFINITY;
    let isCutShort = false;
    let lastEpochMs = surroundings.startedEarliestEpochMs();
    try {
      for await (const line of cluster.followLog(target.pod, target.container, { ...call, onOpen: (at) => (openedEpochMs = at) })) {
        if (line.writtenAtEpochMs === undefined) {
          // Not the container's: the kubelet writes its own troubles into the stream, such as a log file that is not there yet.
          isCutShort = true;
          call.log?.debug("The kubelet could not read the output", { pod: target.pod.name, why: foreignLine(line.text) });
          continue;
        }
        lastEpochMs = line.receivedAtEpochMs;
        // What comes right away had been waiting to be asked for.
        const isLive = line.receivedAtEpochMs - openedEpochMs > surroundings.lagBoundMs();
        const earliest = isLive ? line.receivedAtEpochMs - surroundings.lagBoundMs() : surroundings.startedEarliestEpochMs();
        if (!sawFirst) {
          sawFirst = true;
          for (const observation of lineMarks("first-output", line.writtenAtEpochMs, line.receivedAtEpochMs, earliest))
            yield { kind: "observed", observation };
          if (output.until === "first-line") return;
        }
        if (output.until === "found" && output.find(line)) {
          yield { kind: "line-found", observations: lineMarks("ready", line.writtenAtEpochMs, line.receivedAtEpochMs, earliest) };
          return;
        }
      }
      if (isCutShort && !surroundings.hasEnded()) {
        await delay(retryMs, call.signal);
        continue;
      }
      yield { kind: "output-ended", atEpochMs: nowEpochMs(), earliestEpochMs: lastEpochMs };
      const endedEpochMs = nowEpochMs();
      while (!surroundings.hasEnded() && nowEpochMs() - endedEpochMs < endPatienceMs) await delay(retryMs, call.signal);
      if (surroundings.hasEnded()) return;
    } catch (error) {
      call.signal?.throwIfAborted();
      if (!isUserError(error) || error.code === "limit-exceeded") throw error;
      const problem = lastingProblem(error);
      if (problem !== undefined) {
        yield { kind: "problem", problem: { severity: "warning", message: problem } };
        return;
      }
      call.log?.debug("The output is not there yet, or was lost", { pod: target.pod.name, why: error.message });
      await delay(retryMs, call.signal);
    }
  }
}

/** Undefined where asking again may help: the container is not there yet, or the API server or the node is away. */
function lastingProblem(error: UserError): string | undefined {
  if (!isApiFailure(error)) return error.code === "cluster-unreachable" ? undefined : error.message;
  if (error.refusal === "permission") return `The output cannot be read, so its first line is not known: ${error.message}`;
  return undefined;
}

function lineMarks(mark: Mark, writtenAtEpochMs: number, receivedAtEpochMs: number, earliestEpochMs: number): readonly Observation[] {
  return [
    {
      mark,
      atEpochMs: writtenAtEpochMs,
      earliestEpochMs: writtenAtEpochMs - stampLagMs,
      latestEpochMs: writtenAtEpochMs,
      clock: "node",
      source: "log-stamp",
    },
    {
      mark,
      atEpochMs: receivedAtEpochMs,
      earliestEpochMs: Math.min(earliestEpochMs, receivedAtEpochMs),
      latestEpochMs: receivedAtEpochMs,
      clock: "client",
      source: "log-watch",
    },
  ];
}

/** The runtime stamps a line when it has read it from the container's pipe, a little after it was written. */
const stampLagMs = 2;
