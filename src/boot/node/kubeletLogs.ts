import type { Call } from "../../base/log.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { isApiFailure } from "../../cluster/errors.ts";
import type { ReadBoot } from "../bootChain.ts";
import { readBootSource, type BootSource } from "../bootSource.ts";
import { bootUnreadable, noJournal } from "../errors.ts";
import type { JournalBoot } from "../formats/journalBoots.ts";
import { joinSources } from "../joinSources.ts";
import { beginsIn, journalFilesOf, joinedJournal, linksOf } from "./journalFolder.ts";
import type { NodeFacts } from "./nodeFacts.ts";

/** Rotated files are up to 128 MB each; the boot of a machine that ran for months may lie far back. */
const maxJournalFiles = 8;

/** The kubelet serves files, and refuses whoever wants JSON only. */
const asItIs = { method: "GET", headers: { accept: "*/*" } } as const;

/**
 * The node's boot from its journal and cloud-init's log, which the kubelet serves from below `/var/log`. Needs `get nodes/proxy`. Throws `UserError`
 * when the kubelet serves no logs, or when there is no journal of this boot.
 */
export async function collectFromLogs(cluster: Cluster, node: string, facts: NodeFacts, call: Call): Promise<ReadBoot> {
  const logs = `/api/v1/nodes/${encodeURIComponent(node)}/proxy/logs/`;
  const journal = await readJournal(cluster, node, logs, facts, call);
  const stages = await readIfThere(cluster, `${logs}cloud-init.log`, call);
  const sources: BootSource[] = [
    { form: "journal", boots: [journal] },
    ...(stages?.form === "cloud-init analyze dump" ? [stages] : []),
    ...(facts.osName === undefined ? [] : [{ form: "os-release", osName: facts.osName } as const]),
  ];
  const boot = joinSources(node, sources)[0];
  if (!boot) throw bootUnreadable(node, "its journal holds no boot");
  return boot;
}

async function readJournal(cluster: Cluster, node: string, logs: string, facts: NodeFacts, call: Call): Promise<JournalBoot> {
  const machines = linksOf(await list(cluster, `${logs}journal/`, node, call)).filter((name) => /^[0-9a-f]{32}$/.test(name));
  const machine = machines.find((name) => name === facts.machineId) ?? machines[0];
  if (machine === undefined) throw noJournal(node, "there is no journal below /var/log/journal");
  const folder = `${logs}journal/${machine}/`;
  const files = journalFilesOf(linksOf(await list(cluster, folder, node, call))).slice(0, maxJournalFiles);
  let bootId = facts.bootId;
  const parts: JournalBoot[] = [];
  for (const file of files) {
    const read = await readIfThere(cluster, folder + encodeURIComponent(file), call);
    if (read?.form !== "journal") continue;
    bootId ??= read.boots.at(-1)?.bootId;
    const part = read.boots.find((boot) => boot.bootId === bootId);
    if (part) parts.push(part);
    // Files before the one in which the boot begins are of earlier boots.
    if (parts.length > 0 && (!part || beginsIn(part, read.boots))) break;
  }
  const journal = joinedJournal(parts);
  if (!journal) throw noJournal(node, "the journal below /var/log/journal has nothing of the boot that is running");
  return journal;
}

async function list(cluster: Cluster, path: string, node: string, call: Call): Promise<string> {
  try {
    return await cluster.request<string>({ ...asItIs, path, as: "text" }, call);
  } catch (error) {
    if (isApiFailure(error) && error.refusal === "not-found")
      throw noJournal(node, "it serves no /var/log/journal, so no systemd runs there, or its journal is kept in memory only");
    throw error;
  }
}

async function readIfThere(cluster: Cluster, path: string, call: Call): Promise<BootSource | undefined> {
  try {
    const { source, problem } = await readBootSource(cluster.download({ ...asItIs, path }, call));
    if (problem !== undefined) call.log?.info("A log of the node was read in part", { path, problem });
    return source;
  } catch (error) {
    // Rotated away meanwhile, or never there.
    if (isApiFailure(error) && error.refusal === "not-found") return undefined;
    throw error;
  }
}
