import { fieldsOf, type Fields } from "../../cluster/fields.ts";
import type { BenchPlan, HttpQuestion } from "../plan.ts";
import { hidden, withoutSecretArguments } from "../secretArguments.ts";

/**
 * The plan as it may be stored, shown and sent: without values of environment variables, headers, annotations and
 * request bodies, and without arguments after a flag such as `--api-key`. A run is
 * done with the plan itself and tells only of this one.
 */
export function redactedPlan(plan: BenchPlan): BenchPlan {
  const { annotations } = plan.workload;
  return {
    ...plan,
    workload: { ...plan.workload, pod: redactedFields(plan.workload.pod), ...(annotations && { annotations: hiddenValues(annotations) }) },
    arms: plan.arms.map((arm) => (arm.podPatch ? { ...arm, podPatch: redactedFields(arm.podPatch) } : arm)),
    readiness: plan.readiness.kind === "http" ? { kind: "http", question: redactedQuestion(plan.readiness.question) } : plan.readiness,
    ...(plan.firstRequest && { firstRequest: redactedQuestion(plan.firstRequest) }),
  };
}

function redactedQuestion(question: HttpQuestion): HttpQuestion {
  return { ...question, headers: hiddenValues(question.headers), ...(question.body !== undefined && { body: hidden }) };
}

function hiddenValues(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(values).map((name) => [name, hidden]));
}

function redactedFields(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redactedValue(name, value)]));
}

/** In PodSpecs, values stand in lists `env` and `httpHeaders`, and in maps `annotations`. */
function redactedValue(name: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    if (name === "command" || name === "args") return withoutSecretArguments(list.map(String));
    if (name === "env" || name === "httpHeaders") return list.map(withoutValue);
    return list.map((each) => redactedValue("", each));
  }
  if (typeof value !== "object" || value === null) return value;
  if (name === "annotations") return Object.fromEntries(Object.keys(value).map((key) => [key, hidden]));
  return redactedFields(value as Fields);
}

function withoutValue(variable: unknown): unknown {
  const fields = fieldsOf(variable);
  return "value" in fields ? { ...fields, value: hidden } : fields;
}
