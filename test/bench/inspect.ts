/**
 * `npm run bench:inspect [-- --rounds N]`: what inspecting the sample image (1.6 GB) costs, against tools that read the same image
 * in the same run, one after the other in each round. CPU seconds are the medians of the rounds; wall times of a busy machine say little.
 */
import { existsSync, readFileSync } from "node:fs";
import { cpus, homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatBytes, formatCount } from "../../src/base/format.ts";
import { estimateAgain, inspectImage } from "../../src/inspect/inspect.ts";
import type { Inspection } from "../../src/inspect/inspection.ts";
import { defaultEngineSettings } from "../../src/inspect/settings.ts";
import { keptFolder } from "../real/parts/cache.ts";
import { coldstartProgram } from "../real/parts/coldstart.ts";
import { copyImage } from "../real/parts/images.ts";
import { must, temporaryFolder } from "../real/parts/process.ts";
import { startRegistry } from "../real/parts/registry.ts";
import { buildSampleImage, makeBaseImage, sampleFiles, sampleTools } from "../real/parts/sampleImage.ts";
import { costOf, type Cost } from "./cost.ts";
import { peer } from "./peers.ts";
import { alignedTable, median } from "./table.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "3" } } });

interface Contender {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env?: () => Record<string, string>;
  readonly costs: Cost[];
}

const tools = sampleTools();
await makeBaseImage(tools);
const local = await buildSampleImage(tools);
const { layout, layoutFolder: folder } = await sampleFiles(tools);
const registry = await startRegistry({ storage: keptFolder("registry") });
const remote = `127.0.0.1:${registry.port}/tickets:dev`;
await copyImage(tools, local, `docker://${remote}`);
// dive reads no registry and no layout: it gets an archive with the very same compressed layers.
const archive = join(temporaryFolder("archive"), "tickets.tar");
await must([await peer("crane"), "pull", "--insecure", remote, archive]);

const cold = (): Record<string, string> => ({ COLDSTART_CACHE_DIR: temporaryFolder("cold") });
const warmCache = temporaryFolder("warm");
const warm = (): Record<string, string> => ({ COLDSTART_CACHE_DIR: warmCache });
const inspect = (image: string, ...options: string[]): string[] => [
  process.execPath,
  coldstartProgram,
  "inspect",
  image,
  "--json",
  ...options,
];
const shell = (script: string, ...args: string[]): string[] => ["bash", "-o", "pipefail", "-c", script, ...args];

const contenders = {
  gzip: contender("gzip -dc | tar tvf -", shell('for blob; do gzip -dc "$blob" | tar tvf -; done', "bash", ...layerBlobs(folder))),
  layout: contender("coldstart, layout", inspect(layout), cold),
  registry: contender("coldstart, registry", inspect(`docker://${remote}`), cold),
  again: contender("coldstart, again", inspect(layout), warm),
  crane: contender("crane export | tar tvf -", shell('"$0" export --insecure "$1" - | tar tvf -', await peer("crane"), remote)),
  dive: contender("dive --json", [await peer("dive"), `docker-archive://${archive}`, "--json", "/dev/null"]),
  syft: contender("syft", [await peer("syft"), `oci-dir:${folder}`, "-q", "-o", "json"], () => ({ SYFT_CHECK_FOR_APP_UPDATE: "false" })),
};

function contender(name: string, argv: readonly string[], env?: () => Record<string, string>): Contender {
  return { name, argv, ...(env && { env }), costs: [] };
}

try {
  await costOf(contenders.again.argv, warm());
  for (let round = 0; round < Number(values.rounds); round++)
    for (const each of Object.values(contenders)) {
      console.error(`round ${round + 1}: ${each.name}`);
      each.costs.push(await costOf(each.argv, each.env?.()));
    }
} finally {
  await registry.stop();
}

const cpu = (each: Contender): number => median(each.costs.map((cost) => cost.cpuSeconds));
const wall = (each: Contender): number => median(each.costs.map((cost) => cost.wallSeconds));
const peak = (each: Contender): number => Math.max(...each.costs.map((cost) => cost.peakBytes));

