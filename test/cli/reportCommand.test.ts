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
  expect(await printed({ files, format: "text" })).toMatch(
    /^COLD START\n\nNothing became slower beyond chance[^]*No setting that is known differs/,
  );
  expect(await printed({ files, format: "md" })).toContain(`### Cold start, ${files.join(" → ")}\n`);
  expect(JSON.parse(await printed({ files, format: "json" }))).toMatchObject({ bench: { regressions: 0, settings: [] } });
  await expect(printed({ files, format: "svg" })).rejects.toThrow(/cannot hold/);
  const image = await fileOf(documentText(documentOf({ image: sampleReport }, made)));
  expect(await printed({ files: [image, image], format: "text" })).toContain(`${image} and ${image} hold the same image`);
  expect(await printed({ files: [image, image], format: "csv" })).toMatch(/^part,group,what,report,/);
  const boots = await fileOf(documentText(documentOf({ boots: sampleBoots(false) }, made)));
  await expect(printed({ files: [boots, image], format: "text" })).rejects.toThrow(/^Nothing can be compared/);
  const both = await fileOf(documentText(documentOf({ image: sampleReport, boots: sampleBoots(false) }, made)));
  expect(await printed({ files: [both, both], format: "text" })).toMatch(/^BOOTS[^]*IMAGE/);
  expect(await printed({ files: [both, both], format: "text", part: "boots" })).not.toMatch(/^IMAGE/m);
  await expect(printed({ files: [both, image], format: "text", part: "boots" })).rejects.toThrow(/has no boots/);
});

test("reports of an image or of boots alone have their own forms, and say what they lack", async () => {
  const image = documentText(documentOf({ image: sampleReport }, made));
  await check(image, { format: "md" }, /^### Image docker/);
  await check(image, { format: "csv" }, /^image,path,size_bytes/);
  await check(image, { format: "csv-packages" }, /^image,manager,package/);
  await check(image, { format: "svg" }, /<title id="title">Every byte of docker/);
  const boots = documentText(documentOf({ boots: sampleBoots(false) }, made));
  await check(boots, { format: "md" }, /^### Boot of 3 nodes/);
  await check(boots, { format: "csv" }, /^boot,instance_type,os,waited_for/);
  await check(boots, { format: "trace" }, /holds no benchmark/);
  await check(bench, { format: "csv", part: "image" }, /^image,path/);
  await check(bench, { format: "csv", part: "boots" }, /has no boots/);
});

test("a picture of each chart, of the arm, trial or boot that is asked for; what there is nothing for says what it needs", async () => {
  const boots = documentText(documentOf({ boots: sampleBoots(false) }, made));
  const svg = (chart?: string, of?: string): Partial<ReportArguments> => ({
    format: "svg",
    ...(chart !== undefined && { chart }),
    ...(of !== undefined && { of }),
  });
  await check(bench, svg(), /<title id="title">Cold start of fastapi-sklearn/);
  await check(bench, svg("waterfall"), /<title id="title">overlayfs, trial \d+ of/);
  await check(bench, svg("waterfall", "eStargz"), /<title id="title">eStargz, trial/);
  await check(bench, svg("waterfall", "3"), /, trial 3 of/);
  await check(bench, svg("gain", "soci"), /What is left of the gain: soci beside overlayfs/);
  await check(bench, svg("trials"), /Every trial of/);
  await check(bench, svg("stages"), /Stages of/);
  await check(bench, svg("image"), /Every byte of/);
  await check(boots, svg(), /Boot of ip-10-0-3-17/);
  await check(boots, svg("boot", "ip-10-0-3-40"), /Boot of ip-10-0-3-40/);
  await check(boots, svg("gain"), /holds nothing for the chart gain: it needs a benchmark of two arms that were both ready/);
  await check(bench, svg("pie"), 'There is no chart "pie".');
  await check(bench, svg("waterfall", "nydus"), "The report lacks an arm or trial nydus.");
  await check(bench, svg("gain", "overlayfs"), "The report lacks an arm overlayfs beside overlayfs.");
  await check(boots, svg("boot", "no-such"), "The report lacks a boot no-such.");
  await check(bench, svg("stages", "soci"), "The chart stages shows all of the report.");
  await check(bench, { format: "md", chart: "gain" }, "Only a picture has --chart and --of.");
  await check(documentText(documentOf({}, made)), svg(), "run.coldstart.json holds nothing to draw.");
});
