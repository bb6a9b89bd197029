/** A rule of a Role or ClusterRole. */
export interface Rule {
  readonly apiGroup: string;
  /** With its subresource, as roles name it: `pods/exec`. */
  readonly resource: string;
  readonly verbs: readonly string[];
}

export interface DeniedRule extends Rule {
  /** Absent: needs a ClusterRole. */
  readonly namespace?: string;
}

/** The rule that would grant what the API server denied, from its own sentence; undefined when it has another form. */
export function ruleOfDenial(message: string): DeniedRule | undefined {
  const match = /cannot ([a-z]+) resource "([a-z0-9./-]+)" in API group "([a-z0-9.-]*)"(?: in the namespace "([a-z0-9.-]+)")?/.exec(
    message,
  );
  if (!match) return undefined;
  const [, verb = "", resource = "", apiGroup = "", namespace] = match;
  return { verbs: [verb], resource, apiGroup, ...(namespace !== undefined && { namespace }) };
}

/** `apiGroups: [""], resources: ["pods"], verbs: ["create"]`, as it stands in a role. */
export function ruleText({ apiGroup, resource, verbs }: Rule): string {
  return `apiGroups: ["${apiGroup}"], resources: ["${resource}"], verbs: [${verbs.map((verb) => `"${verb}"`).join(", ")}]`;
}
