import { expect, test } from "vitest";
import { printBench } from "../../src/cli/printBench.ts";
import { benchPartOf } from "../../src/results/document.ts";
import { hostileRun, slowOnceRun } from "../bench/sampleRuns.ts";
import { expectGolden } from "../golden.ts";

test("a benchmark at the terminal", () => {
  expectGolden("cli/bench.txt", printBench(benchPartOf(slowOnceRun())));
});

test("names and messages of strangers cannot steer the terminal", () => {
  const text = printBench(benchPartOf(hostileRun()));
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(text).toContain("evil");
});
