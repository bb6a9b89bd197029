import { expect, test } from "vitest";
import type { Attempt, Verdict } from "../../../src/bench/readiness/attempt.ts";
import { outcomeOf } from "../../../src/bench/readiness/poll.ts";

const asked = (sentAtEpochMs: number, answeredAtEpochMs: number, verdict: Verdict): Attempt => ({
  sentAtEpochMs,
  answeredAtEpochMs,
  verdict,
  what: "said",
});

const no = (sent: number, tookMs = 10): Attempt => asked(sent, sent + tookMs, "not-ready");

test.each<[string, readonly Attempt[], number | undefined, [number, number]]>([
  ["between the last no and the first yes", [no(1000), no(1050), asked(1100, 1110, "ready")], 10, [1050, 1110]],
  ["the way there was slow for a moment: nothing is known but the last no", [no(1050), asked(1100, 1175, "ready")], 10, [1050, 1175]],
  ["the application kept the question until it could answer", [no(1050), asked(1100, 4100, "ready")], 10, [4090, 4100]],
  ["the same where refusals were slow: no narrower than they were", [no(1000, 90), asked(1100, 4100, "ready")], 10, [4010, 4100]],
  ["refusals as slow as the answer: it need not have waited", [no(1000, 400), asked(1400, 2400, "ready")], 10, [1000, 2400]],
  ["questions that ran into the time limit had waited too", [no(1000, 5000), asked(3000, 7000, "ready")], 10, [6990, 7000]],
  ["no further answer to compare with", [no(1050), asked(1100, 4100, "ready")], undefined, [1050, 4100]],
  ["the pod had not begun before", [asked(400, 410, "ready")], 10, [500, 410]],
])("readiness: %s", (_name, made, usualMs, [from, to]) => {
  const { observation, poll } = outcomeOf(made, 500, usualMs);
  expect([observation.earliestEpochMs, observation.latestEpochMs]).toEqual([Math.min(from, to), to]);
  expect(poll.errorMs).toBe(to - Math.min(from, to));
});
