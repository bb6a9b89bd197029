/**
 * `npm run bench:speed [-- NAME…]`: how long an estimate takes from facts in memory. The layers of several large images of `test/corpus` are
 * laid over one another until the catalog has 60,000 files; the last image's command is asked. CPU time is that of all threads of this
 * process, so it counts garbage collection and compiling; the first answer is slower for both, the later ones are medians.
 */
import { parseArgs } from "node:util";
import { imageFindings } from "../../src/findings/imageFindings.ts";
import type { FileCatalog } from "../../src/facts/fileCatalog.ts";
import type { LayerFacts } from "../../src/facts/layerFacts.ts";
import { squashLayers } from "../../src/facts/squash.ts";
import type { Inspection } from "../../src/inspect/inspection.ts";
import { packagesOf } from "../../src/inspect/packages.ts";
import { estimateStartup } from "../../src/startup/estimate.ts";
import type { StartupQuestion } from "../../src/startup/startupSet.ts";
import { alignedTable, median } from "./table.ts";
import { inspectTraced } from "./tracedImages.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { files: { type: "string", default: "60000" }, rounds: { type: "string", default: "9" } },
});
/** The command of the first is asked; the others fill the catalog up. */
const names =
  positionals.length > 0 ? positionals : ["hf-transformers", "embedding-server", "tensorflow-tornado", "fastapi-sklearn", "nix-store"];
const wantedFiles = Number(values.files);

const loaded: Inspection[] = [];
for (const name of names) {
  loaded.push(await inspectTraced(name));
  if (filesOf(layersOf(loaded)) >= wantedFiles) break;
}
const top = loaded[0] as Inspection;
const layers = layersOf(loaded);
// Walks keep what they learnt of a catalog, so each first answer gets a catalog of its own.
const started = performance.now();
const catalog = squashLayers(layers);
const squashMs = performance.now() - started;
console.log(
  `${catalog.fileCount} files in ${layers.length} layers, of ${loaded.length} images; command of ${names[0]}; squashed in ${squashMs.toFixed(0)} ms`,
);

const changed: StartupQuestion = { ...top.question, entrypoint: ["python3", "-m", "http.server"], cmd: [] };
const rounds = Array.from({ length: Number(values.rounds) }, (_, index) => index);
const rows: string[][] = [];
measure("squash, then estimate", () => ask(squashLayers(layers), top.question));
measure("estimate of a catalog that was asked before", () => ask(catalog, top.question));
measure("another ENTRYPOINT", () => ask(catalog, changed));
measure("packages", () => packagesOf(squashLayers(layers)));
measure(`findings of ${names[0]}`, () => imageFindings({ ...top }));
console.log(alignedTable(["ms", "CPU: first", "median", "wall: first", "median"], rows));

function measure(title: string, work: () => unknown): void {
  const first = timeOf(work);
  const more = rounds.map(() => timeOf(work));
  const cells = (pick: (time: Time) => number): string[] => [pick(first).toFixed(0), median(more.map(pick)).toFixed(0)];
  rows.push([title, ...cells(({ cpuMs }) => cpuMs), ...cells(({ wallMs }) => wallMs)]);
}

interface Time {
  readonly cpuMs: number;
  readonly wallMs: number;
}

function timeOf(work: () => unknown): Time {
  const cpu = process.cpuUsage();
  const wall = performance.now();
  work();
  const { user, system } = process.cpuUsage(cpu);
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - wall };
}

function ask(from: FileCatalog, question: StartupQuestion): unknown {
  return estimateStartup(from, question, layers.length);
}

/** The first image's layers on top of all, so that its own files win. */
function layersOf(inspections: readonly Inspection[]): readonly LayerFacts[] {
  return [...inspections].reverse().flatMap(({ layerFacts }) => layerFacts);
}

function filesOf(all: readonly LayerFacts[]): number {
  return squashLayers(all).fileCount;
}
