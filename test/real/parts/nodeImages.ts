import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { must, poll } from "./process.ts";

/** containerd of a node of the test cluster, asked by its own client: beside Kubernetes and the benchmark. */
export async function ctr(node: string, ...args: readonly string[]): Promise<string> {
  return must([...ctrOf(node), ...args]);
}

/** The command up to its verb. This machine is the node. */
export function ctrOf(node: string): readonly string[] {
  const socket = `/var/lib/coldstart-cluster/${node.replace(/^node-/, "")}/containerd.sock`;
  return [join(cacheFolder, "cluster", "bin", "ctr"), "--address", socket, "--namespace", "k8s.io"];
}

export function imageNames(node: string): Promise<readonly string[]> {
  return ctr(node, "images", "ls", "-q").then((text) => text.split("\n").filter(Boolean));
}

/**
 * Waits until no container is left on a node but sandboxes and those of probes. The kubelet takes up to a minute for those of pods that were
 * removed by force, and as long as they are there nothing of their image can be made cold.
 */
export async function containersGone(node: string): Promise<void> {
  const isOther = (row: string): boolean => row !== "" && !/\/(pause|probe)[:@]/.test(row);
  const others = async (): Promise<boolean> => (await ctr(node, "containers", "ls")).split("\n").slice(1).some(isOther);
  await poll(`the containers of others to go from ${node}`, async () => !(await others()), 120_000);
}

/**
 * Removes every image of a node but those that each test needs there (the pause and the probe), whoever left them: layers that are shared would
 * make a trial partly warm. Returns when their content is gone.
 */
export async function clearImages(node: string): Promise<void> {
  const rows = (await ctr(node, "images", "ls"))
    .split("\n")
    .slice(1)
    .map((row) => row.trim().split(/\s+/));
  const kept = new Set(rows.filter(([name = ""]) => /\/(pause|probe)[:@]/.test(name)).map(([, , digest]) => digest));
  const gone = rows.filter(([, , digest]) => !kept.has(digest)).map(([name = ""]) => name);
  if (gone.length > 0) await ctr(node, "images", "rm", "--sync", ...gone);
}
