import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { kubeconfigFile, probeImage } from "../real/parts/cluster.ts";
import { run, temporaryFolder } from "../real/parts/process.ts";
import { work } from "../steps.ts";
import { coldstart } from "./coldstart.ts";

const recorded = join(import.meta.dirname, "..", "fixtures", "boot");
/** Several starts of the same node, so that the report can tell how much they differ. */
const recordedNames = /^repeat-nspawn-normal-\d\.json\.gz$/;

/**
 * The boot chain of a node: of a machine that boots here and joins the cluster, else of boots that were recorded on such machines. Returns the
 * report's path; undefined when it failed.
 */
export async function bootChain(workspace: string, env: Readonly<Record<string, string>>): Promise<string | undefined> {
  const report = join(workspace, "node.coldstart.json");
  const way = ["--kubeconfig", kubeconfigFile, "--allow-privileged", "--probe-image", probeImage];
  try {
    const booted = await work("a node that boots in systemd-nspawn", () => run(["test/cluster/boot-node", "up"]));
    if (booted.exitCode === 0) {
      const asked = await coldstart("coldstart boot, asking that node", ["boot", "--node", "node-boot", ...way, "--out", report], { env });
      if (asked.exitCode === 0) return report;
    } else {
      console.log(`  This machine cannot boot one (${booted.stderr.trim().split("\n").at(-1) ?? ""}): recorded boots take its place.`);
    }
  } finally {
    await run(["test/cluster/boot-node", "down"]);
  }
  const read = await coldstart("coldstart boot, from recorded boots", ["boot", "--from", ...unpackRecorded(), "--out", report], { env });
  return read.exitCode === 0 ? report : undefined;
}

/** Folders as a collection from a machine leaves them. */
function unpackRecorded(): readonly string[] {
  const folder = temporaryFolder("recorded-boots");
  return readdirSync(recorded)
    .filter((name) => recordedNames.test(name))
    .map((name) => {
      const boot = join(folder, name.replace(/\.json\.gz$/, ""));
      mkdirSync(boot);
      const files = JSON.parse(gunzipSync(readFileSync(join(recorded, name))).toString("utf8")) as Readonly<Record<string, string>>;
      for (const [file, text] of Object.entries(files)) writeFileSync(join(boot, file), text);
      return boot;
    });
}
