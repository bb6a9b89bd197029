import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { documentOf, documentText } from "../../src/results/document.ts";
import { readEarlierRuns } from "../../src/results/earlierRuns.ts";
import { sampleRun } from "../bench/sampleRun.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "coldstart-earlier-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function keep(name: string, id: string, ageS: number): void {
  const run = sampleRun([{ name: "overlayfs", started: [1000], ready: [2000] }], { id });
  const path = join(folder, name);
  writeFileSync(path, documentText(documentOf({ bench: run }, { atEpochMs: 1, version: "1.0.0" })));
  utimesSync(path, Date.now() / 1000 - ageS, Date.now() / 1000 - ageS);
}

test("benchmarks of a folder, the newest first; what is no report, and a folder that is not there, is left out", async () => {
  keep("old.coldstart.json", "old", 100);
  keep("new.coldstart.json", "new", 10);
  keep("elsewhere.json", "elsewhere", 1);
  writeFileSync(join(folder, "cut.coldstart.json"), '{"schemaVersion":1');
  writeFileSync(join(folder, "image.coldstart.json"), documentText(documentOf({}, { atEpochMs: 1, version: "1.0.0" })));
  const runs = await readEarlierRuns([folder, folder, join(folder, "none")], {});
  expect(runs.map(({ id }) => id)).toEqual(["new", "old"]);
});

test("at most twenty are read", async () => {
  for (let at = 0; at < 25; at++) keep(`${at}.coldstart.json`, String(at), at);
  expect(await readEarlierRuns([folder], {})).toHaveLength(20);
});
