import fc from "fast-check";
import { expect, test } from "vitest";
import { isUserError } from "../../src/base/errors.ts";
import { printBench } from "../../src/cli/printBench.ts";
import { printBoots } from "../../src/cli/printBoots.ts";
import { printReport } from "../../src/cli/printReport.ts";
import { documentOf, documentText } from "../../src/results/document.ts";
import { readDocument } from "../../src/results/readDocument.ts";
import { sampleRun } from "../bench/sampleRun.ts";
import { sampleBoots } from "./bootsSample.ts";
import { sampleReport } from "./reportSample.ts";

const run = sampleRun([
  { name: "overlayfs", started: [20_000, 21_000, 19_000], ready: [30_000, 31_000, undefined] },
  { name: "stargz", started: [2000, 2100, 1900], ready: [12_000, 12_400, 11_800] },
]);
const made = { atEpochMs: 1_795_000_000_000, version: "0.1.0" };
const document = documentOf({ bench: run, image: sampleReport, boots: sampleBoots }, made);
const json = JSON.parse(documentText(document)) as Record<string, unknown>;

/** Message and hint of the error that reading ends with; undefined: it was read. */
function failure(text: string): string | undefined {
  try {
    readDocument(text, "x.coldstart.json");
    return undefined;
  } catch (error) {
    if (!isUserError(error)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

function check(text: string, expected: string | undefined): void {
  expect(failure(text)).toBe(expected);
}

test("what was written is read again, and the summary derived from it", () => {
  expect(readDocument(documentText(document), "x")).toEqual({ value: document, problems: [] });
  const stored = { ...json, bench: { run: document.bench?.run, summary: { arms: "nonsense" } } };
  expect(readDocument(JSON.stringify(stored), "x").value).toEqual(document);
});

test("the bare report of an image is a report too", () => {
  const { value } = readDocument(JSON.stringify(sampleReport), "x");
  expect(value).toMatchObject({ kind: "coldstart-report", createdAtEpochMs: sampleReport.createdAtEpochMs });
  expect(value.image).toEqual(sampleReport);
});

test("what cannot be read says why", () => {
  check("", "report-unreadable: x.coldstart.json cannot be read as a report: it is empty.");
  check("hello", "report-unreadable: x.coldstart.json cannot be read as a report: it is no JSON.");
  check('{"a":1}', "report-unreadable: x.coldstart.json cannot be read as a report: it is JSON, but of something else.");
  check("[1]", "report-unreadable: x.coldstart.json cannot be read as a report: it is JSON, but of something else.");
  check('{"a":}', "report-unreadable: x.coldstart.json cannot be read as a report: its JSON is damaged.");
  check(
    documentText(document).slice(0, 5000),
    "report-unreadable: x.coldstart.json ends in the middle: it was cut off, or is still being written.",
  );
  check(
    JSON.stringify({ ...json, schemaVersion: 2 }),
    "report-newer: x.coldstart.json is a report of version 2, this Coldstart knows up to version 1.",
  );
  check(
    JSON.stringify({ ...json, schemaVersion: "1" }),
    "report-unreadable: x.coldstart.json cannot be read as a report: its schemaVersion is not 1.",
  );
  check(
    JSON.stringify({ ...json, bench: { run: { ...document.bench?.run, plan: { ...run.plan, seed: "secret" } } } }),
    "report-unreadable: x.coldstart.json cannot be read as a report: bench.run.plan.seed is not as it should be.",
  );
  check(
    JSON.stringify({ ...json, image: { ...sampleReport, totals: 3 } }),
    "report-unreadable: x.coldstart.json cannot be read as a report: image.totals is not as it should be.",
  );
  check(
    `{"schemaVersion":1,"kind":"coldstart-report","image":${"[".repeat(200_000)}`,
    "report-unreadable: x.coldstart.json ends in the middle: it was cut off, or is still being written.",
  );
});

test("later fields are ignored; trials and observations that do not fit are left out and told", () => {
  const [first, second, ...rest] = document.bench?.run.trials ?? [];
  if (!first || !second) throw new Error("no trials");
  const later = {
    ...json,
    mood: "new",
    bench: {
      run: {
        ...document.bench?.run,
        trials: [
          { ...first, taints: ["from-the-future"] },
          { ...second, extra: 1, observations: [...second.observations, { mark: "gpu-ready", atEpochMs: 1 }] },
          ...rest,
        ],
      },
    },
  };
  const { value, problems } = readDocument(JSON.stringify(later), "x");
  expect(value.bench?.run.trials.map(({ id }) => id)).toEqual([second.id, ...rest.map(({ id }) => id)]);
  expect(problems.map(({ message }) => message)).toEqual([
    "Trial 1 of the file is left out: taints.0 is not as it should be.",
    "1 observations of trial stargz-0 are of a form that is not known, and left out.",
  ]);
});

test("a report without any part is told", () => {
  const { image, bench, boots, ...rest } = json;
  expect([image, bench, boots]).not.toContain(undefined);
  expect(readDocument(JSON.stringify(rest), "x").problems).toHaveLength(1);
});

test("no environment value gets into a document", () => {
  const pod = { containers: [{ name: "app", env: [{ name: "HF_TOKEN", value: "hunter2-PLANTED" }], args: ["--token=hunter3-PLANTED"] }] };
  const planted = { ...run, plan: { ...run.plan, workload: { ...run.plan.workload, pod } } };
  expect(documentText(documentOf({ bench: planted }, made))).not.toContain("PLANTED");
});

test("whatever is changed in a report, reading gives a document that can be printed, or an error for people", () => {
  const paths = pathsOf(json);
  const junk = fc.constantFrom("null", "7", '"text"', "[]", "{}", "[[]]", "-1e300", "1e300");
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(paths.length - 1), junk), { minLength: 1, maxLength: 4 }), (changes) => {
      const copy = structuredClone(json);
      for (const [index, value] of changes) setAt(copy, paths[index] ?? [], JSON.parse(value));
      const text = JSON.stringify(copy);
      if (failure(text) === undefined) printed(text);
    }),
    { numRuns: 300 },
  );
});

function printed(text: string): void {
  const { bench, image, boots } = readDocument(text, "x").value;
  if (bench) printBench(bench);
  if (image) printReport(image, { measure: "pageBytes", top: 5 });
  if (boots) printBoots(boots);
}

test("whatever is cut from a report's text, reading gives an error for people", () => {
  const text = documentText(document).trimEnd();
  fc.assert(
    fc.property(fc.nat(text.length - 1), (length) => {
      expect(failure(text.slice(0, length))).toMatch(/^report-unreadable/);
    }),
    { numRuns: 100 },
  );
});

function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

function setAt(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at: Record<string, unknown> = target;
  for (const key of path.slice(0, -1)) {
    const next = at[key];
    if (typeof next !== "object" || next === null) return;
    at = next as Record<string, unknown>;
  }
  const last = path.at(-1);
  if (last !== undefined) at[last] = value;
}
