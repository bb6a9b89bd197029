import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { affordableMsOf, RunLimit } from "../../../src/bench/run/runLimit.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each([
  ["no limit of money", { limits: { maxDurationMs: 1 }, pricePerNodeHour: 4 }, 1, Infinity],
  ["no price", { limits: { maxDurationMs: 1, maxCost: 2 } }, 1, Infinity],
  ["a price of nothing", { limits: { maxDurationMs: 1, maxCost: 2 }, pricePerNodeHour: 0 }, 1, Infinity],
  ["one node", { limits: { maxDurationMs: 1, maxCost: 2 }, pricePerNodeHour: 4 }, 1, 1_800_000],
  ["two nodes cost twice", { limits: { maxDurationMs: 1, maxCost: 2 }, pricePerNodeHour: 4 }, 2, 900_000],
])("how long the money lasts: %s", (_name, plan, nodes, expected) => {
  expect(affordableMsOf(plan, nodes)).toBe(expected);
});

const plan = { limits: { maxDurationMs: 60_000, maxCost: 2 }, pricePerNodeHour: 4, currency: "USD" };

test.each([
  ["time", plan, 60_000, /^The limit of 1 min 00 s was reached\.$/],
  ["money", { ...plan, limits: { ...plan.limits, maxDurationMs: 7_200_000 } }, 1_800_000, /^The limit of .*2.* was reached/],
])("the limit of %s ends the run when it is reached and not before", (_name, limited, atMs, message) => {
  const limit = new RunLimit(limited, 1);
  vi.advanceTimersByTime(atMs - 1);
  expect([limit.signal.aborted, limit.message]).toEqual([false, undefined]);
  vi.advanceTimersByTime(1);
  expect(limit.signal.aborted).toBe(true);
  expect(limit.message).toMatch(message);
});

test("a run that has ended reaches no limit, and a limit of months is none of a few seconds", () => {
  const ended = new RunLimit(plan, 1);
  ended.end();
  const long = new RunLimit({ ...plan, limits: { maxDurationMs: 2 ** 40 } }, 1);
  vi.advanceTimersByTime(120_000);
  expect([ended.signal.aborted, long.signal.aborted]).toEqual([false, false]);
  long.end();
  expect(vi.getTimerCount()).toBe(0);
});
