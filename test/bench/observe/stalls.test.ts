import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { watchStalls } from "../../../src/bench/observe/stalls.ts";

test("a held thread is noticed once, and at about its length", async () => {
  const stalls = watchStalls();
  await sleep(30);
  stalls.takeMs();
  const until = performance.now() + 250;
  while (performance.now() < until);
  expect(stalls.takeMs()).toBeGreaterThan(200);
  expect(stalls.takeMs()).toBeLessThan(200);
  stalls.stop();
});
