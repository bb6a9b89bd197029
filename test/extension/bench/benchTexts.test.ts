import { expect, test } from "vitest";
import type { CleanupReceipt } from "../../../src/cluster/cleanup.ts";
import type { BenchEvent } from "../../../src/bench/benchRun.ts";
import type { Mark } from "../../../src/bench/observation.ts";
import { startBasisOf } from "../../../src/bench/plan/earlierStarts.ts";
import { planCost } from "../../../src/bench/plan/planCost.ts";
import { planText } from "../../../src/bench/plan/planText.ts";
import { confirmText } from "../../../src/extension/bench/confirmText.ts";
import { receiptText } from "../../../src/extension/bench/receiptText.ts";
import { runPercent, runProgressText } from "../../../src/extension/bench/runProgress.ts";
import { nextLiveBench, noBenchYet, type LiveBench } from "../../../src/protocol/liveBench.ts";
import { sampleRun } from "../../bench/sampleRun.ts";

const run = sampleRun([
  { name: "overlayfs", started: [5000, 5100], ready: [9000, 9100] },
  { name: "stargz", isLazy: true, started: [1000, 1100], ready: [8000, 8100] },
]);
const order = run.trials.map(({ id, arm, block, order: at }) => ({ trialId: id, arm, block, order: at }));

function fold(...events: readonly BenchEvent[]): LiveBench {
  return events.reduce((live, event) => nextLiveBench(live, event, 0), noBenchYet);
}

function seen(trialId: string, mark: Mark): BenchEvent {
  const observation = { mark, atEpochMs: 1, earliestEpochMs: 1, latestEpochMs: 1, clock: "client", source: "pod-watch" } as const;
  return { kind: "observed", trialId, observation };
}

test("progress names the trial, the arm and the stage that goes on", () => {
  const [first] = run.trials;
  if (!first) throw new Error("no trial");
  const planned: BenchEvent = { kind: "planned", runId: "r", plan: run.plan, order };
  const phase = (name: "cooling" | "starting" | "proving" | "removing"): BenchEvent => ({
    kind: "phase",
    trialId: first.id,
    phase: name,
    atEpochMs: 0,
  });
  const at = (...events: readonly BenchEvent[]): string => runProgressText(fold(planned, ...events));
  const start = `trial 1 of ${order.length} · ${first.arm} · `;
  expect(runProgressText(noBenchYet)).toBe("getting ready");
  expect(at()).toBe(`0 of ${order.length} trials done · preparing the node`);
  expect(at(phase("cooling"))).toBe(`${start}making the node cold`);
  expect(at(phase("starting"))).toBe(`${start}request → created`);
  expect(at(phase("starting"), seen(first.id, "created"), seen(first.id, "pull-start"))).toBe(`${start}pull`);
  expect(at(phase("starting"), seen(first.id, "started"), seen(first.id, "pulled"))).toBe(`${start}application`);
  expect(at(phase("removing"))).toBe(`${start}removing the pod`);
  const ended = fold(planned, phase("starting"), { kind: "trial-ended", trial: first });
  expect(runPercent(ended)).toBeCloseTo(100 / order.length);
});

test("the question before a run has every line of the plan, without columns", () => {
  const text = confirmText(planText(run.plan, planCost(run.plan, 1, startBasisOf(run.plan, [])), "https://10.0.0.1:6443"), [
    { severity: "warning", message: "It is a guess." },
    { severity: "info", message: "Labels are left out." },
  ]);
  const lines = text.split("\n");
  expect(lines[0]).toMatch(/^Cluster: .* \(https:\/\/10\.0\.0\.1:6443\), namespace /);
  expect(text).toContain("\nPods: ");
  for (const { image } of run.plan.arms) expect(text).toContain(image);
  expect(text).not.toMatch(/\S {2,}/);
  expect(lines.slice(-3)).toEqual(["▲ It is a guess.", "", "Labels are left out."]);
});

const object = {
  kind: "Pod",
  namespace: "default",
  name: "coldstart-x",
  uid: "u",
  runId: "r1",
  owner: "0",
  processId: 1,
  node: "a",
  createdAtEpochMs: 0,
  expiresAtEpochMs: 0,
  finalizers: [],
  isTerminating: false,
} as const;
const receipt: CleanupReceipt = { context: "prod", startedAtEpochMs: 0, endedAtEpochMs: 1500, entries: [], inUse: [] };

test("a receipt says what was removed, what could not be, and what is in use", () => {
  expect(receiptText(receipt)).toEqual({ sentence: "Nothing was left on prod.", lines: [], isIncomplete: false });
  const full = receiptText({
    ...receipt,
    entries: [
      { ...object, outcome: "removed", removedAtEpochMs: 0 },
      { ...object, name: "coldstart-y", outcome: "left", why: "Finalizers hold it: x." },
    ],
    inUse: [object],
  });
  expect(full.sentence).toBe(
    "1 pod of earlier runs was removed from prod in 1.5 s; 1 could not be. 1 pod of runs that go on was left alone.",
  );
  expect(full.lines).toEqual([
    "Pod default/coldstart-x of run r1 on a: removed at 1970-01-01T00:00:00.000Z",
    "Pod default/coldstart-y of run r1 on a: left: Finalizers hold it: x.",
    "Pod default/coldstart-x of run r1 on a: in use by a run that goes on",
  ]);
  expect(full.isIncomplete).toBe(true);
});
