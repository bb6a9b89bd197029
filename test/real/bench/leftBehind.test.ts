import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listOwned } from "../../../src/cluster/cleanup.ts";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import { readDocument } from "../../../src/results/readDocument.ts";
import { makeNamespace, type OwnNamespace } from "../cluster/ownNamespace.ts";
import { kubeconfigFile, probeImage, startCluster, tinyImage } from "../parts/cluster.ts";
import { containersGone } from "../parts/nodeImages.ts";
import { poll, run, temporaryFolder, type Finished } from "../parts/process.ts";
import { trialNode } from "./benchRuns.ts";

/** What is on the cluster after a benchmark's end, however it ended: listed by label, in all namespaces. */

let cluster: Cluster;
let own: OwnNamespace;
beforeAll(async () => {
  cluster = await startCluster(2);
  own = await makeNamespace();
  await containersGone(trialNode);
});
afterAll(() => own.remove());

const program = join(import.meta.dirname, "..", "..", "..", "src", "cli", "main.ts");

function benchArguments(out: string, trials: number): readonly string[] {
  const plan = [
    "--arm",
    "overlayfs",
    "--trials",
    String(trials),
    "--ready",
    "http:8080/health",
    "--coldness",
    "L1",
    "--plain-http",
    "10.201.0.2:5000",
  ];
  const place = ["--kubeconfig", kubeconfigFile, "--namespace", own.name, "--node", trialNode, "--gpus", "0", "--probe-image", probeImage];
  return [program, "bench", tinyImage, ...plan, ...place, "--out", out, "--yes", "--allow-privileged"];
}

async function left(runId?: string): Promise<readonly string[]> {
  return (await listOwned(cluster, { runId, ...(runId === undefined && { namespace: own.name }) }, {})).map(({ name }) => name);
}

/** The report as it is now; undefined while none was written. */
function reportIn(path: string): { readonly runId: string; readonly trials: number; readonly ending: string } | undefined {
  if (!existsSync(path)) return undefined;
  const { value, problems } = readDocument(readFileSync(path, "utf8"), path);
  expect(problems).toEqual([]);
  return value.bench && { runId: value.bench.run.id, trials: value.bench.run.trials.length, ending: value.bench.run.ending.kind };
}

function command(...args: readonly string[]): Promise<Finished> {
  return run([process.execPath, program, ...args, "--kubeconfig", kubeconfigFile]);
}

async function startedBench(out: string, trials: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, benchArguments(out, trials), { stdio: "ignore" });
  await poll("a finished trial and a running one", async () => {
    if (child.exitCode !== null) throw new Error(`The benchmark ended with ${child.exitCode}.`);
    return (reportIn(out)?.trials ?? 0) >= 1 && (await left()).length === 2;
  });
  return child;
}

test("after Ctrl-C nothing is left, and the report holds the trials until then", async () => {
  const out = join(temporaryFolder("bench"), "cancelled.coldstart.json");
  const child = await startedBench(out, 20);
  child.kill("SIGINT");
  await once(child, "exit");
  const report = reportIn(out);
  expect(report?.ending).toBe("cancelled");
  expect(await left(report?.runId)).toEqual([]);
});

test("after SIGKILL the report can be read, and cleaning up removes what was left and says so", async () => {
  const out = join(temporaryFolder("bench"), "killed.coldstart.json");
  const child = await startedBench(out, 20);
  child.kill("SIGKILL");
  await once(child, "exit");
  const report = reportIn(out);
  expect(report?.trials).toBeGreaterThanOrEqual(1);
  const before = await left(report?.runId);
  expect(before.length).toBeGreaterThanOrEqual(1);
  const finished = await command("cleanup", "--context", "coldstart-test", "--namespace", own.name);
  expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
  for (const name of before) expect(finished.stdout + finished.stderr).toContain(name);
  expect(await left(report?.runId)).toEqual([]);
});

test("after SIGKILL the next run removes what was left before it starts, and leaves nothing of its own", async () => {
  const folder = temporaryFolder("bench");
  const child = await startedBench(join(folder, "killed.coldstart.json"), 20);
  child.kill("SIGKILL");
  await once(child, "exit");
  const before = await left();
  const out = join(folder, "next.coldstart.json");
  const finished = await run([process.execPath, ...benchArguments(out, 1)]);
  expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
  for (const name of before) expect(finished.stderr).toContain(name);
  const report = reportIn(out);
  expect(report).toMatchObject({ trials: 1, ending: "complete" });
  expect([...(await left()), ...(await left(report?.runId))]).toEqual([]);
});
