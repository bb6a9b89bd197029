import { expect, test } from "vitest";
import { breakEven } from "../../src/results/breakEven.ts";
import { benchPartOf } from "../../src/results/document.ts";
import { measuredLoading } from "../../src/results/measuredLoading.ts";
import { sampleRun } from "../bench/sampleRun.ts";

const run = sampleRun([
  { name: "overlayfs", started: [10_390, 10_390, 10_390], ready: [20_000, 20_000, 20_000] },
  { name: "stargz", started: [2000, 2000, 2000], ready: [14_000, 14_000, 14_000] },
]);

test("size and link from the environment, unpacking from what the pull took beyond the transfer", () => {
  const found = measuredLoading(benchPartOf(run), "stargz");
  expect(found).toEqual({
    model: {
      compressedBytes: 152_000_000,
      bandwidthBytesPerSecond: 25_000_000,
      unpackMs: 10_000 - 6080,
      requestMs: 20,
      chunkBytes: 4_194_304,
      chunksAtOnce: 1,
    },
    bandwidthFrom: "environment",
    touchedShare: 31_001_000 / 152_000_000,
  });
  expect(found && breakEven(found.model)?.share).toBe(1);
});

test("without a known link, from the pull", () => {
  const { linkBytesPerSecond, ...environment } = run.environment;
  expect(linkBytesPerSecond).toBeDefined();
  expect(measuredLoading(benchPartOf({ ...run, environment }), "stargz")).toMatchObject({
    bandwidthFrom: "pull",
    model: { bandwidthBytesPerSecond: 15_200_000, unpackMs: 0 },
  });
});

test("nothing to tell without sizes or without a baseline", () => {
  expect(measuredLoading(benchPartOf({ ...run, environment: { ...run.environment, images: [] } }), "stargz")).toBeUndefined();
  expect(measuredLoading(benchPartOf(sampleRun([{ name: "stargz", started: [1], ready: [2] }])), "stargz")).toBeUndefined();
});
