/**
 * `npm run bench:cluster [NODES PODS]`: how long GPU pools take to list, and in how much memory, with 1,000 nodes and 5,000 pods behind the
 * real API server of the test cluster. Fails above 2 s or 300 MB.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { formatBytes, formatDuration } from "../../src/base/format.ts";
import { isClusterUp, kubeconfigFile, startCluster, stopCluster } from "../real/parts/cluster.ts";
import type { Listing } from "./clusterListing.ts";
import { makeFakes, removeFakes } from "./fakeCluster.ts";

const limits = { durationMs: 2000, peakBytes: 300_000_000 };
const rounds = 5;
const namespace = "coldstart-bench-scale";
const [nodes = 1000, pods = 5000] = process.argv.slice(2).map(Number);

const wasUp = isClusterUp();
const cluster = await startCluster();
const made = performance.now();
const listings: Listing[] = [];
try {
  await makeFakes(cluster, { nodes, pods, namespace });
  process.stdout.write(`${nodes} nodes and ${pods} pods made in ${formatDuration(performance.now() - made)}\n`);
  for (let round = 0; round < rounds; round++) {
    const text = execFileSync(process.execPath, [join(import.meta.dirname, "clusterListing.ts"), kubeconfigFile], { encoding: "utf8" });
    const listing = JSON.parse(text) as Listing;
    listings.push(listing);
    process.stdout.write(
      `listed ${listing.nodes} nodes in ${listing.pools} pools, ${listing.free} of ${listing.allocatable} GPUs free: ${formatDuration(listing.durationMs)} ` +
        `(${formatDuration(listing.processorMs)} of processor time, ${formatDuration(listing.processMs)} with starting Node), peak ${formatBytes(listing.peakBytes)}\n`,
    );
  }
} finally {
  const removing = performance.now();
  await removeFakes(cluster, namespace);
  process.stdout.write(`removed in ${formatDuration(performance.now() - removing)}\n`);
  if (!wasUp) await stopCluster();
}
const median = listings.map(({ durationMs }) => durationMs).sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Infinity;
const peak = Math.max(...listings.map(({ peakBytes }) => peakBytes));
const isRight = listings.every((listing) => listing.nodes >= nodes && listing.problems === 0);
process.stdout.write(
  `median ${formatDuration(median)} (limit ${formatDuration(limits.durationMs)}), peak ${formatBytes(peak)} (limit ${formatBytes(limits.peakBytes)})\n`,
);
process.exitCode = isRight && median <= limits.durationMs && peak <= limits.peakBytes ? 0 : 1;
