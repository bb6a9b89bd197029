import { expect, test } from "vitest";
import { bootReportOf, type BootReport } from "../../../src/boot/bootReport.ts";
import { workRules } from "../../../src/boot/workClasses.ts";
import { printComparison } from "../../../src/cli/printComparison.ts";
import { comparisonCsv } from "../../../src/results/compare/comparisonCsv.ts";
import { comparisonMarkdown } from "../../../src/results/compare/comparisonMarkdown.ts";
import { compareDocuments, type DocumentsComparison } from "../../../src/results/compare/documentsComparison.ts";
import { documentOf, type ReportDocument } from "../../../src/results/document.ts";
import { sampleRun, type SampleArm } from "../../bench/sampleRun.ts";
import { sampleBoot } from "../../boot/sampleBoots.ts";
import { expectGolden } from "../../golden.ts";
import { grownReport } from "../grownReport.ts";
import { sampleReport } from "../reportSample.ts";

const wobble = [0, 0.04, -0.03, 0.06, -0.05];
const arm = (name: string, started: number, ready: number): SampleArm => ({
  name,
  started: wobble.map((part) => Math.round(1000 * started * (1 + part))),
  ready: wobble.map((part) => Math.round(1000 * ready * (1 + part))),
});

async function bootsOf(names: readonly string[]): Promise<BootReport> {
  return bootReportOf(await Promise.all(names.map((name) => sampleBoot(name))), { rules: workRules });
}

const made = { atEpochMs: 1_795_000_000_000, version: "0.1.0" };
const normal = await bootsOf([1, 2, 3, 4, 5].map((number) => `repeat-nspawn-normal-${number}`));
const slowBoots = await bootsOf(["k8s-nspawn", "repeat-k8s-nspawn-2", "repeat-k8s-nspawn-3", "nspawn-slow-driver", "nspawn-slow-driver"]);
const fast = sampleRun([arm("overlayfs", 20, 30), arm("eStargz", 2, 12)]);
const slow = sampleRun([arm("overlayfs", 20, 30), arm("eStargz", 3, 16)]);
const changed = { ...slow.environment, nodes: slow.environment.nodes.map((one) => ({ ...one, kernelVersion: "6.12.99" })) };

const before = documentOf({ bench: fast, boots: normal, image: sampleReport }, made);
const after = documentOf({ bench: { ...slow, environment: changed }, boots: slowBoots, image: grownReport }, made);

function compared(...documents: readonly ReportDocument[]): DocumentsComparison {
  return compareDocuments(documents.map((document, index) => ({ file: `${"abcdef"[index] ?? ""}.json`, document })));
}

function onlyOf(document: ReportDocument, ...parts: readonly ("bench" | "boots" | "image")[]): ReportDocument {
  const { bench, boots, image, ...frame } = document;
  return {
    ...frame,
    ...(bench && parts.includes("bench") && { bench }),
    ...(boots && parts.includes("boots") && { boots }),
    ...(image && parts.includes("image") && { image }),
  };
}

test("for a terminal, a pull request and a spreadsheet", () => {
  const found = compared(before, after);
  expect(found.leftOut).toEqual([]);
  expectGolden("results/comparison.txt", printComparison(found));
  expectGolden("results/comparison.md", comparisonMarkdown(found));
  expectGolden("results/comparison.csv", comparisonCsv(found));
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});

test("three reports: the first one is what the others are compared with", () => {
  expectGolden(
    "results/comparison-three.md",
    comparisonMarkdown(compared(onlyOf(before, "image"), onlyOf(after, "image"), onlyOf(before, "image"))),
  );
});

const check = (documents: readonly ReportDocument[], parts: readonly string[], ...leftOut: readonly string[]): void => {
  const found = compared(...documents);
  expect(found.leftOut).toEqual(leftOut);
  expect((["bench", "boots", "image"] as const).filter((part) => found[part])).toEqual(parts);
};

test("reports that hold different parts: what is compared, and what is not, in clear sentences", () => {
  check(
    [onlyOf(before, "bench", "image"), onlyOf(after, "boots")],
    [],
    "Nothing can be compared, as no two reports hold the same: a.json holds a benchmark and an image; b.json holds boots.",
  );
  check([onlyOf(before, "bench", "boots"), onlyOf(after, "boots")], ["boots"], "Only a.json holds a benchmark, so that is not compared.");
  check(
    [before, onlyOf(after, "boots", "image"), onlyOf(after, "image")],
    ["boots", "image"],
    "Only a.json holds a benchmark, so that is not compared.",
    "c.json holds no boots: of a.json and b.json alone they are compared.",
  );
  check(
    [onlyOf(before), onlyOf(after, "boots")],
    [],
    "Nothing can be compared, as no two reports hold the same: a.json holds nothing; b.json holds boots.",
  );
});

test("hostile names of files, units, packages and settings are words", () => {
  const name = "<img src=x onerror=alert(1)>|\u001b[31m";
  const boots = { ...normal, unit: name, boots: normal.boots.map((boot) => ({ ...boot, machine: { kernelVersion: name } })) };
  const image = {
    ...grownReport,
    image: { ...grownReport.image, reference: name },
    layers: grownReport.layers.map((layer) => ({ ...layer, createdBy: `RUN ${name}` })),
    packages: grownReport.packages.map((one) => ({ ...one, name, version: name })),
  };
  const run = { ...slow, plan: { ...slow.plan, context: name } };
  const hostile = compareDocuments([
    { file: name, document: before },
    { file: "b|@team", document: documentOf({ bench: run, boots, image }, made) },
  ]);
  for (const mark of ["<img", "\u001b", "@team"]) expect(comparisonMarkdown(hostile)).not.toContain(mark);
  expect(printComparison(hostile)).not.toContain("\u001b");
  expect(comparisonCsv(hostile)).not.toContain("\u001b");
});
