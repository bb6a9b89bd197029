import { nowEpochMs } from "../../base/clock.ts";
import type { Call } from "../../base/log.ts";
import { epochMsOfNanoseconds } from "../probe/nodeReport.ts";
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
    const stamp = await probe.ask(["nsenter", "-t", runtime, "-m", "--", "/bin/date", "+%s%N"], call);
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
