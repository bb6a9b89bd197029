/**
 * The door to clusters. The Kubernetes client is behind it, so it is only ever opened by `await import`, when the user asks for a cluster.
 */
export { cleanup } from "../../cluster/cleanup.ts";
export { connectCluster } from "../../cluster/connect.ts";
export { listContexts } from "../../cluster/contexts.ts";
export { isApiFailure } from "../../cluster/errors.ts";
export { gpuPoolsOf } from "../../cluster/gpuPools.ts";
export { readGpuUsage } from "../../cluster/gpuUsage.ts";
export { listNodes } from "../../cluster/nodes.ts";
export { listRuntimeClasses, snapshotterOf } from "../../cluster/runtimeClasses.ts";
