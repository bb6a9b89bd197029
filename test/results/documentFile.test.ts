import { mkdtemp, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documentOf } from "../../src/results/document.ts";
import { readReportFile, writeDocument } from "../../src/results/documentFile.ts";
import { readDocument } from "../../src/results/readDocument.ts";
import { sampleRun } from "../bench/sampleRun.ts";

const document = documentOf(
  { bench: sampleRun([{ name: "overlayfs", started: [2000], ready: [12_000] }]) },
  { atEpochMs: 1, version: "0.1.0" },
);
const folder = (): Promise<string> => mkdtemp(join(tmpdir(), "documents-"));

test("a document is written whole in place of the old one, and nothing else is left", async () => {
  const path = join(await folder(), "run.coldstart.json");
  await writeFile(path, "old");
  await writeDocument(path, document);
  expect(readDocument(await readReportFile(path, {}), path).value).toEqual(document);
  expect(await readdir(join(path, ".."))).toEqual(["run.coldstart.json"]);
});

test("where it cannot be written, the old one stays", async () => {
  const inside = join(await folder(), "missing", "run.coldstart.json");
  await expect(writeDocument(inside, document)).rejects.toMatchObject({ name: "UserError", code: "file-unreadable" });
  const taken = await folder();
  await writeFile(join(taken, "kept"), "x");
  await expect(writeDocument(taken, document)).rejects.toMatchObject({ code: "file-unreadable" });
  expect(await readFile(join(taken, "kept"), "utf8")).toBe("x");
});

test("a file of 200 MB is refused before it is read", async () => {
  const path = join(await folder(), "huge.coldstart.json");
  await writeFile(path, "{");
  await truncate(path, 200_000_000);
  await expect(readReportFile(path, {})).rejects.toMatchObject({
    code: "limit-exceeded",
    message: expect.stringContaining("150 MB") as string,
  });
});

test("no file, a folder, and a cancelled read", async () => {
  const place = await folder();
  await expect(readReportFile(join(place, "none"), {})).rejects.toMatchObject({
    code: "report-unreadable",
    message: expect.stringContaining("there is no such file") as string,
  });
  await expect(readReportFile(place, {})).rejects.toMatchObject({ code: "report-unreadable" });
  const path = join(place, "a");
  await writeFile(path, "{}");
  await expect(readReportFile(path, { signal: AbortSignal.abort(new Error("stop")) })).rejects.toThrow("stop");
});

test("ten thousand trials are written and read in seconds", async () => {
  const times = Array.from({ length: 5000 }, (_, index) => 10_000 + (index % 977));
  const bench = sampleRun([
    { name: "overlayfs", started: times, ready: times.map((time) => time * 2) },
    { name: "stargz", started: times, ready: times.map((time) => time + 900) },
  ]);
  const path = join(await folder(), "large.coldstart.json");
  const began = performance.now();
  await writeDocument(path, documentOf({ bench }, { atEpochMs: 1, version: "0.1.0" }));
  const written = performance.now();
  const text = await readReportFile(path, {});
  const { value } = readDocument(text, path);
  const ended = performance.now();
  console.log(
    `measured report of 10,000 trials: ${(text.length / 1e6).toFixed(1)} MB, written in ${Math.round(written - began)} ms, read and summed up in ${Math.round(ended - written)} ms`,
  );
  expect(value.bench?.summary.arms[0]?.ready?.count).toBe(5000);
});
