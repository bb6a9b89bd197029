/**
 * `npm run bench:truth [TRIALS]`: how far the marks and stages of real trials on the test cluster are off, against containerd's own event stream
 * and stamps made inside the container. A line for each: number, median and largest error, what the benchmark states for itself, and the share that
 * lies within that and 20 ms. Fails when one does not, or a readiness is off by more than one poll.
 */
import { clusterImages, startCluster } from "../real/parts/cluster.ts";
import { armOn, inShort, trialNode } from "../real/bench/benchRuns.ts";
import { truthRun, type TruthRow } from "../real/bench/clockTruth.ts";
import { makeNamespace } from "../real/cluster/ownNamespace.ts";
import { alignedTable, median } from "./table.ts";

const trials = Number(process.argv[2] ?? 24);
const image = "py-httpserver";
const snapshotters = ["overlayfs", "stargz", "soci", "nydus"] as const;

const cluster = await startCluster(2);
await clusterImages(image);
const own = await makeNamespace();
const rows: TruthRow[] = [];
let ready = 0;
let notReady = 0;
try {
  for (const kind of ["listen", "answer"] as const) {
    const { run, rows: found } = await truthRun(cluster, trialNode, kind, {
      namespace: own.name,
      arms: snapshotters.map((each) => armOn(each, image)),
      trialsPerArm: Math.ceil(trials / 2 / snapshotters.length),
    });
    for (const trial of run.trials) {
      process.stdout.write(`${kind} ${trial.arm} ${inShort(trial)}\n`);
      if (trial.outcome.kind === "ready") ready++;
      else notReady++;
    }
    rows.push(...found);
  }
} finally {
  await own.remove();
}

const whats = [...new Set(rows.map(({ what }) => what))];
const header = ["mark or stage", "n", "median error", "largest error", "median stated", "largest stated", "inside", "sources"];
const table = whats.map((what) => {
  const of = rows.filter((row) => row.what === what);
  const errors = of.map(({ errorMs }) => Math.abs(errorMs));
  const stated = of.map(({ resolutionMs }) => resolutionMs);
  return [
    what,
    String(of.length),
    ms(median(errors)),
    ms(Math.max(...errors)),
    ms(median(stated)),
    ms(Math.max(...stated)),
    `${of.filter(({ isInside }) => isInside).length} of ${of.length}`,
    [...new Set(of.map(({ source }) => source))].join(" or "),
  ];
});
process.stdout.write(`\n${ready} trials ready, ${notReady} not\n${alignedTable(header, table)}\n`);
const polled = rows.filter(({ onePollMs }) => onePollMs !== undefined);
const late = polled.filter(({ errorMs, onePollMs = 0, resolutionMs }) => errorMs < 0 || errorMs > Math.max(onePollMs, resolutionMs));
process.stdout.write(
  `readiness: ${polled.length - late.length} of ${polled.length} within one poll (median ${ms(median(polled.map(({ onePollMs = 0 }) => onePollMs)))})\n`,
);
const outside = rows.filter(({ isInside }) => !isInside);
for (const row of outside) process.stdout.write(`outside: ${JSON.stringify(row)}\n`);
process.exit(outside.length + late.length + notReady === 0 ? 0 : 1);

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
