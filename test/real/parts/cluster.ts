import { existsSync } from "node:fs";
import { join } from "node:path";
import { connectCluster } from "../../../src/cluster/connect.ts";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import { cacheFolder } from "./cache.ts";
import { must } from "./process.ts";

const folder = join(import.meta.dirname, "..", "..", "cluster");

/** Exists while a test cluster is up, whoever started it. */
export const clusterOwnerFile = "/var/lib/coldstart-cluster/owner";
export const kubeconfigFile = join(cacheFolder, "cluster", "run", "admin.kubeconfig");

/** Images that `test/cluster/up` puts into the registry. */
export const tinyImage = "10.201.0.2:5000/tiny:1";
export const probeImage = "10.201.0.2:5000/probe:1";

/** The form of a corpus image in the test cluster's registry; `clusterImages` has to have been called for it. */
export function imageForm(name: string, form: "gzip" | "zstd" | "estargz" | "soci" | "nydus"): string {
  return `${form === "soci" ? "127.0.0.1:15555" : "10.201.0.2:5000"}/${name}:${form}`;
}

/** Starts the test cluster unless it is up; `endOfTests` ends it. Minutes the first time, when its parts are compiled. */
export async function startCluster(nodes: 1 | 2 = 1): Promise<Cluster> {
  await must([join(folder, "up"), "--nodes", String(nodes)]);
  return connectCluster({ kubeconfigPath: kubeconfigFile, allowCommands: true }, {});
}

export async function stopCluster(): Promise<void> {
  await must([join(folder, "down")]);
}

export function isClusterUp(): boolean {
  return existsSync(clusterOwnerFile);
}

/** Puts images of the corpus into the registry in every form. Minutes the first time. */
export async function clusterImages(...names: readonly string[]): Promise<void> {
  await must([join(folder, "images"), ...names]);
}

export async function kubectl(...args: readonly string[]): Promise<string> {
  return must([join(cacheFolder, "cluster", "bin", "kubectl"), "--kubeconfig", kubeconfigFile, ...args]);
}

/** The API server alone: `start` returns when it is ready. */
export async function apiServer(what: "start" | "stop"): Promise<void> {
  await must([join(folder, "apiserver"), what]);
}

/** `200mbit`, or `off` for as fast as it goes. */
export async function setLinkRate(rate: string): Promise<void> {
  await must([join(folder, "link"), "rate", rate]);
}

/** What the registry has sent so far. */
export async function linkBytes(): Promise<number> {
  return Number(await must([join(folder, "link"), "bytes"]));
}
