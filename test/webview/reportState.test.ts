import { expect, test } from "vitest";
import { panelBenchOf } from "../../src/protocol/panelBench.ts";
import type { ReportState } from "../../src/protocol/reportMessages.ts";
import { sampleBench } from "../../webview/dev/sampleBench.ts";
import { sampleBoots } from "../../webview/dev/sampleBoots.ts";
import {
  documentOf,
  firstReportView,
  nextReportView,
  restoredReportView,
  savedReportView,
  shownTrialId,
  tabsOf,
  type ReportViewEvent,
  type ReportViewState,
} from "../../webview/report/reportState.ts";

const bench = panelBenchOf(sampleBench());
const ready: ReportState = { kind: "ready", name: "a.coldstart.json", document: { bench, charts: [] } };

function after(state: ReportViewState, ...events: ReportViewEvent[]): ReportViewState {
  return events.reduce(nextReportView, state);
}

test("the waterfall shows the trial nearest the median until another is picked, and the picked one's arm with it", () => {
  const state = after(firstReportView, { kind: "pushed", report: ready });
  expect(shownTrialId(state, bench)).toBe(bench.summary.arms[0]?.nearestTrialId);
  const soci = bench.trials.find(({ arm }) => arm === "SOCI")?.id;
  expect(shownTrialId(after(state, { kind: "went", to: { trialId: soci } }), bench)).toBe(soci);
  expect(shownTrialId(after(state, { kind: "went", to: { arm: "Nydus" } }), bench)).toBe(
    bench.summary.arms.find(({ arm }) => arm === "Nydus")?.nearestTrialId,
  );
});

test("a trial that another report does not have is not looked for there", () => {
  const state = { ...firstReportView, trialId: "t999" };
  expect(shownTrialId(state, bench)).toBe(bench.summary.arms[0]?.nearestTrialId);
});

test("a tab that the document lacks gives way to its first", () => {
  const boots: ReportState = { kind: "ready", name: "b", document: { boot: sampleBoots(false), charts: [] } };
  expect(after(firstReportView, { kind: "pushed", report: boots }).tab).toBe("boot");
  expect(tabsOf(ready)).toEqual(["summary", "waterfall", "trials", "compare"]);
  expect(tabsOf(boots)).toEqual(["boot", "compare"]);
});

test("the reports of the workspace are asked for again when the file was read anew, and are not kept", () => {
  const known = after(firstReportView, { kind: "pushed", report: ready }, { kind: "historyRead", entries: [] });
  expect(known.history).toEqual([]);
  expect(JSON.stringify(savedReportView(known))).not.toContain("history");
  expect(after(known, { kind: "pushed", report: ready }).history).toBeUndefined();
});

test("marks of the trial in progress change nothing but that", () => {
  const running: ReportState = { kind: "running", name: "a", bench, plannedTrials: 40, current: [], isCancelling: false };
  const before = after(firstReportView, { kind: "pushed", report: running });
  const state = after(before, { kind: "progressed", current: [] });
  expect(documentOf(state.report)?.bench).toBe(bench);
  expect(after(firstReportView, { kind: "progressed", current: [] })).toBe(firstReportView);
});

test("a page that comes back is where it was", () => {
  const before = after(
    firstReportView,
    { kind: "pushed", report: ready },
    { kind: "went", to: { tab: "waterfall", trialId: "t07", overlay: "arms", slowdown: 1.4, provisioningMs: 0 } },
    { kind: "tableToggled", table: "observations" },
  );
  const back = restoredReportView(JSON.parse(JSON.stringify(savedReportView(before))));
  expect(after(back, { kind: "pushed", report: ready })).toEqual(before);
});

test.each([
  [undefined],
  [null],
  ["text"],
  [{}],
  [{ tab: "nowhere", trialId: 7, openTables: "all", slowdown: null, provisioningMs: -5, boot: 1e99 }],
])("what was kept wrongly (%j) is no harm", (value) => {
  const state = restoredReportView(value);
  expect(state.tab).toBe("summary");
  expect(state.trialId).toBeUndefined();
  expect(state.openTables.size).toBe(0);
  expect(state.provisioningMs).toBeUndefined();
});
