/** One rule of a Role or ClusterRole. */
export interface Rule {
  readonly apiGroup: string;
  /** With its subresource, as roles name it: `pods/exec`. */
  readonly resource: string;
  readonly verb: string;
  /** Absent: needs a ClusterRole. */
  readonly namespace?: string;
}

/** The rule that would grant what the API server denied, from its own sentence; undefined when it has another form. */
export function ruleOfDenial(message: string): Rule | undefined {
  const match = /cannot ([a-z]+) resource "([a-z0-9./-]+)" in API group "([a-z0-9.-]*)"(?: in the namespace "([a-z0-9.-]+)")?/.exec(
    message,
  );
  if (!match) return undefined;
  const [, verb = "", resource = "", apiGroup = "", namespace] = match;
  return { verb, resource, apiGroup, ...(namespace !== undefined && { namespace }) };
}

/** `apiGroups: [""], resources: ["pods"], verbs: ["create"]`, as it stands in a role. */
export function ruleText(rule: Rule): string {
  return `apiGroups: ["${rule.apiGroup}"], resources: ["${rule.resource}"], verbs: ["${rule.verb}"]`;
}
