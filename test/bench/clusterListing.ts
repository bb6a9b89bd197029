/** One listing in a process of its own, for `clusterScale.ts`: prints what it took as one line of JSON. */
import { connectCluster } from "../../src/cluster/connect.ts";
import { listGpuPools } from "../../src/cluster/gpuPools.ts";

const begun = performance.now();
const cluster = await connectCluster({ kubeconfigPath: process.argv[2] ?? "", allowCommands: false }, {});
const { value: pools, problems } = await listGpuPools(cluster, {}, {});
const durationMs = performance.now() - begun;
const resources = pools.flatMap((pool) => pool.resources);
const measured: Listing = {
  durationMs,
  // Since the process began, with loading everything.
  processMs: performance.now(),
  processorMs: (process.cpuUsage().user + process.cpuUsage().system) / 1000,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  pools: pools.length,
  nodes: pools.flatMap((pool) => pool.nodes).length,
  allocatable: resources.reduce((sum, { allocatable }) => sum + allocatable, 0),
  free: resources.reduce((sum, { free }) => sum + (free ?? 0), 0),
  problems: problems.length,
};
process.stdout.write(`${JSON.stringify(measured)}\n`);

export interface Listing {
  readonly durationMs: number;
  readonly processMs: number;
  readonly processorMs: number;
  readonly peakBytes: number;
  readonly pools: number;
  readonly nodes: number;
  readonly allocatable: number;
  readonly free: number;
  readonly problems: number;
}
