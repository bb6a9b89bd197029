import { nowEpochMs } from "../../base/clock.ts";
import type { Call } from "../../base/log.ts";
import { epochMsOfNanoseconds } from "../probe/nodeReport.ts";
import { stampScript } from "../probe/nodeScript.ts";
import type { ProbePod } from "../probe/probePod.ts";

/** How far a node's clock is ahead of this machine's: `offsetMs`, wrong by at most `errorMs`. */
export interface ClockOffset {
  readonly offsetMs: number;
  readonly errorMs: number;
}

/** One question: the node read its clock between these two instants of ours. */
export interface ClockReading {
  readonly sentAtEpochMs: number;
  readonly nodeEpochMs: number;
  readonly answeredAtEpochMs: number;
}

const questions = 8;

/** Asks the node for its time a few times. Undefined when it cannot tell milliseconds. `runtime` is a process in the node's own file system. */
export async function askClock(probe: ProbePod, runtime: string, call: Call): Promise<ClockOffset | undefined> {
  const readings: ClockReading[] = [];
  for (let question = 0; question < questions; question++) {
    const sentAtEpochMs = nowEpochMs();
    const stamp = await probe.ask(["sh", "-c", stampScript, "coldstart", runtime], call);
    const answeredAtEpochMs = nowEpochMs();
    const nodeEpochMs = epochMsOfNanoseconds(stamp);
    if (nodeEpochMs !== undefined) readings.push({ sentAtEpochMs, nodeEpochMs, answeredAtEpochMs });
  }
  return clockOffsetOf(readings);
}

/**
 * Each question bounds the offset from both sides; the narrowest bounds of all hold (Cristian, "Probabilistic clock synchronization", 1989).
 * Where they contradict each other, a clock was stepped in between, and nothing is known.
 */
export function clockOffsetOf(readings: readonly ClockReading[]): ClockOffset | undefined {
  if (readings.length === 0) return undefined;
  const low = Math.max(...readings.map(({ nodeEpochMs, answeredAtEpochMs }) => nodeEpochMs - answeredAtEpochMs));
  const high = Math.min(...readings.map(({ nodeEpochMs, sentAtEpochMs }) => nodeEpochMs - sentAtEpochMs));
  return low <= high ? { offsetMs: (low + high) / 2, errorMs: (high - low) / 2 } : undefined;
}

/** What held from one comparison to a later one: clocks run apart in hours, or one is set. Undefined ones tell nothing. */
export function clockOffsetOver(first: ClockOffset | undefined, last: ClockOffset | undefined): ClockOffset | undefined {
  if (!first || !last) return first ?? last;
  const low = Math.min(first.offsetMs - first.errorMs, last.offsetMs - last.errorMs);
  const high = Math.max(first.offsetMs + first.errorMs, last.offsetMs + last.errorMs);
  return { offsetMs: (low + high) / 2, errorMs: (high - low) / 2 };
}
