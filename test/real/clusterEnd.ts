import { isClusterUp, stopCluster } from "./parts/cluster.ts";

/** Ends the test cluster after the last test, if it was a test that started it. */
export function setup(): () => Promise<void> {
  const wasUp = isClusterUp();
  return async () => {
    if (!wasUp && isClusterUp()) await stopCluster();
  };
}
