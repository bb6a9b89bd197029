import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listContexts, resolveContext, type ClusterSource } from "../../src/cluster/contexts.ts";
import { expectUserError } from "../fakes/userErrors.ts";

let home: string;
const source: ClusterSource = { allowCommands: false };

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "kubeconfigs-"));
  vi.stubEnv("HOME", home);
  vi.stubEnv("KUBECONFIG", "");
  vi.stubEnv("KUBERNETES_SERVICE_HOST", "");
});
afterEach(() => vi.unstubAllEnvs());

function file(name: string, context: string, more = ""): string {
  const path = join(home, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(
    path,
    `contexts: [{name: ${context}, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: "https://word:pass@${name.replace("/", ".")}.example"}}]\nusers: [{name: u, user: {}}]\n${more}`,
  );
  return path;
}

const names = async (given = source): Promise<string[]> => (await listContexts(given)).value.map(({ name }) => name);

test("files are looked for where kubectl looks: the named one, KUBECONFIG, the home folder", async () => {
  file(".kube/config", "home");
  const [a, b, named] = [file("a", "a"), file("b", "b"), file("named", "named")];
  expect(await names()).toEqual(["home"]);
  vi.stubEnv("KUBECONFIG", [a, "", join(home, "missing"), b, a].join(delimiter));
  expect((await names()).sort()).toEqual(["a", "b"]);
  expect(await names({ ...source, kubeconfigPath: named })).toEqual(["named"]);
});

test("a context is told without what its address hides", async () => {
  const path = file("x", "x", "current-context: x");
  expect((await listContexts({ ...source, kubeconfigPath: path })).value).toEqual([
    { name: "x", server: "https://x.example", user: "u", namespace: "default", isCurrent: true, usesCommands: false },
  ]);
});

test("what is missing is named", async () => {
  await expectUserError(listContexts(source), "kubeconfig-unreadable", /No kubeconfig was found: .*\.kube\/config/);
  await expectUserError(listContexts({ ...source, kubeconfigPath: join(home, "no") }), "kubeconfig-unreadable", /ENOENT/);
  const path = file("x", "x");
  await expectUserError(resolveContext({ ...source, kubeconfigPath: path }), "context-not-found", /no current context.*--context x/s);
  await expectUserError(
    resolveContext({ ...source, kubeconfigPath: path, context: "y\u001b[2J" }),
    "context-not-found",
    /no context "y \[2J".*one of: x/s,
  );
  writeFileSync(path, "contexts: [{name: x, context: {cluster: gone, user: u}}]");
  await expectUserError(resolveContext({ ...source, kubeconfigPath: path, context: "x" }), "kubeconfig-unreadable", /names a cluster/);
  writeFileSync(path, ":\n  - {");
  await expectUserError(listContexts({ ...source, kubeconfigPath: path }), "kubeconfig-unreadable", /no valid YAML/);
});
