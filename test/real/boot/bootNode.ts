import { join } from "node:path";
import { startCluster } from "../parts/cluster.ts";
import { must, run } from "../parts/process.ts";

const script = join(import.meta.dirname, "..", "..", "cluster", "boot-node");

/** The node of the test cluster that really boots. */
export const bootNode = "node-boot";

/** Boots it unless it is up; gives what ends it again if so. */
export async function startBootNode(): Promise<() => Promise<void>> {
  await startCluster();
  const wasUp = (await run([script, "run", "true"])).exitCode === 0;
  await must([script, "up"]);
  // What asks about a boot that is not over gets another answer each time.
  await onBootNode("systemctl", "is-system-running", "--wait").catch(() => undefined);
  return async () => {
    if (!wasUp) await must([script, "down"]);
  };
}

/** What a command prints on the machine. */
export function onBootNode(...command: readonly string[]): Promise<string> {
  return must([script, "run", "env", "LC_ALL=C.UTF-8", "SYSTEMD_COLORS=0", ...command]);
}
