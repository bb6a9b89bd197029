import { expect, test } from "vitest";
import type { Attempt, Verdict } from "../../../src/bench/readiness/attempt.ts";
import { attempts, outcomeOf, overlappingAttempts, pollIntervalMs } from "../../../src/bench/readiness/poll.ts";

function attempt(sentAtEpochMs: number, answeredAtEpochMs: number, verdict: Verdict): Attempt {
  return { sentAtEpochMs, answeredAtEpochMs, verdict, what: verdict };
}

function bounds(made: readonly Attempt[], began = 0) {
  const { observation, poll } = outcomeOf(made, began);
  return { earliest: observation.earliestEpochMs, at: observation.atEpochMs, latest: observation.latestEpochMs, ...poll };
}

test("readiness lies between the last question that got a no and the first good answer", () => {
  expect(bounds([attempt(0, 5, "not-ready"), attempt(50, 57, "not-ready"), attempt(100, 103, "ready")])).toEqual({
    earliest: 50,
    at: 103,
    latest: 103,
    attempts: 3,
    intervalMs: 50,
    roundTripMs: 5,
    errorMs: 53,
  });
});

test("a question that did not get through proves nothing; without a no the container's beginning is the bound", () => {
  expect(bounds([attempt(10, 15, "not-ready"), attempt(60, 61, "unknown"), attempt(110, 112, "ready")])).toMatchObject({
    earliest: 10,
    errorMs: 102,
  });
  expect(bounds([attempt(10, 15, "ready")], 4)).toMatchObject({ earliest: 4, at: 15, attempts: 1, intervalMs: pollIntervalMs });
  expect(bounds([attempt(10, 15, "ready")], 400)).toMatchObject({ earliest: 15, at: 15 });
});

test("an answer that was certain only later is late by that", () => {
  expect(bounds([{ ...attempt(10, 15, "ready"), latestAnswerEpochMs: 17 }])).toMatchObject({ at: 15, latest: 17, errorMs: 17 });
});

test("one question at a time, and none after the good answer", async () => {
  const verdicts: Verdict[] = ["unknown", "not-ready", "ready", "ready"];
  let running = 0;
  const ask = async (): Promise<Attempt> => {
    expect(running++).toBe(0);
    await Promise.resolve();
    running--;
    return attempt(0, 0, verdicts.shift() ?? "unknown");
  };
  const made: Verdict[] = [];
  for await (const { verdict } of attempts(ask, {})) made.push(verdict);
  expect(made).toEqual(["unknown", "not-ready", "ready"]);
});

test("aborting ends the poll by the signal's reason", async () => {
  const stop = new AbortController();
  const ask = (): Promise<Attempt> => {
    stop.abort(new Error("enough"));
    return Promise.resolve(attempt(Date.now() + 1e6, Date.now(), "not-ready"));
  };
  const poll = async () => {
    for await (const { verdict } of attempts(ask, { signal: stop.signal })) expect(verdict).toBe("not-ready");
  };
  await expect(poll()).rejects.toThrow("enough");
});

test("a question that had waited for the application dates its readiness by its answer", () => {
  const made = [attempt(0, 5, "not-ready"), attempt(50, 3050, "ready")];
  expect(outcomeOf(made, 0, 4).observation).toMatchObject({ earliestEpochMs: 3045, atEpochMs: 3050 });
  expect(outcomeOf(made, 0, 2900).observation).toMatchObject({ earliestEpochMs: 0, atEpochMs: 3050 });
  expect(outcomeOf(made, 0).observation).toMatchObject({ earliestEpochMs: 0 });
});

test("an old question that ends late does not take the place of a later no", () => {
  const made = [attempt(900, 905, "not-ready"), attempt(0, 1000, "not-ready"), attempt(950, 1003, "ready")];
  expect(outcomeOf(made, 0).observation.earliestEpochMs).toBe(900);
});

test("a question without an answer does not hold up the next, and ends with the poll", async () => {
  const ended: unknown[] = [];
  let asked = 0;
  const ask = ({ signal }: { signal?: AbortSignal | undefined }): Promise<Attempt> => {
    if (++asked > 2) return Promise.resolve(attempt(asked, asked, "ready"));
    return new Promise((_, reject) => signal?.addEventListener("abort", () => ended.push(reject(signal.reason as Error))));
  };
  const made: Attempt[] = [];
  for await (const one of overlappingAttempts(ask, {})) made.push(one);
  expect(made).toEqual([attempt(3, 3, "ready")]);
  expect(ended).toHaveLength(2);
});

test("an error of a question ends the poll", async () => {
  const poll = async () => {
    for await (const one of overlappingAttempts(() => Promise.reject(new Error("forbidden")), {})) expect(one).toBeUndefined();
  };
  await expect(poll()).rejects.toThrow("forbidden");
});
