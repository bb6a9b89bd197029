import { Document, isScalar, visit } from "yaml";
import { rulesOf, tierParts, tierTexts, type Tier, type TierRule } from "./tiers.ts";

/** Who gets the roles: `User`, `Group` or `ServiceAccount` with its namespace. */
export interface Subject {
  readonly kind: "User" | "Group" | "ServiceAccount";
  readonly name: string;
  readonly namespace?: string;
}

/**
 * The least that the tier needs, as YAML for `kubectl apply -f -`: a ClusterRole for what belongs to no namespace, a Role for the rest, and
 * their bindings. Applying it needs someone who may grant roles.
 */
export function rbacYaml(tier: Tier, namespace: string, subject: Subject): string {
  const rules = rulesOf(tier);
  const name = `coldstart-${tier}`;
  const labels = { "app.kubernetes.io/managed-by": "coldstart" };
  const objects = (["cluster", "namespace"] as const).flatMap((scope) => {
    const ofScope = rules.filter((rule) => rule.scope === scope);
    if (ofScope.length === 0) return [];
    const kind = scope === "cluster" ? "ClusterRole" : "Role";
    const metadata = { name, ...(scope === "namespace" && { namespace }), labels };
    const apiGroup = "rbac.authorization.k8s.io";
    return [
      { apiVersion: `${apiGroup}/v1`, kind, metadata, rules: mergedRules(ofScope) },
      {
        apiVersion: `${apiGroup}/v1`,
        kind: `${kind}Binding`,
        // Teams with namespaces of their own share the ClusterRole, and must not take it from one another.
        metadata: { ...metadata, name: scope === "cluster" ? `${name}-${namespace}` : name },
        roleRef: { apiGroup, kind, name },
        subjects: [subjectOf(subject)],
      },
    ];
  });
  const purposes = tierParts[tier].map((included) => `# ${included}: to ${tierTexts[included]}\n`);
  return [
    ...purposes,
    ...(tierNotes[tier] ?? []).map((note) => `# ${note}\n`),
    ...objects.map((object) => `---\n${yamlText(object)}`),
  ].join("");
}

/** What roles cannot say. */
const tierNotes: Partial<Record<Tier, readonly string[]>> = {
  probe: ["The probe pod is privileged: the namespace must allow it (pod-security.kubernetes.io/enforce: privileged)."],
  boot: ["nodes/proxy reaches everything that the kubelet can do, also in other people's pods: it is for administrators."],
  "boot-pod": ["The pod mounts a path of the node: the namespace must allow it (pod-security.kubernetes.io/enforce: privileged)."],
};

/** Lists of words on one line, as people write roles. */
function yamlText(object: object): string {
  const document = new Document(object);
  visit(document, {
    Seq: (_, list) => {
      if (list.items.every(isScalar)) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** Rules with the same verbs in one group are one, as people write them. */
function mergedRules(rules: readonly TierRule[]): readonly object[] {
  const groups = new Map<string, { apiGroups: string[]; resources: string[]; verbs: string[] }>();
  for (const { apiGroup, resource, verbs } of rules) {
    const key = JSON.stringify([apiGroup, verbs]);
    const group = groups.get(key) ?? { apiGroups: [apiGroup], resources: [], verbs: [...verbs] };
    group.resources.push(resource);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function subjectOf({ kind, name, namespace }: Subject): object {
  return kind === "ServiceAccount"
    ? { kind, name, namespace: namespace ?? "default" }
    : { apiGroup: "rbac.authorization.k8s.io", kind, name };
}
