import { expect, test } from "vitest";
import { layerBars } from "../../webview/charts/layerBars.ts";
import { sampleFiles, sampleReport } from "../../webview/dev/sampleImage.ts";

const report = sampleReport(sampleFiles(2_000), "image");

test.each(["pageBytes", "openedFiles", "wholeBytes", "chunkBytes"] as const)("bars of %s add up to the whole image", (measure) => {
  const bars = layerBars(report, measure);
  const whole = measure === "openedFiles" ? report.totals.files : report.totals.bytes;
  expect(bars.reduce((sum, bar) => sum + bar.touched + bar.untouched, 0)).toBe(whole);
  for (const bar of bars) expect(Math.min(bar.touched, bar.untouched)).toBeGreaterThanOrEqual(0);
});

test("light layers share one bar at the end", () => {
  const bars = layerBars(report, "pageBytes");
  expect(bars.length).toBeLessThan(report.layers.length);
  expect(bars.at(-1)?.label).toMatch(/small layers?$/);
});

test("many layers stay a chart that can be read", () => {
  const layers = Array.from({ length: 120 }, (_, index) => ({ ...report.layers[3]!, index }));
  expect(layerBars({ ...report, layers }, "pageBytes")).toHaveLength(15);
});

test("an image without files has no bar", () => {
  expect(layerBars(sampleReport([], "small"), "pageBytes")).toEqual([]);
});
