import { parseAllDocuments } from "yaml";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import { connectCluster } from "../../../src/cluster/connect.ts";
import { isApiFailure } from "../../../src/cluster/errors.ts";
import { rbacYaml } from "../../../src/cluster/rbac.ts";
import { tiers, type Tier } from "../../../src/cluster/tiers.ts";
import { otherKubeconfig, type OwnNamespace } from "./ownNamespace.ts";

/** A kubeconfig of a service account of the namespace; its context is `other`. */
export async function kubeconfigAs(own: OwnNamespace, account: string): Promise<string> {
  return otherKubeconfig({ user: { token: await own.serviceAccountToken(account) }, namespace: own.name });
}

export async function connectAs(own: OwnNamespace, account: string): Promise<Cluster> {
  return connectCluster({ kubeconfigPath: await kubeconfigAs(own, account), allowCommands: false }, {});
}

/** Gives an account the roles that `coldstart rbac` prints. */
export async function grantTier(own: OwnNamespace, tier: Tier, account: string): Promise<void> {
  const yaml = rbacYaml(tier, own.name, { kind: "ServiceAccount", name: account, namespace: own.name });
  for (const document of parseAllDocuments(yaml.replaceAll(`coldstart-${tier}`, roleName(own, tier)))) {
    const body = document.toJS() as { kind: string; metadata: { namespace?: string } };
    const scope = body.metadata.namespace === undefined ? "" : `namespaces/${body.metadata.namespace}/`;
    await own.admin.request({ method: "POST", path: `/apis/rbac.authorization.k8s.io/v1/${scope}${body.kind.toLowerCase()}s`, body }, {});
  }
}

/** What belongs to no namespace does not go with it. */
export async function removeGrants(own: OwnNamespace): Promise<void> {
  for (const tier of tiers) {
    await remove(own, `clusterroles/${roleName(own, tier)}`);
    await remove(own, `clusterrolebindings/${roleName(own, tier)}-${own.name}`);
  }
}

/** Cluster-wide names must not meet those of others on the cluster. */
function roleName(own: OwnNamespace, tier: Tier): string {
  return `coldstart-${tier}-${own.name}`;
}

async function remove(own: OwnNamespace, path: string): Promise<void> {
  await own.admin.request({ method: "DELETE", path: `/apis/rbac.authorization.k8s.io/v1/${path}` }, {}).catch((error: unknown) => {
    if (!isApiFailure(error) || error.refusal !== "not-found") throw error;
  });
}
