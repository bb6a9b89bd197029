import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BootReport } from "../../../src/boot/bootReport.ts";
import { listOwned } from "../../../src/cluster/cleanup.ts";
import { readDocument } from "../../../src/results/readDocument.ts";
import { makeNamespace, type OwnNamespace } from "../cluster/ownNamespace.ts";
import { kubeconfigFile, tinyImage } from "../parts/cluster.ts";
import { coldstart, coldstartProgram } from "../parts/coldstart.ts";
import { poll, temporaryFolder } from "../parts/process.ts";
import { bootNode, onBootNode, startBootNode } from "./bootNode.ts";

let own: OwnNamespace;
let where: readonly string[];
const cache = temporaryFolder("cache");
let end = async (): Promise<void> => {};
beforeAll(async () => {
  end = await startBootNode();
  own = await makeNamespace();
  where = ["--context", own.admin.context, "--kubeconfig", kubeconfigFile, "--namespace", own.name];
});
afterAll(async () => {
  await own.remove();
  await end();
});

const pods = (): Promise<readonly unknown[]> => listOwned(own.admin, { namespace: own.name }, {});

test("coldstart boot asks the nodes of a pool, prints the answer and saves the report", async () => {
  const out = join(temporaryFolder("reports"), "node.coldstart.json");
  const asked = await coldstart(cache, ["boot", ...where, "--pool", "boot-test", "--out", out]);
  expect(asked).toMatchObject({ exitCode: 0, stderr: `The report is in ${out}.\n` });
  expect(asked.stdout).toMatch(/^kubelet\.service was ready .* after userspace began\. Longest: /);
  expect(asked.stdout).toContain("Note: The kubelet's log endpoint, without a pod told of this boot.");
  const { boots } = readDocument(readFileSync(out, "utf8"), out).value;
  expect(boots?.boots.map(({ name }) => name)).toEqual([bootNode]);
  expect(await pods()).toEqual([]);
});

test("by a privileged pod it prints exactly what systemd-analyze prints there, and only after somebody agreed", async () => {
  const args = ["boot", ...where, "--node", bootNode, "--way", "probe", "--probe-image", tinyImage, "--as", "critical-chain"];
  const refused = await coldstart(cache, args);
  expect(refused).toMatchObject({ exitCode: 1, stdout: "", stderr: expect.stringMatching(/--allow-privileged/) as string });
  const agreed = await coldstart(cache, [...args, "--allow-privileged"]);
  expect(agreed).toMatchObject({ exitCode: 0, stderr: "" });
  expect(agreed.stdout.trim()).toBe(await onBootNode("systemd-analyze", "critical-chain", "--no-pager"));
});

test("of several nodes those that tell nothing are left out and named", async () => {
  const asked = await coldstart(cache, [
    "boot",
    ...where,
    "--node",
    bootNode,
    "node-a",
    "--way",
    "bus",
    "--probe-image",
    tinyImage,
    "--json",
  ]);
  const { boots } = JSON.parse(asked.stdout) as BootReport;
  expect(boots.map(({ name }) => name)).toEqual([bootNode]);
  expect(boots[0]?.problems.at(-1)?.message).toMatch(/^node-a is left out: .*no \/run\/dbus\/system_bus_socket/);
});

test.each([
  [["--node", "nobody"], 1, /nodes "nobody" not found/],
  [["--pool", "nope"], 1, /No node is of a pool nope\.\nThere are: .*boot-test/],
  [["--node", bootNode, "--way", "magic"], 2, /no way "magic".*\nUse one of auto, logs, bus, probe/],
  [["--node", bootNode, "--from", "folder"], 2, /needs to know where to look/],
])("%j is answered in words", async (args, exitCode, words) => {
  const asked = await coldstart(cache, ["boot", ...where, ...args]);
  expect(asked).toMatchObject({ exitCode, stdout: "", stderr: expect.stringMatching(words) as string });
});

/** Asks by a pod, and gives the process once its pod is there. */
async function askedUntilPod(): Promise<ReturnType<typeof spawn>> {
  const args = ["boot", ...where, "--node", bootNode, "--way", "probe", "--allow-privileged", "--probe-image", tinyImage];
  const child = spawn(process.execPath, [coldstartProgram, ...args], { stdio: "ignore" });
  await poll("its pod to be there", async () => (await pods()).length === 1);
  return child;
}

test("after SIGKILL coldstart cleanup removes the pod; after Ctrl-C it is gone by itself", async () => {
  const killed = await askedUntilPod();
  killed.kill("SIGKILL");
  await once(killed, "exit");
  expect(await pods()).toHaveLength(1);
  const cleaned = await coldstart(cache, ["cleanup", ...where]);
  expect(cleaned).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Removed 1 of 1 objects/) as string });
  expect(await pods()).toEqual([]);
  const interrupted = await askedUntilPod();
  interrupted.kill("SIGINT");
  expect(await once(interrupted, "exit")).toEqual([130, null]);
  await poll("its pod to be gone", async () => (await pods()).length === 0);
});
