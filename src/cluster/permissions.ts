import { mapWithLimit } from "../base/concurrency.ts";
import type { Call } from "../base/log.ts";
import type { Cluster } from "./cluster.ts";
import { ruleText } from "./denial.ts";
import { ApiFailure, shown } from "./errors.ts";
import { fieldsAt, textAt } from "./fields.ts";
import { ownRulesOf, rulesOf, type Tier, type TierRule } from "./tiers.ts";

/** What the cluster says of a tier's rules for whoever is signed in. */
export interface Permissions {
  readonly tier: Tier;
  /** Where the rules of namespaces were asked for. */
  readonly namespace: string;
  /** Nothing that is not optional is missing. */
  readonly isAllowed: boolean;
  readonly missing: readonly MissingPermission[];
}

/** Verbs of one rule that the cluster denies. */
export interface MissingPermission {
  readonly rule: TierRule;
  readonly verbs: readonly string[];
  /** The line of a role that grants it. */
  readonly grantedBy: string;
  /** What the cluster gave as its reason; absent when it gave none. */
  readonly reason?: string;
}

/**
 * Asks the cluster with SelfSubjectAccessReviews, which everyone may send, what of the tier is allowed. An answer for now: roles can change,
 * and admission and quota are not asked.
 */
export function checkPermissions(cluster: Cluster, tier: Tier, namespace: string, call: Call): Promise<Permissions> {
  return checkRules(cluster, rulesOf(tier), tier, namespace, call);
}

/** The same for what the tier needs beyond those that it rests on. */
export function checkOwnPermissions(cluster: Cluster, tier: Tier, namespace: string, call: Call): Promise<Permissions> {
  return checkRules(cluster, ownRulesOf(tier), tier, namespace, call);
}

async function checkRules(cluster: Cluster, rules: readonly TierRule[], tier: Tier, namespace: string, call: Call): Promise<Permissions> {
  const questions = rules.flatMap((rule) => rule.verbs.map((verb) => ({ rule, verb })));
  const answers = await mapWithLimit(questions, 8, async ({ rule, verb }) => ({
    rule,
    verb,
    ...(await ask(cluster, rule, verb, namespace, call)),
  }));
  const missing = rules.flatMap((rule) =>
    missingOf(
      rule,
      namespace,
      answers.filter((answer) => answer.rule === rule),
    ),
  );
  return { tier, namespace, isAllowed: missing.every(({ rule }) => rule.isOptional), missing };
}

/** Throws `cluster-forbidden`, which names each missing verb and the role that grants it. */
export async function requirePermissions(cluster: Cluster, tier: Tier, namespace: string, call: Call): Promise<Permissions> {
  const permissions = await checkPermissions(cluster, tier, namespace, call);
  if (!permissions.isAllowed) throw permissionsMissing(permissions);
  return permissions;
}

export function permissionsMissing({ tier, namespace, missing }: Permissions): ApiFailure {
  const needed = missing.filter(({ rule }) => !rule.isOptional);
  const list = needed.map(
    ({ rule, verbs }) => `${verbs.join(", ")} ${rule.resource}${rule.scope === "namespace" ? ` in ${shown(namespace)}` : ""}`,
  );
  const message = `You may not ${list.join("; ")}.`;
  return new ApiFailure(
    "cluster-forbidden",
    message,
    `Granted by ${needed.map(({ grantedBy }) => grantedBy).join("; ")}. "coldstart rbac --tier ${tier} --namespace ${shown(namespace)}" prints all of it.`,
    { status: 403, reason: "Forbidden", message, refusal: "permission" },
  );
}

interface Answer {
  readonly rule: TierRule;
  readonly verb: string;
  readonly allowed: boolean;
  readonly reason: string | undefined;
}

async function ask(
  cluster: Cluster,
  rule: TierRule,
  verb: string,
  namespace: string,
  call: Call,
): Promise<Pick<Answer, "allowed" | "reason">> {
  const [resource, subresource] = rule.resource.split("/");
  const review = await cluster.request(
    {
      method: "POST",
      path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      body: {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: {
          resourceAttributes: {
            group: rule.apiGroup,
            resource,
            verb,
            ...(subresource !== undefined && { subresource }),
            ...(rule.scope === "namespace" && { namespace }),
          },
        },
      },
    },
    call,
  );
  const status = fieldsAt(review, "status");
  return { allowed: status["allowed"] === true, reason: textAt(status, "reason") };
}

function missingOf(rule: TierRule, namespace: string, answers: readonly Answer[]): readonly MissingPermission[] {
  const denied = answers.filter(({ allowed }) => !allowed);
  if (denied.length === 0) return [];
  const verbs = denied.map(({ verb }) => verb);
  const kind = rule.scope === "cluster" ? "a ClusterRole" : `a Role in ${shown(namespace)}`;
  const reason = denied.find((answer) => answer.reason !== undefined)?.reason;
  return [
    {
      rule,
      verbs,
      grantedBy: `${kind} with ${ruleText({ ...rule, verbs })}`,
      ...(reason !== undefined && { reason: shown(reason, 300) }),
    },
  ];
}
