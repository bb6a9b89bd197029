import { expect, test } from "vitest";
import type { Observation } from "../../src/bench/observation.ts";
import { stageEndsOf } from "../../src/bench/stageEnds.ts";
import { sampleStartEpochMs, seen } from "./sampleTrial.ts";

const node = { offsetMs: 100, errorMs: 5 };

/** On the node's clock, which is 100 ms ahead. */
const stamp = (at: number, width: number): Observation => ({
  ...seen("first-output", at + 100, { early: width, clock: "node", source: "log-stamp" }),
});
const arrival = (at: number, lag: number): Observation => seen("first-output", at, { early: lag, source: "log-watch" });

test.each<[string, readonly Observation[], string]>([
  ["the narrower one", [arrival(40, 25), stamp(30, 2)], "log-stamp 23 to 35"],
  ["the narrower one, though it came second", [stamp(30, 2), arrival(33, 5)], "log-watch 28 to 33"],
  ["an arrival that is later than the stamp allows is not taken, however narrow", [arrival(90, 5), stamp(30, 2)], "log-stamp 23 to 35"],
  ["the same in the other order", [stamp(30, 2), arrival(90, 5)], "log-stamp 23 to 35"],
  ["an arrival before its stamp is no contradiction that lateness explains", [arrival(10, 5), stamp(30, 2)], "log-watch 5 to 10"],
])("of two observations of one mark: %s", (_name, observations, expected) => {
  const { ends, problems } = stageEndsOf(observations, { node });
  const end = ends.get("first-output");
  const [from, to] = [end?.earliestEpochMs ?? NaN, end?.latestEpochMs ?? NaN].map((at) => at - sampleStartEpochMs);
  expect(`${end?.source} ${from} to ${to}`).toBe(expected);
  expect(problems).toEqual([]);
});
