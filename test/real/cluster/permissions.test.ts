import { afterAll, beforeAll, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import { connectCluster } from "../../../src/cluster/connect.ts";
import { isApiFailure } from "../../../src/cluster/errors.ts";
import { listGpuPools } from "../../../src/cluster/gpuPools.ts";
import { checkPermissions, requirePermissions } from "../../../src/cluster/permissions.ts";
import { rbacYaml } from "../../../src/cluster/rbac.ts";
import { tiers, type Tier } from "../../../src/cluster/tiers.ts";
import { expectUserError } from "../../fakes/userErrors.ts";
import { poll } from "../parts/process.ts";
import { makeNamespace, otherKubeconfig, type OwnNamespace } from "./ownNamespace.ts";

let own: OwnNamespace;
beforeAll(async () => void (own = await makeNamespace()));
afterAll(async () => {
  for (const tier of tiers) {
    await removed(`clusterroles/${roleName(tier)}`);
    await removed(`clusterrolebindings/${roleName(tier)}-${own.name}`);
  }
  await own.remove();
});

/** Cluster-wide names must not meet those of others on the cluster. */
const roleName = (tier: Tier): string => `coldstart-${tier}-${own.name}`;

async function removed(path: string): Promise<void> {
  await own.admin.request({ method: "DELETE", path: `/apis/rbac.authorization.k8s.io/v1/${path}` }, {}).catch((error: unknown) => {
    if (!isApiFailure(error) || error.refusal !== "not-found") throw error;
  });
}

async function apply(tier: Tier, account: string): Promise<void> {
  const yaml = rbacYaml(tier, own.name, { kind: "ServiceAccount", name: account, namespace: own.name });
  for (const document of parseAllDocuments(yaml.replaceAll(`coldstart-${tier}`, roleName(tier)))) {
    const body = document.toJS() as { kind: string; metadata: { namespace?: string } };
    const scope = body.metadata.namespace === undefined ? "" : `namespaces/${body.metadata.namespace}/`;
    await own.admin.request({ method: "POST", path: `/apis/rbac.authorization.k8s.io/v1/${scope}${body.kind.toLowerCase()}s`, body }, {});
  }
}

async function connectAs(account: string): Promise<Cluster> {
  const user = { token: await own.serviceAccountToken(account) };
  return connectCluster({ kubeconfigPath: otherKubeconfig({ user, namespace: own.name }), allowCommands: false }, {});
}

test.each(tiers)("somebody without rights is told what is missing for %s; the printed roles grant it, and no more", async (tier) => {
  const cluster = await connectAs(tier);
  await expectUserError(
    requirePermissions(cluster, tier, own.name, {}),
    "cluster-forbidden",
    /You may not get, list, watch nodes.*a ClusterRole with apiGroups: \[""\], resources: \["nodes"\], verbs: \["get", "list", "watch"\]/s,
  );
  await apply(tier, tier);
  // The authorizer learns of roles through a watch of its own.
  const permissions = await poll("the roles to count", async () => {
    const now = await checkPermissions(cluster, tier, own.name, {});
    return now.missing.length === 0 && now;
  });
  expect(permissions).toEqual({ tier, namespace: own.name, isAllowed: true, missing: [] });
  const next = { list: "bench", bench: "probe", probe: "boot", boot: "probe", "boot-pod": "boot" } as const satisfies Record<Tier, Tier>;
  expect((await checkPermissions(cluster, next[tier], own.name, {})).isAllowed).toBe(false);
});

test("with the roles for benchmarks pods run, are watched and followed, and are deleted", async () => {
  const cluster = await connectAs("bench");
  const pods = own.path("pods");
  await cluster.request(
    { method: "POST", path: pods, body: { metadata: { name: "allowed" }, spec: { containers: [{ name: "c", image: "x" }] } } },
    {},
  );
  expect((await listGpuPools(cluster, {}, {})).problems).toEqual([]);
  await cluster.request({ method: "DELETE", path: `${pods}/allowed`, query: { gracePeriodSeconds: 0 } }, {});
  const elsewhere = cluster.request({ method: "GET", path: "/api/v1/namespaces/kube-system/secrets" }, {});
  await expectUserError(
    elsewhere,
    "cluster-forbidden",
    /Role in kube-system with apiGroups: \[""\], resources: \["secrets"\], verbs: \["list"\]/,
  );
  await expectUserError(
    cluster.exec({ namespace: own.name, name: "allowed" }, "c", ["true"], {}),
    "cluster-forbidden",
    /resources: \["pods\/exec"\]/,
  );
});
