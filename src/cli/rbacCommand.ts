import { UserError } from "../base/errors.ts";
import type { Call } from "../base/log.ts";
import { connectCluster } from "../cluster/connect.ts";
import { checkPermissions, permissionsMissing } from "../cluster/permissions.ts";
import { rbacYaml, type Subject } from "../cluster/rbac.ts";
import { tierTexts, type Tier } from "../cluster/tiers.ts";
import { clusterSourceOf, type ClusterArguments } from "./clusterSource.ts";
import { printable } from "./table.ts";

export interface RbacArguments extends ClusterArguments {
  readonly tier: Tier;
  readonly namespace?: string;
  readonly subject?: string;
  readonly check?: boolean;
}

export async function rbacCommand(given: RbacArguments, call: Call): Promise<void> {
  if (given.check) {
    await check(given, call);
    return;
  }
  const namespace = given.namespace ?? "default";
  if (given.subject === undefined) {
    process.stdout.write(`# For the service account coldstart in ${namespace}; name somebody else with --subject.\n`);
  }
  process.stdout.write(rbacYaml(given.tier, namespace, subjectOf(given.subject ?? `serviceaccount:${namespace}/coldstart`)));
}

async function check(given: RbacArguments, call: Call): Promise<void> {
  const cluster = await connectCluster(clusterSourceOf(given), call);
  const permissions = await checkPermissions(cluster, given.tier, given.namespace ?? cluster.namespace, call);
  const { missing, isAllowed } = permissions;
  if (isAllowed) process.stdout.write(`You may ${tierTexts[given.tier]}.\n`);
  for (const { rule, verbs, grantedBy } of missing) {
    const what = rule.isOptional ? "Missing, but not needed" : "Missing";
    process.stdout.write(printable(`${what}: ${verbs.join(", ")} ${rule.resource}, to ${rule.purpose}. Granted by ${grantedBy}`) + "\n");
  }
  if (!isAllowed) throw permissionsMissing(permissions);
}

function subjectOf(text: string): Subject {
  const [, kind = "", name = ""] = /^(user|group|serviceaccount):(.+)$/i.exec(text) ?? [];
  const [namespace, account] = name.split("/");
  switch (kind.toLowerCase()) {
    case "user":
      return { kind: "User", name };
    case "group":
      return { kind: "Group", name };
    case "serviceaccount":
      if (namespace && account) return { kind: "ServiceAccount", namespace, name: account };
  }
  throw new UserError("bad-usage", `"${printable(text)}" names nobody.`, "Write user:NAME, group:NAME or serviceaccount:NAMESPACE/NAME.");
}
