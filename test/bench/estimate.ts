/**
 * `npm run bench:estimate [-- options] [NAME…]`: our estimate against the recorded starts of `test/corpus`. Errors are in points: the share of all
 * files or bytes that we say, minus the share that it was; "!" marks an interval that does not hold the true value.
 *
 * --build       builds images that are missing (as root; see test/corpus/README.md)
 * --trace       records the start of images that have no record yet (as root)
 * --missed N    lists the N largest files that were missed, and N that were predicted and not opened
 * --json FILE   writes everything
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatBytes } from "../../src/base/format.ts";
import { corpusFolder, corpusNames, isBuilt } from "./corpus.ts";
import { calibrateOn, estimatesWithoutOwnFamily } from "./heldOut.ts";
import { scoreOf, type Score } from "./score.ts";
import { ablationTable, baselineTable, familyTable, intervalTable, readyTable, requestTable, type ScoredImage } from "./scoreTables.ts";
import { step } from "../steps.ts";
import { loadTraced, type TracedImage } from "./tracedImages.ts";
import { hasTruth } from "./truth.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { build: { type: "boolean" }, trace: { type: "boolean" }, missed: { type: "string", default: "0" }, json: { type: "string" } },
});
const known = corpusNames();
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`Not in test/corpus: ${unknown.join(", ")}. There are ${known.join(", ")}.`);
const wanted = positionals.length > 0 ? positionals : known;

await forEachMissing("build", values.build === true, isBuilt, join(corpusFolder, "build"));
await forEachMissing("trace", values.trace === true, hasTruth, join(corpusFolder, "..", "trace", "trace"));

/** Makes what is missing one by one, or says how to. A failure leaves the image out and makes the run fail. */
async function forEachMissing(what: string, wish: boolean, isThere: (name: string) => boolean, program: string): Promise<void> {
  const missing = wanted.filter((name) => !isThere(name) && (what === "build" || isBuilt(name)));
  if (wish) for (const name of missing) if ((await step(`${what} ${name}`, [program, name])).exitCode !== 0) process.exitCode = 1;
  const still = missing.filter((name) => !isThere(name));
  if (still.length > 0) console.log(`Left out, to ${what} first (--${what}): ${still.join(" ")}`);
}

const images: TracedImage[] = [];
for (const name of wanted.filter((each) => isBuilt(each) && hasTruth(each)))
  try {
    images.push(await loadTraced(name));
  } catch (error) {
    console.log(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
if (images.length === 0) process.exit(1);

const scored = scoreAll(images);
const sets = [
  { title: "Images that rules were made with", scored: scored.filter(({ image }) => !image.set) },
  { title: "Unseen images: recorded before any rule was made for them", scored: scored.filter(({ image }) => image.set === "unseen") },
  { title: "Second unseen set: recorded and scored after that, in no fit", scored: scored.filter(({ image }) => image.set === "second") },
].filter((set) => set.scored.length > 0);
for (const set of sets) {
  console.log(`\n${set.title}, until ready\n${readyTable(set.scored)}\n\n${intervalTable(set.scored)}`);
  if (set.scored.some(({ request }) => request))
    console.log(`\n${set.title}, until the first request is answered\n${requestTable(set.scored)}`);
}
if (scored.length > 1) {
  console.log(`\nOne family held out at a time: intervals and coefficients are fitted on the other families\n${familyTable(scored)}`);
  for (const set of sets) console.log(`\n${set.title}\n${ablationTable(set.scored)}\n\n${baselineTable(set.scored)}`);
}
const shown = Number(values.missed);
if (shown > 0) for (const each of scored) printMissed(each, shown);
if (values.json) writeFileSync(values.json, `${JSON.stringify(scored.map(forJson), null, 1)}\n`);

function scoreAll(all: readonly TracedImage[]): ScoredImage[] {
  const heldOut = estimatesWithoutOwnFamily(all, calibrateOn);
  return all.flatMap((image) => {
    const { truth, inspection } = image;
    const { catalog, estimate } = inspection;
    const heldOutEstimate = heldOut.get(image.name) ?? estimate;
    const ready = scoreOf(truth, catalog, estimate);
    const without = scoreOf(truth, catalog, heldOutEstimate);
    if (!ready || !without) return [];
    return [{ image, ready, request: scoreOf(truth, catalog, estimate, "firstRequest"), heldOut: without, heldOutEstimate }];
  });
}

function printMissed({ image, ready, request }: ScoredImage, count: number): void {
  const print = (moment: string, { missed, surplus }: Score): void => {
    console.log(`\n${image.name}, ${moment}: opened, not predicted (${missed.length})`);
    for (const { path, sizeBytes } of missed.slice(0, count)) console.log(`  ${formatBytes(sizeBytes)} ${path}`);
    console.log(`${image.name}, ${moment}: predicted, not opened (${surplus.length})`);
    for (const file of surplus.slice(0, count))
      console.log(`  ${formatBytes(file.sizeBytes)} ${file.path} (${file.rule}: ${file.evidence})`);
  };
  print("until ready", ready);
  if (request) print("until the first request", request);
}

function forJson({ image, ready, request, heldOut }: ScoredImage): unknown {
  const { name, family, set, truth, inspectMs, estimateMs } = image;
  const { estimate } = image.inspection;
  const brief = (score: Score): unknown => ({ ...score, missed: score.missed.length, surplus: score.surplus.length });
  return {
    ...{ name, family, set, inspectMs, estimateMs, confidence: estimate.confidence, flags: estimate.flags },
    totals: { files: truth.totalFiles, bytes: truth.totalBytes },
    variation: truth.variation,
    ...{ ready: brief(ready), request: request && brief(request), heldOut: brief(heldOut) },
  };
}
