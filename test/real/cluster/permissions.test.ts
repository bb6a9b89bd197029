import { afterAll, beforeAll, expect, test } from "vitest";
import { listGpuPools } from "../../../src/cluster/gpuPools.ts";
import { checkPermissions, requirePermissions } from "../../../src/cluster/permissions.ts";
import { tiers, type Tier } from "../../../src/cluster/tiers.ts";
import { expectUserError } from "../../fakes/userErrors.ts";
import { poll } from "../parts/process.ts";
import { makeNamespace, type OwnNamespace } from "./ownNamespace.ts";
import { connectAs, grantTier, removeGrants } from "./roles.ts";

let own: OwnNamespace;
beforeAll(async () => void (own = await makeNamespace()));
afterAll(async () => {
  await removeGrants(own);
  await own.remove();
});

test.each(tiers)("somebody without rights is told what is missing for %s; the printed roles grant it, and no more", async (tier) => {
  const cluster = await connectAs(own, tier);
  await expectUserError(
    requirePermissions(cluster, tier, own.name, {}),
    "cluster-forbidden",
    /You may not get, list, watch nodes.*a ClusterRole with apiGroups: \[""\], resources: \["nodes"\], verbs: \["get", "list", "watch"\]/s,
  );
  await grantTier(own, tier, tier);
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
  const cluster = await connectAs(own, "bench");
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
