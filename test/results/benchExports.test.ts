import { expect, test } from "vitest";
import { benchCsv } from "../../src/results/benchCsv.ts";
import { benchMarkdown } from "../../src/results/benchMarkdown.ts";
import { benchTrace } from "../../src/results/benchTrace.ts";
import { csvCell } from "../../src/results/csvLine.ts";
import { benchPartOf } from "../../src/results/document.ts";
import { markdownText } from "../../src/results/markdownText.ts";
import { durationWithError } from "../../src/results/stageText.ts";
import { hostileRun, slowOnceRun } from "../bench/sampleRuns.ts";
import { seen } from "../bench/sampleTrial.ts";
import { expectGolden } from "../golden.ts";

const bench = benchPartOf(slowOnceRun());
const hostile = benchPartOf(hostileRun());

test("Markdown for a pull request", () => {
  expectGolden("results/bench.md", benchMarkdown(bench));
});

test("a spreadsheet of trials and stages", () => {
  const csv = benchCsv(bench);
  expectGolden("results/bench.csv", csv.replaceAll("\r\n", "\n"));
  const lines = csv.trimEnd().split("\r\n");
  expect(lines).toHaveLength(16);
  expect(new Set(lines.map((line) => line.split(",").length)).size).toBe(1);
});

test("a trace for Perfetto: an arm a process, a trial a thread, times in µs that add up", () => {
  const { traceEvents } = JSON.parse(benchTrace(bench)) as {
    traceEvents: { name: string; ph: string; cat?: string; pid: number; tid: number; ts: number; dur: number; args: { name?: string } }[];
  };
  expect(traceEvents.filter(({ name }) => name === "process_name").map(({ args }) => args.name)).toEqual(["overlayfs", "eStargz", "soci"]);
  const first = traceEvents.filter(({ ph, tid, cat }) => ph === "X" && tid === 1 && cat === "stage");
  expect(first[0]).toMatchObject({ name: "request → created", ts: 0, pid: 1 });
  expect(first.reduce((sum, { dur }) => sum + dur, 0)).toBe(30_000_000);
  for (const [index, event] of first.entries()) expect(event.ts).toBe(first.slice(0, index).reduce((sum, { dur }) => sum + dur, 0));
});

test("a stage with a negative length has none on the timeline, and its arguments tell it", () => {
  const [trial] = bench.run.trials;
  if (!trial) throw new Error("no trial");
  const odd = { ...trial, observations: [seen("started", 500, { early: 400 }), seen("ready", 300)] };
  const { traceEvents } = JSON.parse(benchTrace(benchPartOf({ ...bench.run, trials: [odd] }))) as {
    traceEvents: { dur?: number; args: object }[];
  };
  expect(traceEvents.at(-1)).toMatchObject({ dur: 0, args: { duration_ms: -200, error_ms: 400 } });
});

test("Markdown of hostile names holds no markup of theirs", () => {
  const text = benchMarkdown(hostile);
  for (const mark of ["<img", "`x`", "**b**", "@team", "http://", "\u001b", "\u202e", " #1"]) expect(text).not.toContain(mark);
  for (const line of text.split("\n").filter((one) => one.startsWith("|"))) expect(line).toMatch(/^\|.*\|$/);
  expect(markdownText("a|b\nc")).toBe("a&#124;b c");
});

test("a spreadsheet runs no formula of theirs", () => {
  for (const line of benchCsv(hostile).split("\r\n").slice(1, -1)) expect(line).not.toMatch(/(^|,|")[=+@-][^0-9]/);
  expect(csvCell("=1+1")).toBe("'=1+1");
  expect(csvCell("+a")).toBe("'+a");
  expect(csvCell(-5)).toBe("-5");
  expect(csvCell('a "b", c')).toBe('"a ""b"", c"');
  expect(csvCell("\t=1")).toBe("'=1");
});

test("durations say how exact they are", () => {
  const check = (durationMs: number, errorMs: number, expected: string): void =>
    expect(durationWithError(durationMs, errorMs)).toBe(expected);
  check(5000, 4, "5.0 s ± 4 ms");
  check(200, 1000, "≤ 1.2 s");
  check(0, 0, "0 ms");
  check(-200, 1000, "-200 ms ± 1.0 s");
});
