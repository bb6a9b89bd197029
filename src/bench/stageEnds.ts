import type { Problem } from "../base/text.ts";
import type { Mark, Observation, ObservationSource } from "./observation.ts";

/** How far another clock is ahead of this machine's, and how wrong that may be. */
export interface ClockOffset {
  readonly offsetMs: number;
  readonly errorMs: number;
}

/** Absent: that clock was never compared with this machine's. */
export interface StageClocks {
  readonly node?: ClockOffset | undefined;
  readonly cluster?: ClockOffset | undefined;
}

/** One instant of a start, on this machine's clock: the true one lies between `earliest` and `latest`. */
export interface StageEnd {
  readonly mark: Mark;
  readonly atEpochMs: number;
  readonly earliestEpochMs: number;
  readonly latestEpochMs: number;
  readonly source: ObservationSource;
  /** Whose clock the source stamped with; other clocks than the client's were converted. */
  readonly clock: Observation["clock"];
}

/** So much wider may the kubelet's own span of the pull be and still be taken: it is free of what events are late by. */
const slackOfEventTextMs = 2;

/**
 * The best instant of each mark that was seen: the narrowest observation, but no arrival that is later than a stamp of the same allows. One on a clock that was never compared is taken only where
 * there is no other, with a problem. Broken observations (not finite, or ends in the wrong order) are left out.
 */
export function stageEndsOf(
  observations: readonly Observation[],
  clocks: StageClocks,
): { readonly ends: ReadonlyMap<Mark, StageEnd>; readonly problems: readonly Problem[] } {
  const ends = new Map<Mark, StageEnd>();
  const strange = new Map<Mark, StageEnd>();
  for (const observation of observations) {
    if (!isWhole(observation)) continue;
    const offset = observation.clock === "client" ? { offsetMs: 0, errorMs: 0 } : clocks[observation.clock];
    const end = converted(observation, offset ?? { offsetMs: 0, errorMs: 0 });
    const into = offset ? ends : strange;
    const known = into.get(end.mark);
    if (!known || isBetter(end, known)) into.set(end.mark, end);
  }
  const problems: Problem[] = [];
  for (const [mark, end] of strange) {
    if (ends.has(mark)) continue;
    ends.set(mark, end);
    problems.push({
      severity: "warning",
      message: `The only stamp of "${mark}" is on the clock of the ${end.clock === "node" ? "node" : "API server"}, which was never compared with this machine's: the stages beside it are off by the difference.`,
    });
  }
  return { ends, problems };
}

function converted(observation: Observation, { offsetMs, errorMs }: ClockOffset): StageEnd {
  return {
    mark: observation.mark,
    atEpochMs: observation.atEpochMs - offsetMs,
    earliestEpochMs: observation.earliestEpochMs - offsetMs - errorMs,
    latestEpochMs: observation.latestEpochMs - offsetMs + errorMs,
    source: observation.source,
    clock: observation.clock,
  };
}

/** How late an arrival may be is an estimate; a stamp on a clock that was compared is none. */
function isBetter(end: StageEnd, known: StageEnd): boolean {
  if (end.clock !== known.clock && (isLaterThan(end, known) || isLaterThan(known, end))) return end.clock !== "client";
  return widthOf(end) < widthOf(known);
}

function isLaterThan(arrival: StageEnd, stamp: StageEnd): boolean {
  return arrival.clock === "client" && arrival.earliestEpochMs > stamp.latestEpochMs;
}

function widthOf(end: StageEnd): number {
  return end.latestEpochMs - end.earliestEpochMs - (end.source === "event-text" ? slackOfEventTextMs : 0);
}

function isWhole({ atEpochMs, earliestEpochMs, latestEpochMs }: Observation): boolean {
  return (
    Number.isFinite(atEpochMs) && Number.isFinite(earliestEpochMs) && Number.isFinite(latestEpochMs) && earliestEpochMs <= latestEpochMs
  );
}
