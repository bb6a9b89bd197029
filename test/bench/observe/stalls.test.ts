import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { watchStalls } from "../../../src/bench/observe/stalls.ts";

test("a held thread is noticed once, and at about its length", async () => {
  const stalls = watchStalls();
  await sleep(30);
  stalls.takeMs();
  const until = performance.now() + 150;
  while (performance.now() < until);
  await sleep(30);
  expect(stalls.takeMs()).toBeGreaterThan(100);
  expect(stalls.takeMs()).toBe(0);
  stalls.stop();
});
