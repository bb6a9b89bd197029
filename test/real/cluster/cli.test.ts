import { afterAll, beforeAll, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { ClustersAnswer } from "../../../src/cli/clustersCommand.ts";
import type { CleanupReceipt } from "../../../src/cluster/cleanup.ts";
import { ownerMarks } from "../../../src/cluster/ownership.ts";
import { kubeconfigFile } from "../parts/cluster.ts";
import { coldstart } from "../parts/coldstart.ts";
import { temporaryFolder } from "../parts/process.ts";
import { makeNamespace, otherKubeconfig, type OwnNamespace } from "./ownNamespace.ts";

let own: OwnNamespace;
const cache = temporaryFolder("cache");
beforeAll(async () => void (own = await makeNamespace()));
afterAll(() => own.remove());

test("coldstart clusters answers for the current context, as text and as JSON", async () => {
  const text = await coldstart(cache, ["clusters"], { env: { KUBECONFIG: kubeconfigFile } });
  expect(text).toMatchObject({ exitCode: 0, stderr: "" });
  expect(text.stdout).toMatch(/^\S+ \(https:\/\/127\.0\.0\.1:\d+\) has \d+ of \d+ GPUs free, on \d+ nodes? in \d+ pools?\.\n/);
  expect(text.stdout).toMatch(/ {2}stargz +stargz +stargz \(likely\)/);
  const json = await coldstart(cache, ["clusters", "--kubeconfig", kubeconfigFile, "--json"]);
  const answer = JSON.parse(json.stdout) as ClustersAnswer;
  expect(answer.pools.some(({ name, provider }) => name === "gpu-test" && provider === "Karpenter")).toBe(true);
  expect(answer.contexts).toMatchObject([{ isCurrent: true, usesCommands: false }]);
});

test("a context that is not there, and a sign-in that fails, end with words and without a stack", async () => {
  const missing = await coldstart(cache, ["clusters", "--kubeconfig", kubeconfigFile, "--context", "nope"]);
  expect(missing).toMatchObject({ exitCode: 2, stdout: "" });
  expect(missing.stderr).toMatch(/^The kubeconfig has no context "nope"\.\nChoose one of: .+\.\n$/);
  const wrong = otherKubeconfig({ user: { token: "planted-token" } });
  const refused = await coldstart(cache, ["clusters", "--kubeconfig", wrong, "--verbose"]);
  expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
  expect(refused.stderr).toContain('The cluster of the context "other" does not know these credentials.');
  expect(refused.stderr).not.toContain("planted-");
});

test("coldstart rbac prints roles, and --check tells what is missing", async () => {
  const printed = await coldstart(cache, ["rbac", "--tier", "bench", "--namespace", own.name, "--subject", "user:jane"]);
  expect(printed).toMatchObject({ exitCode: 0, stderr: "" });
  expect(parseAllDocuments(printed.stdout).map((document) => (document.toJS() as { kind: string }).kind)).toEqual([
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
  ]);
  expect(await coldstart(cache, ["rbac", "--tier", "all"])).toMatchObject({ exitCode: 2 });
  expect(await coldstart(cache, ["rbac", "--subject", "jane"])).toMatchObject({ exitCode: 2 });
  const allowed = await coldstart(cache, ["rbac", "--check", "--tier", "probe", "--kubeconfig", kubeconfigFile]);
  expect(allowed).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^You may run a privileged probe pod/) as string });
  const nobody = otherKubeconfig({ user: { token: await own.serviceAccountToken("nobody") }, namespace: own.name });
  const denied = await coldstart(cache, ["rbac", "--check", "--kubeconfig", nobody]);
  expect(denied.exitCode).toBe(1);
  expect(denied.stdout).toMatch(/^Missing: get, list, watch nodes, to see nodes and their pools\. Granted by a ClusterRole with /);
  expect(denied.stdout).toContain("Missing, but not needed: get deployments");
  expect(denied.stderr).toContain(`create, get, list, watch, delete pods in ${own.name}`);
});

test("coldstart cleanup removes a run and prints a receipt", async () => {
  const marks = ownerMarks(`cli-${own.name}`, Date.now() + 60_000);
  await own.startPod("left-behind", "sleep 600", { labels: marks.labels, annotations: marks.annotations });
  const where = ["--context", own.admin.context, "--kubeconfig", kubeconfigFile, "--namespace", own.name];
  const spared = await coldstart(cache, ["cleanup", ...where]);
  expect(spared).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^Nothing was left in .*\n1 in use by runs that go on/) as string,
  });
  const removed = await coldstart(cache, ["cleanup", ...where, "--run", `cli-${own.name}`]);
  expect(removed.exitCode).toBe(0);
  expect(removed.stdout).toMatch(/^Removed 1 of 1 objects from .*left-behind .*removed \d{4}-/s);
  const json = await coldstart(cache, ["cleanup", ...where, "--all", "--json"]);
  expect(JSON.parse(json.stdout) as CleanupReceipt).toMatchObject({ context: own.admin.context, entries: [], inUse: [] });
  expect((await coldstart(cache, ["cleanup"])).exitCode).toBe(2);
});
