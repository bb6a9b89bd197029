import { redacted, secretsOfBody } from "../cluster/redact.ts";
import type { BenchRun } from "./benchRun.ts";
import type { BenchPlan, HttpQuestion } from "./plan.ts";
import { redactedPlan } from "./plan/redactedPlan.ts";
import { hidden, withoutSecretArguments, withoutSecrets } from "./secretArguments.ts";
import type { Trial } from "./trial.ts";

/**
 * The run as it may be stored, printed and sent. Hidden are: values of environment variables, headers, annotations and bodies, texts in
 * merge patches, arguments that look like secrets, values in the queries of addresses; and wherever a cluster's or an application's words
 * repeat one of them. The same run is given back unharmed when it went through here before.
 */
export function redactedRun(run: BenchRun): BenchRun {
  const secrets = secretsOf(run.plan).filter((secret) => secret !== hidden);
  const clean = (text: string): string => withoutSecrets(redacted(text, secrets));
  return {
    ...run,
    plan: withoutSecretTexts(redactedPlan(run.plan)),
    environment: { ...run.environment, server: redacted(run.environment.server) },
    ending: "message" in run.ending ? { ...run.ending, message: clean(run.ending.message) } : run.ending,
    problems: run.problems.map((problem) => ({ ...problem, message: clean(problem.message) })),
    trials: run.trials.map((trial) => cleanTrial(trial, clean)),
  };
}

function cleanTrial(trial: Trial, clean: (text: string) => string): Trial {
  const { outcome, coldness, laziness } = trial;
  return {
    ...trial,
    outcome: "message" in outcome ? { ...outcome, message: clean(outcome.message) } : outcome,
    observations: trial.observations.map((seen) => (seen.detail === undefined ? seen : { ...seen, detail: clean(seen.detail) })),
    coldness: { ...coldness, checks: coldness.checks.map((check) => ({ ...check, found: clean(check.found) })) },
    ...(laziness && { laziness: { ...laziness, evidence: laziness.evidence.map(clean) } }),
    problems: trial.problems.map((problem) => ({ ...problem, message: clean(problem.message) })),
  };
}

function secretsOf({ workload, arms, readiness, firstRequest }: BenchPlan): readonly string[] {
  const questions = [...(readiness.kind === "http" ? [readiness.question] : []), ...(firstRequest ? [firstRequest] : [])];
  return [
    ...secretsOfBody(workload.pod),
    ...arms.flatMap(({ podPatch }) => secretsOfBody(podPatch)),
    ...questions.flatMap(({ headers, body }) => [...Object.values(headers), ...(body === undefined ? [] : [body])]),
  ];
}

function withoutSecretTexts(plan: BenchPlan): BenchPlan {
  const { readiness, firstRequest } = plan;
  return {
    ...plan,
    workload: { ...plan.workload, pod: withoutSecretsIn(plan.workload.pod) },
    arms: plan.arms.map((arm) => (arm.podPatch ? { ...arm, podPatch: withoutTexts(arm.podPatch) } : arm)),
    readiness: readiness.kind === "http" ? { kind: "http", question: withoutQuery(readiness.question) } : readiness,
    ...(firstRequest && { firstRequest: withoutQuery(firstRequest) }),
  };
}

function withoutQuery(question: HttpQuestion): HttpQuestion {
  return { ...question, path: question.path.replace(/([?&][^=&]*=)[^&]*/g, `$1${hidden}`) };
}

type Fields = Readonly<Record<string, unknown>>;

function withoutSecretsIn(fields: Fields): Fields {
  return mapped(fields, (text) => withoutSecrets(redacted(text)));
}

/** A patch is written for one cluster and may hold anything; which fields it sets is told, with numbers and switches. */
function withoutTexts(fields: Fields): Fields {
  return mapped(fields, () => hidden);
}

function mapped(fields: Fields, text: (text: string) => string): Fields {
  const value = (one: unknown): unknown => {
    if (typeof one === "string") return text(one);
    if (Array.isArray(one)) {
      const list: readonly unknown[] = one;
      return list.every((each) => typeof each === "string") ? withoutSecretArguments(list).map(text) : list.map(value);
    }
    return typeof one === "object" && one !== null ? mapped(one as Fields, text) : one;
  };
  return Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, value(one)]));
}
