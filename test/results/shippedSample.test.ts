import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { coldstartVersion } from "../../src/base/version.ts";
import { bootReportOf } from "../../src/boot/bootReport.ts";
import { withSettings } from "../../src/boot/workClasses.ts";
import { documentOf, documentText, type ReportDocument } from "../../src/results/document.ts";
import { readDocument } from "../../src/results/readDocument.ts";
import { sampleBench } from "../../webview/dev/sampleBench.ts";
import { sampleBoot } from "../boot/sampleBoots.ts";

/** What "Coldstart: Open Sample Report" opens. */
const path = join(import.meta.dirname, "../../media/sample.coldstart.json");
const label = "Sample, not measured on your cluster";
const sampleAtEpochMs = Date.UTC(2026, 10, 22, 12, 30);

/** Times of stages as they were seen on the test cluster, trials drawn around them; the boots are recorded ones. */
async function shippedSample(): Promise<ReportDocument> {
  const run = sampleBench({ trialsPerArm: 10 });
  const bench = {
    ...run,
    plan: { ...run.plan, name: label },
    problems: [
      {
        severity: "info" as const,
        message:
          "This report is a sample: cluster, node and image are made up, and trials are drawn around stage times from Coldstart's test cluster. The boots are recordings of small test machines.",
      },
    ],
  };
  const boots = await Promise.all(
    ["repeat-nspawn-normal-1", "repeat-nspawn-normal-2", "nspawn-slow-driver"].map((name) => sampleBoot(name)),
  );
  const rules = withSettings([]);
  return documentOf(
    { bench, boots: bootReportOf(boots, { unit: undefined, rules }) },
    { atEpochMs: sampleAtEpochMs, version: coldstartVersion },
  );
}

test("media/sample.coldstart.json holds the canned trials and recorded boots (UPDATE=1 writes it anew)", async () => {
  const made = await shippedSample();
  if (process.env["UPDATE"] === "1") writeFileSync(path, documentText(made));
  // Not the summary and the chains: those are derived, and derived anew where the file is read.
  const { value: shipped } = readDocument(readFileSync(path, "utf8"), "sample.coldstart.json");
  expect(shipped.bench?.run).toEqual(made.bench?.run);
  expect(shipped.boots?.boots.map(({ name }) => name)).toEqual(made.boots?.boots.map(({ name }) => name));
});

test("the sample is small, says what it is, and can be read", () => {
  const text = readFileSync(path, "utf8");
  expect(text.length).toBeLessThan(500_000);
  const { value: document, problems } = readDocument(text, "sample.coldstart.json");
  expect(problems).toEqual([]);
  expect(document.bench?.run.plan.name).toBe(label);
  expect(document.bench?.run.problems[0]?.message).toContain("This report is a sample");
});
