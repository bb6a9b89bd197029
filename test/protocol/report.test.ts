import { expect, test } from "vitest";
import type { BenchEvent } from "../../src/bench/benchRun.ts";
import { trialOrder } from "../../src/bench/plan/trialOrder.ts";
import { callReportHost } from "../../src/protocol/callReportHost.ts";
import type { Frame } from "../../src/protocol/frames.ts";
import { currentTrialsOf, nextLiveBench, noBenchYet, runningState, type LiveBench } from "../../src/protocol/liveBench.ts";
import { panelBenchOf } from "../../src/protocol/panelBench.ts";
import { checkReportCall } from "../../src/protocol/serveReport.ts";
import { sampleBench } from "../../webview/dev/sampleBench.ts";

const run = sampleBench({ trialsPerArm: 3 });

function folded(events: readonly BenchEvent[]): LiveBench {
  return events.reduce((live, event) => nextLiveBench(live, event, run.startedAtEpochMs), noBenchYet);
}

const planned: BenchEvent = { kind: "planned", runId: run.id, plan: run.plan, order: trialOrder(run.plan) };
const environment: BenchEvent = { kind: "environment", environment: run.environment };
const ends = run.trials.map((trial): BenchEvent => ({ kind: "trial-ended", trial }));

test("a run folded from its events shows what its report shows", () => {
  const state = runningState(folded([planned, environment, ...ends, { kind: "ended", run }]), false);
  expect(state).toMatchObject({ kind: "running", plannedTrials: 12, current: [], bench: panelBenchOf(run) });
});

test("marks of a trial in progress are seen at once and go away with its end", () => {
  const [first] = run.trials;
  if (!first) throw new Error("the sample has no trial");
  const begun: BenchEvent[] = [planned, environment, { kind: "phase", trialId: first.id, phase: "starting", atEpochMs: 5 }];
  const seen = first.observations.slice(0, 4).map((observation): BenchEvent => ({ kind: "observed", trialId: first.id, observation }));
  const live = folded([...begun, ...seen]);
  expect(currentTrialsOf(live)).toMatchObject([{ trialId: first.id, arm: first.arm, phase: "starting", phaseSinceEpochMs: 5 }]);
  expect(currentTrialsOf(live)[0]?.stages.stages.length).toBeGreaterThan(1);
  const proving = nextLiveBench(live, { kind: "phase", trialId: first.id, phase: "proving", atEpochMs: 9 }, 9);
  expect(currentTrialsOf(proving)[0]?.stages.stages.length).toBe(currentTrialsOf(live)[0]?.stages.stages.length);
  expect(currentTrialsOf(nextLiveBench(proving, { kind: "trial-ended", trial: first }, 10))).toEqual([]);
});

test("what is shown of a run survives JSON and holds no raw observations but those of the median trials", () => {
  const bench = panelBenchOf(sampleBench({ trialsPerArm: 50 }));
  const text = JSON.stringify(bench);
  expect(JSON.stringify(JSON.parse(text))).toBe(text);
  expect(text.split('"observations"').length - 1).toBe(bench.nearest.length);
  expect(bench.nearest).toHaveLength(4);
});

test.each([
  ["an unknown method", { kind: "call", id: 1, method: "exec", args: ["rm"] }],
  ["a method of Object.prototype", { kind: "call", id: 1, method: "constructor", args: [] }],
  ["an unknown format", { kind: "call", id: 1, method: "exportAs", args: ["exe"] }],
  ["a PNG that the host would have to draw", { kind: "call", id: 1, method: "exportAs", args: ["png"] }],
  ["a picture that is no base64", { kind: "call", id: 1, method: "savePicture", args: ["<svg>"] }],
  ["a picture without end", { kind: "call", id: 1, method: "savePicture", args: ["A".repeat(12_000_001)] }],
  ["a comparison with nothing", { kind: "call", id: 1, method: "compare", args: [[]] }],
  ["a comparison with too many", { kind: "call", id: 1, method: "compare", args: [Array.from({ length: 9 }, () => "file:///a")] }],
  ["too many trials", { kind: "call", id: 1, method: "trials", args: [Array.from({ length: 51 }, () => "t1")] }],
  ["a reference without end", { kind: "call", id: 1, method: "openImageReport", args: ["a".repeat(2000)] }],
  ["a method of the other page", { kind: "call", id: 1, method: "files", args: [{}] }],
])("the host does not act on %s", (_what, message) => {
  expect(checkReportCall(message)).toBeUndefined();
});

test("what the page sends is a valid call for every method", () => {
  const frames: Frame[] = [];
  const { host } = callReportHost(
    (frame) => frames.push(frame),
    () => undefined,
  );
  void host.ready();
  void host.trials(["t01"]);
  void host.files({ search: "", touched: "all", sort: "size", offset: 0, limit: 200 });
  void host.cancelRun();
  void host.exportAs("chrome-trace");
  void host.exportChart({ name: "gain", arm: undefined, slowdown: 1.2, provisioningMs: 90_000 });
  void host.picture({ name: "waterfall", trialId: "t01" });
  void host.savePicture("iVBORw0KGgo=", "boot");
  void host.history();
  void host.compare(["file:///work/a.coldstart.json"]);
  void host.openImageReport("registry.example/app:1");
  void host.chooseReport();
  void host.startBenchmark();
  void host.readAgain();
  void host.showLog();
  expect(frames.map((frame) => checkReportCall(structuredClone(frame)) !== undefined)).toEqual(frames.map(() => true));
  expect(frames).toHaveLength(Object.keys(host).length);
});
