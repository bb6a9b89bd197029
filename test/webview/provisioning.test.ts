import { expect, test } from "vitest";
import { panelDocumentOf } from "../../src/protocol/panelDocument.ts";
import { documentOf } from "../../src/results/document.ts";
import { sampleBench } from "../../webview/dev/sampleBench.ts";
import { sampleBoots } from "../../webview/dev/sampleBoots.ts";
import { sampleHistory } from "../../webview/dev/sampleHistory.ts";
import { measuredOrAssumed } from "../../webview/report/provisioning.ts";
import { firstReportView } from "../../webview/report/reportState.ts";

const made = { atEpochMs: 1_795_000_000_000, version: "0.1.0" };
const bench = documentOf({ bench: sampleBench() }, made);
const whole = documentOf({ bench: sampleBench(), boots: sampleBoots(false) }, made);
const history = sampleHistory(bench);

test("a new node takes what the report's boots took, else what those of a picked report did, else what is assumed", () => {
  const sourceOf = (document: typeof bench, ...compared: readonly string[]): string =>
    measuredOrAssumed(panelDocumentOf(document), { ...firstReportView, history, compared: new Set(compared) }).source;
  expect(sourceOf(whole, "d")).toMatch(/^median of 3 boots in this report, ± /);
  expect(sourceOf(bench, "b", "d")).toMatch(/^median of 6 boots in \.coldstart\/g6-boots\.coldstart\.json, ± /);
  expect(sourceOf(bench, "b")).toMatch(/^assumed/);
  expect(measuredOrAssumed(panelDocumentOf(bench), firstReportView)).toMatchObject({ provisioningMs: 90_000 });
});
