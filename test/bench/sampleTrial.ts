import type { Mark, Observation, ObservationSource } from "../../src/bench/observation.ts";
import type { Trial } from "../../src/bench/trial.ts";

export const sampleStartEpochMs = Date.UTC(2026, 10, 28, 9, 0, 0);

/** An observation on this machine's clock unless told otherwise; `at` in ms after `sampleStartEpochMs`. */
export function seen(
  mark: Mark,
  at: number,
  {
    early = 0,
    late = 0,
    source = "event-watch",
    clock = "client",
  }: { early?: number; late?: number; source?: ObservationSource; clock?: Observation["clock"] } = {},
): Observation {
  return {
    mark,
    atEpochMs: sampleStartEpochMs + at,
    earliestEpochMs: sampleStartEpochMs + at - early,
    latestEpochMs: sampleStartEpochMs + at + late,
    clock,
    source,
  };
}

/** What a watch, a poll and a log give of one start; times in ms after the request. */
export function seenStart(beganAt: number, times: Partial<Readonly<Record<Mark, number | undefined>>>): Observation[] {
  return [
    seen("created", beganAt + 8, { early: 8, source: "request" }),
    ...Object.entries(times).flatMap(([mark, at]) =>
      at === undefined ? [] : [seen(mark as Mark, beganAt + at, { early: 4, source: sourceOf(mark as Mark) })],
    ),
  ];
}

function sourceOf(mark: Mark): ObservationSource {
  if (mark === "ready" || mark === "first-answer") return "readiness-poll";
  return mark === "first-output" ? "log-watch" : mark === "created" ? "pod-watch" : "event-watch";
}

export function sampleTrial(given: Partial<Trial> & Pick<Trial, "id" | "arm">): Trial {
  return {
    block: 0,
    order: 0,
    node: "gpu-1",
    podName: `coldstart-${given.id}`,
    outcome: { kind: "ready" },
    observations: [],
    coldness: {
      wanted: "L3",
      reached: "L3",
      checks: [{ what: "image absent by every name", passed: true, found: "none of 2 names" }],
      durationMs: 2100,
    },
    taints: [],
    problems: [],
    ...given,
  };
}