const reestimate = await changedEntrypoint();
console.log(`\nOn ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, ${values.rounds} rounds, Node ${process.version}`);
console.log(`Image: ${layerBlobs(folder).length} layers, ${formatBytes(blobBytes(folder))} compressed\n`);
console.log(
  alignedTable(
    ["", "CPU s", "best s", "peak MiB", "CPU ÷ gzip|tar"],
    Object.values(contenders).map((each) => [
      each.name,
      cpu(each).toFixed(2),
      Math.min(...each.costs.map((cost) => cost.wallSeconds)).toFixed(2),
      (peak(each) / 2 ** 20).toFixed(0),
      (cpu(each) / cpu(contenders.gzip)).toFixed(2),
    ]),
  ),
);

const targets: [what: string, measured: number, atMost: number][] = [
  ["layout: CPU ÷ gzip|tar", cpu(contenders.layout) / cpu(contenders.gzip), 0.8],
  ["registry: CPU ÷ gzip|tar", cpu(contenders.registry) / cpu(contenders.gzip), 0.8],
  ["layout: CPU ÷ dive", cpu(contenders.layout) / cpu(contenders.dive), 0.8],
  ["registry: CPU ÷ crane export|tar", cpu(contenders.registry) / cpu(contenders.crane), 0.5],
  ["layout: CPU ÷ syft", cpu(contenders.layout) / cpu(contenders.syft), 0.25],
  ["peak memory, MiB", Math.max(peak(contenders.layout), peak(contenders.registry)) / 2 ** 20, 300],
  ["the whole command again, s", wall(contenders.again), 1],
  [`changed ENTRYPOINT, ${formatCount(reestimate.files)} files, ms (worst ${reestimate.worstMs.toFixed(0)})`, reestimate.durationMs, 100],
];
console.log(
  `\n${alignedTable(
    ["target", "measured", "at most"],
    targets.map(([what, measured, atMost]) => [what, measured.toFixed(2), atMost.toFixed(2), measured <= atMost ? "pass" : "miss"]),
  )}`,
);

/** The largest image at hand, asked about one other entrypoint after the other, in this process. */
async function changedEntrypoint(): Promise<{ durationMs: number; worstMs: number; files: number }> {
  const large = join(process.env["CORPUS_OUT"] ?? join(homedir(), ".cache", "coldstart-corpus"), "oci", "hf-transformers");
  const image = existsSync(large) ? `oci:${large}:latest` : layout;
  const settings = defaultEngineSettings();
  const engine = {
    facts: { ...settings.facts, cacheDir: keptFolder("bench-facts") },
    image: { ...settings.image, sharedBlobDir: join(large, "..", "blobs") },
  };
  let inspection: Inspection | undefined;
  for await (const event of inspectImage(image, { chunkSizeBytes: 4 << 20, settings: engine }, {}))
    if (event.kind === "done") inspection = event.inspection;
  if (!inspection) throw new Error("an inspection ended without a result");
  const entrypoints = [
    ["python3", "-m", "json.tool"],
    inspection.question.entrypoint,
    ["sh", "-c", "python3 -c 'import ssl'"],
    inspection.question.entrypoint,
  ];
  const durations: number[] = [];
  for (let round = 0; round < 3; round++)
    for (const entrypoint of entrypoints) {
      const started = performance.now();
      await estimateAgain(inspection, { ...inspection.question, entrypoint }, {});
      durations.push(performance.now() - started);
    }
  console.error(`changed ENTRYPOINT on ${image}: ${durations.map((ms) => ms.toFixed(0)).join(" ")} ms`);
  return { durationMs: median(durations), worstMs: Math.max(...durations), files: inspection.estimate.totals.files };
}

interface Manifest {
  readonly layers: readonly { readonly digest: string; readonly size: number }[];
}

function manifestOf(layoutFolder: string): Manifest {
  const index = JSON.parse(readFileSync(join(layoutFolder, "index.json"), "utf8")) as { manifests: { digest: string }[] };
  return JSON.parse(readFileSync(blobFile(layoutFolder, index.manifests[0]?.digest ?? ""), "utf8")) as Manifest;
}

function layerBlobs(layoutFolder: string): string[] {
  return manifestOf(layoutFolder).layers.map((layer) => blobFile(layoutFolder, layer.digest));
}

function blobBytes(layoutFolder: string): number {
  return manifestOf(layoutFolder).layers.reduce((sum, layer) => sum + layer.size, 0);
}

function blobFile(layoutFolder: string, digest: string): string {
  return join(layoutFolder, "blobs", ...digest.split(":"));
}
