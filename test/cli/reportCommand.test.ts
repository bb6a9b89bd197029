import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { reportCommand, type ReportArguments } from "../../src/cli/reportCommand.ts";
import { documentOf, documentText } from "../../src/results/document.ts";
import { slowOnceRun } from "../bench/sampleRuns.ts";
import { sampleBoots } from "../../webview/dev/sampleBoots.ts";
import { sampleReport } from "../results/reportSample.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

async function fileOf(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "reports-")), "run.coldstart.json");
  await writeFile(path, text);
  return path;
}

/** What the command prints. */
async function printed(given: ReportArguments): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  await reportCommand(given, {});
  return written.join("");
}

const made = { atEpochMs: 1, version: "0.1.0" };
const bench = documentText(documentOf({ bench: slowOnceRun(), image: sampleReport }, made));

async function check(text: string, given: Partial<ReportArguments>, expected: string | RegExp): Promise<void> {
  const file = await fileOf(text);
  const found = await printed({ files: [file], format: "text", ...given }).catch((error: unknown) =>
    (error as Error).message.replace(file, "FILE"),
  );
  expect(found).toMatch(expected);
}

test("every format of a report", async () => {
  await check(bench, {}, /^eStargz is 10× faster to start/);
  await check(bench, {}, /Startup touches ≈/);
  await check(bench, { format: "md" }, /^### Cold start of fastapi-sklearn/);
  await check(bench, { format: "csv" }, /^run,trial,arm,block/);
  await check(bench, { format: "trace" }, /^\{"traceEvents":/);
  const file = await fileOf(bench);
  expect(JSON.parse(await printed({ files: [file], format: "json" }))).toEqual(JSON.parse(bench));
});

test("written into a file", async () => {
  const file = await fileOf(bench);
  const output = `${file}.md`;
  expect(await printed({ files: [file], format: "md", output })).toBe("");
  expect(await readFile(output, "utf8")).toMatch(/^### Cold start/);
});

test("results of several images: all, or the one that was chosen", async () => {
  const row = (repo: string): object => ({ mode: "legacy", repo, elapsed_pull: 1, elapsed_create: 1, elapsed_run: 1 });
  const text = JSON.stringify([row("redis:5"), row("python:3")]);
  await check(text, {}, /redis:5[^]*python:3/);
  await check(text, { format: "csv" }, "The file has results of several images, and this format holds one.");
  await check(text, { format: "csv", image: "redis:5" }, /redis:5,legacy-1/);
  await check(text, { image: "node" }, "The file has no results of node.");
});

test("what cannot be done says so", async () => {
  const image = documentText(documentOf({ image: sampleReport }, made));
  await check(image, { format: "trace" }, "run.coldstart.json holds no benchmark to write in this form.");
  await check(bench, { format: "pdf" }, 'There is no format "pdf".');
  await check("{", {}, "FILE ends in the middle");
});

test("several files are compared with the first", async () => {
  const files = [await fileOf(bench), await fileOf(bench)];
  expect(await printed({ files, format: "text" })).toMatch(/^Nothing became slower beyond chance[^]*No setting that is known differs/);
  expect(await printed({ files, format: "md" })).toMatch(/^### Cold start, run\.coldstart\.json → run\.coldstart\.json/);
  expect(JSON.parse(await printed({ files, format: "json" }))).toMatchObject({ regressions: 0, settings: [] });
  await expect(printed({ files, format: "svg" })).rejects.toThrow(/cannot hold/);
  const image = await fileOf(documentText(documentOf({ image: sampleReport }, made)));
  await expect(printed({ files: [image, image], format: "text" })).rejects.toThrow(/holds no benchmark/);
});

test("reports of an image or of boots alone have their own forms, and say what they lack", async () => {
  const image = documentText(documentOf({ image: sampleReport }, made));
  await check(image, { format: "md" }, /^### Image docker/);
  await check(image, { format: "csv" }, /^image,path,size_bytes/);
  await check(image, { format: "csv-packages" }, /^image,manager,package/);
  await check(image, { format: "svg" }, /holds no benchmark to write in this form/);
  const boots = documentText(documentOf({ boots: sampleBoots(false) }, made));
  await check(boots, { format: "md" }, /^### Boot of 3 nodes/);
  await check(boots, { format: "csv" }, /^boot,instance_type,os,waited_for/);
  await check(boots, { format: "trace" }, /holds no benchmark/);
  await check(bench, { format: "csv", part: "image" }, /^image,path/);
  await check(bench, { format: "csv", part: "boots" }, /has no boots/);
  await check(bench, { format: "svg" }, /^<svg /);
});
