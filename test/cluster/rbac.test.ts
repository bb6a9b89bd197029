import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { ruleOfDenial, ruleText } from "../../src/cluster/denial.ts";
import { rbacYaml } from "../../src/cluster/rbac.ts";
import { tiers } from "../../src/cluster/tiers.ts";

interface Printed {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly unknown[];
}

const printed = (text: string): Printed[] => parseAllDocuments(text).map((document) => document.toJS() as Printed);

test.each(tiers)("the roles of %s are whole: each is bound, and what belongs to nodes is in the ClusterRole", (tier) => {
  const objects = printed(rbacYaml(tier, "bench", { kind: "User", name: "jane" }));
  const roles = objects.filter(({ kind }) => /^(?:Cluster)?Role$/.test(kind));
  const bindings = objects.filter(({ kind }) => kind.endsWith("Binding"));
  expect(bindings.map(({ roleRef }) => [roleRef?.kind, roleRef?.name])).toEqual(roles.map(({ kind, metadata }) => [kind, metadata.name]));
  expect(bindings.flatMap(({ subjects }) => subjects)).toEqual(
    bindings.map(() => ({ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "jane" })),
  );
  for (const role of roles) {
    expect(role.metadata.namespace).toBe(role.kind === "Role" ? "bench" : undefined);
    const resources = role.rules?.flatMap((rule) => rule.resources) ?? [];
    expect(resources.some((resource) => resource.startsWith("nodes"))).toBe(role.kind === "ClusterRole");
  }
});

test.each<[tier: (typeof tiers)[number], has: string[], lacks: string[]]>([
  ["list", ["nodes"], ["pods/exec", "nodes/proxy", "pods/log"]],
  ["bench", ["nodes", "pods/log", "pods/proxy"], ["pods/exec", "nodes/proxy"]],
  ["probe", ["pods/exec", "pods/log"], ["nodes/proxy"]],
  ["boot", ["nodes/proxy"], ["pods/exec", "pods/log"]],
  ["boot-pod", ["nodes", "pods", "pods/exec"], ["nodes/proxy", "pods/log"]],
])("%s grants %j and not %j", (tier, has, lacks) => {
  const objects = printed(rbacYaml(tier, "bench", { kind: "ServiceAccount", name: "coldstart" }));
  const resources = objects.flatMap(({ rules }) => rules?.flatMap((rule) => rule.resources) ?? []);
  expect(resources).toEqual(expect.arrayContaining(has));
  expect(resources.filter((resource) => lacks.includes(resource))).toEqual([]);
});

test("a denial names the rule that would allow it", () => {
  const denied = ruleOfDenial('x is forbidden: User "u" cannot get resource "pods/log" in API group "" in the namespace "n"');
  expect(denied).toEqual({ apiGroup: "", resource: "pods/log", verbs: ["get"], namespace: "n" });
  expect(denied && ruleText(denied)).toBe('apiGroups: [""], resources: ["pods/log"], verbs: ["get"]');
  expect(ruleOfDenial("no")).toBeUndefined();
});
