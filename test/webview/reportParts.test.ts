import { expect, test } from "vitest";
import { panelBenchOf } from "../../src/protocol/panelBench.ts";
import { timeAxis } from "../../src/results/timeAxis.ts";
import { overlayfs, stargz } from "../../webview/dev/sampleArms.ts";
import { sampleBench } from "../../webview/dev/sampleBench.ts";
import { sampleBoots } from "../../webview/dev/sampleBoots.ts";
import { badgesOf } from "../../webview/report/badges.ts";
import { chainRows } from "../../src/results/chainRows.ts";
import { unitsMissingIn } from "../../webview/report/systemdChain.ts";
import { segmentsOf } from "../../webview/report/stageBars.ts";
import { listedTrials } from "../../webview/report/listedTrials.ts";
import { namedTrials } from "../../webview/report/namedTrials.ts";
import { rangeText } from "../../webview/report/whereTimeGoes.ts";

const bench = panelBenchOf(sampleBench());

test("badges count what is proved and what is set aside, each trial once", () => {
  expect(badgesOf(bench).map(({ sign, text }) => `${sign} ${text}`)).toEqual([
    "▲ cold L3, proved 39/40",
    "✓ lazy, proved 27/27",
    "✕ 2 failed",
    "▲ 1 warm",
    "▲ 1 fell back",
  ]);
});

test("a badge says how many more runs would tell", () => {
  const few = panelBenchOf(sampleBench({ arms: [overlayfs, stargz], trialsPerArm: 2 }));
  expect(badgesOf(few).map(({ text }) => text)).toContain("needs about 3 more runs of each");
});

test("nothing is claimed of a run without a time", () => {
  const none = panelBenchOf(sampleBench({ arms: [{ ...stargz, mishaps: { 0: "crash" } }], trialsPerArm: 1 }));
  expect(badgesOf(none).map(({ text }) => text)).toEqual(["1 failed"]);
});

test("the segments of a bar follow each other and end with the total", () => {
  for (const { stages } of bench.nearest) {
    const segments = segmentsOf(stages);
    const end = segments.at(-1);
    expect((end?.fromMs ?? 0) + (end?.lengthMs ?? 0)).toBeCloseTo(stages.totalMs, 6);
    expect(segments.reduce((sum, { lengthMs }) => sum + lengthMs, 0)).toBeCloseTo(stages.totalMs, 6);
  }
});

test.each([
  [33_100, [0, 10_000, 20_000, 30_000]],
  [850, [0, 200, 400, 600, 800]],
  [75_000, [0, 15_000, 30_000, 45_000, 60_000, 75_000]],
  [900_000, [0, 300_000, 600_000, 900_000]],
  [0, [0, 1]],
])("a scale to %i ms has round steps", (longestMs, ticksMs) => {
  expect(timeAxis(longestMs).ticksMs).toEqual(ticksMs);
});

test("lists filter by what became of a trial, and those without a time come last", () => {
  expect(listedTrials(bench.trials, "failed", "order").map(({ arm, outcome }) => `${arm} ${outcome}`)).toEqual([
    "Nydus timed-out",
    "SOCI failed",
  ]);
  expect(listedTrials(bench.trials, "set-aside", "order")).toHaveLength(2);
  for (const order of ["slowest", "fastest"] as const) {
    const listed = listedTrials(bench.trials, "all", order);
    expect(listed.slice(-2).every(({ readyMs }) => readyMs === undefined)).toBe(true);
    expect(listed).toHaveLength(40);
  }
});

test("the picker names few of many trials", () => {
  const many = panelBenchOf(sampleBench({ trialsPerArm: 300 }));
  const named = namedTrials(many, "SOCI", "t0500");
  expect(named.length).toBeLessThan(25);
  expect(named.some(([, text]) => text.endsWith("nearest the median"))).toBe(true);
});

test("a boot's waits and starts share rows and are each in one", () => {
  const spans = sampleBoots(false).boots[0]?.chain.spans ?? [];
  const rows = chainRows(spans);
  expect(rows).toHaveLength(spans.length / 2);
  expect(rows.flatMap(({ wait, start }) => [wait, start])).toEqual(spans);
});

test("an interval names its unit once where it can", () => {
  expect(rangeText(31_900, 33_400)).toBe("31.9–33.4 s");
  expect(rangeText(946, 1_100)).toBe("946 ms – 1.1 s");
  expect(rangeText(50_000, 125_000)).toBe("50.0 s – 2 min 05 s");
});

test("units that systemd's own chain leaves out are named", () => {
  const [boot] = sampleBoots(false).boots;
  if (!boot?.systemdChain) throw new Error("the sample has no chain of systemd's");
  expect(unitsMissingIn(boot.systemdChain, boot.chain)).toEqual(["efs-wait.mount"]);
  expect(unitsMissingIn([], boot.chain)).toContain("kubelet.service");
});
