/**
 * `npm run bench:estimate [-- NAME…] [-- --missed N]`: our estimate against the recorded starts of `test/corpus`. Images that `test/corpus/build` has not made
 * yet are left out. Errors are in points: the share of all files or bytes that we say, minus the share that it was.
 */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatBytes } from "../../src/base/format.ts";
import { inspectImage } from "../../src/inspect/inspect.ts";
import type { Inspection } from "../../src/inspect/inspection.ts";
import { defaultEngineSettings } from "../../src/inspect/settings.ts";
import type { Measure } from "../../src/startup/startupSet.ts";
import { alignedTable, mean } from "./table.ts";
import { corpusNames } from "./corpus.ts";
import { hasTruth, readTruth, type Truth } from "./truth.ts";

const built = join(process.env["CORPUS_OUT"] ?? join(homedir(), ".cache", "coldstart-corpus"), "oci");
const measures: readonly Measure[] = ["openedFiles", "wholeBytes", "pageBytes", "chunkBytes"];

interface Score {
  readonly name: string;
  readonly durationMs: number;
  readonly recall: number;
  readonly precision: number;
  readonly byteRecall: number;
  /** Predicted minus true share, in points. */
  readonly errors: Readonly<Record<Measure, number>>;
  /** Whether the interval holds the true value. */
  readonly covered: Readonly<Record<Measure, boolean>>;
  readonly trueShares: Readonly<Record<Measure, number>>;
  /** How many of the recorded files the image that was built here still has. */
  readonly present: number;
  readonly missed: readonly string[];
  readonly surplus: readonly string[];
}

async function inspected(name: string): Promise<Inspection> {
  const settings = defaultEngineSettings();
  const image = { ...settings.image, sharedBlobDir: join(built, "blobs") };
  for await (const event of inspectImage(
    `oci:${join(built, name)}:latest`,
    { chunkSizeBytes: 4 << 20, settings: { ...settings, image } },
    {},
  ))
    if (event.kind === "done") return event.inspection;
  throw new Error("an inspection ended without a result");
}

function score(name: string, truth: Truth, { catalog, estimate }: Inspection, durationMs: number): Score {
  // What a newer package no longer has cannot be predicted, and is not asked for.
  const opened = new Map([...truth.opened].filter(([path]) => catalog.get(path) !== undefined));
  const predicted = new Map(estimate.files.map((file) => [file.path, file]));
  const hits = [...predicted.keys()].filter((path) => opened.has(path));
  const bytesOf = (paths: Iterable<string>): number => [...paths].reduce((sum, path) => sum + (opened.get(path)?.sizeBytes ?? 0), 0);
  const trueValues: Record<Measure, number> = {
    openedFiles: truth.openedFiles,
    wholeBytes: truth.openedWholeBytes,
    pageBytes: truth.pageBytesRead,
    chunkBytes: truth.chunkBytes4MiB,
  };
  // Shares of the image as it was when its start was recorded: an image that was built later may be a little larger.
  const shareOf = (measure: Measure, value: number): number =>
    (100 * value) / (measure === "openedFiles" ? truth.totalFiles : truth.totalBytes);
  const trueShares = record((measure) => shareOf(measure, trueValues[measure]));
  return {
    name,
    durationMs,
    recall: hits.length / opened.size,
    precision: hits.length / Math.max(1, predicted.size),
    byteRecall: bytesOf(hits) / bytesOf(opened.keys()),
    errors: record((measure) => shareOf(measure, estimate.measures[measure].value) - trueShares[measure]),
    covered: record((measure) => {
      const { low, high } = estimate.measures[measure];
      return low <= trueValues[measure] && trueValues[measure] <= high;
    }),
    trueShares,
    present: opened.size / truth.opened.size,
    missed: [...opened]
      .filter(([path]) => !predicted.has(path))
      .sort((a, b) => b[1].sizeBytes - a[1].sizeBytes)
      .map(([path, file]) => `${formatBytes(file.sizeBytes)} ${path}`),
    surplus: [...predicted.values()]
      .filter((file) => !opened.has(file.path))
      .sort((a, b) => b.sizeBytes - a.sizeBytes)
      .map((file) => `${formatBytes(file.sizeBytes)} ${file.path} (${file.rule}: ${file.evidence})`),
  };
}

function record<T>(of: (measure: Measure) => T): Record<Measure, T> {
  return Object.fromEntries(measures.map((measure) => [measure, of(measure)])) as Record<Measure, T>;
}

const share = (fraction: number): string => fraction.toFixed(3).replace(/^0/, "");
const points = (value: number): string => (value >= 0 ? "+" : "") + value.toFixed(2);

function row(each: Score): string[] {
  return [
    each.name,
    share(each.recall),
    share(each.precision),
    share(each.byteRecall),
    ...measures.map((measure) => `${points(each.errors[measure])}${each.covered[measure] ? " " : "!"}`),
    each.trueShares.openedFiles.toFixed(1),
    each.trueShares.pageBytes.toFixed(1),
    share(each.present),
    (each.durationMs / 1000).toFixed(1),
  ];
}

function meanRow(scores: readonly Score[]): string[] {
  const of = (pick: (each: Score) => number): number => mean(scores.map(pick));
  return [
    "mean (errors: absolute)",
    share(of((each) => each.recall)),
    share(of((each) => each.precision)),
    share(of((each) => each.byteRecall)),
    ...measures.map((measure) => `${of((each) => Math.abs(each.errors[measure])).toFixed(2)} `),
    "",
    "",
    share(of((each) => each.present)),
    of((each) => each.durationMs / 1000).toFixed(1),
  ];
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { missed: { type: "string", default: "0" } } });
const known = corpusNames().filter(hasTruth);
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`Not in test/corpus: ${unknown.join(", ")}. There are ${known.join(", ")}.`);
const wanted = positionals.length > 0 ? positionals : known;
const notBuilt = wanted.filter((name) => !existsSync(join(built, name, "index.json")));
if (notBuilt.length > 0) console.log(`Not built, left out: ${notBuilt.join(" ")} (test/corpus/build ${notBuilt.join(" ")})`);

const scores: Score[] = [];
for (const name of wanted.filter((each) => !notBuilt.includes(each))) {
  const started = performance.now();
  try {
    const inspection = await inspected(name);
    scores.push(score(name, readTruth(name), inspection, performance.now() - started));
  } catch (error) {
    console.log(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
if (scores.length > 0) {
  const header = ["image", "recall", "precis", "bytes", "files ±", "bytes ±", "pages ±", "chunks ±", "true f%", "true p%", "there", "s"];
  console.log(alignedTable(header, [...scores.map(row), meanRow(scores)]));
  const coverage = measures.map((measure) => `${measure} ${scores.filter((each) => each.covered[measure]).length}`);
  console.log(`90 % intervals that hold the true share, of ${scores.length}: ${coverage.join(", ")} ("!" marks those that do not)`);
}
const shown = Number(values.missed);
for (const each of scores)
  if (shown > 0) {
    console.log(`\n${each.name}: opened, not predicted (${each.missed.length})`);
    for (const line of each.missed.slice(0, shown)) console.log(`  ${line}`);
    console.log(`${each.name}: predicted, not opened (${each.surplus.length})`);
    for (const line of each.surplus.slice(0, shown)) console.log(`  ${line}`);
  }
