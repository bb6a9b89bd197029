import { parseDuration } from "../../base/format.ts";
import type { WithProblems } from "../../base/text.ts";
import type { HttpQuestion, Readiness } from "../plan.ts";
import { parseArm } from "./parseArm.ts";
import { headersOf, parseReadiness, parseRequest, patternProblem, readinessForms } from "./parseReadiness.ts";
import { parseWorkload } from "./parseWorkload.ts";
import type { ArmDraft, EnvironmentVariable, PlanDraft, WorkloadDraft } from "./planDraft.ts";
import type { PlanText } from "./planSchema.ts";

/** A problem of a setting that has the right form and still says nothing useful. */
export interface SettingProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The plan in the words of the engine: short forms spelt out, times in ms. */
export function draftOf(plan: PlanText): { readonly value: PlanDraft; readonly problems: readonly SettingProblem[] } {
  const problems: SettingProblem[] = [];
  const note = (message: string, ...path: readonly PropertyKey[]): undefined => {
    problems.push({ path, message });
    return undefined;
  };
  const taken = <T>(parsed: WithProblems<T | undefined>, ...path: readonly PropertyKey[]): T | undefined => {
    for (const { message } of parsed.problems) note(message, ...path);
    return parsed.value;
  };
  const { node, pool, limits } = plan;
  if (node !== undefined && pool !== undefined) note("write either node or pool, not both.", "pool");
  const value: PlanDraft = {
    name: plan.name,
    context: plan.context,
    namespace: plan.namespace,
    target: node !== undefined ? { kind: "node", name: node } : pool !== undefined ? { kind: "pool", name: pool } : undefined,
    image: plan.image,
    arms: plan.arms?.flatMap((arm, at): ArmDraft[] => {
      if (typeof arm === "string") return [taken(parseArm(arm), "arms", at)].filter((each) => each !== undefined);
      const { runtimeClass, lazy, ...rest } = arm;
      return [{ ...rest, runtimeClassName: runtimeClass, isLazy: lazy }];
    }),
    workload: plan.workload === undefined ? undefined : workloadDraft(plan.workload, taken, note),
    readiness: plan.ready === undefined ? undefined : readinessDraft(plan.ready, taken, note),
    firstRequest: plan.firstRequest === undefined ? undefined : requestDraft(plan.firstRequest, taken, note),
    trialsPerArm: plan.trials,
    seed: plan.seed,
    trialTimeoutMs:
      plan.timeout === undefined ? undefined : (positive(plan.timeout) ?? note("write a time above zero, such as 10m.", "timeout")),
    coldness: plan.coldness,
    podsAtOnce: plan.podsAtOnce,
    gpuCount: plan.gpus,
    gpuResource: plan.gpuResource,
    limits: limits && {
      maxDurationMs:
        limits.time === undefined ? undefined : (positive(limits.time) ?? note("write a time above zero, such as 30m.", "limits", "time")),
      maxCost: limits.cost,
    },
    pricePerNodeHour: plan.pricePerNodeHour,
    currency: plan.currency,
    probeImage: plan.probeImage,
  };
  return { value, problems };
}

type Take = <T>(parsed: WithProblems<T | undefined>, ...path: readonly PropertyKey[]) => T | undefined;
type Note = (message: string, ...path: readonly PropertyKey[]) => undefined;

function positive(duration: string): number | undefined {
  return parseDuration(duration) || undefined;
}

function workloadDraft(text: NonNullable<PlanText["workload"]>, taken: Take, note: Note): WorkloadDraft | undefined {
  if (typeof text === "string") {
    const reference = taken(parseWorkload(text), "workload");
    return reference && { kind: "object", reference };
  }
  const { from, file, namespace, container } = text;
  const read = from === undefined ? undefined : taken(parseWorkload(from), "workload", "from");
  const reference = read && { ...read, namespace };
  if (file === undefined && from === undefined) {
    const { command, args, port } = text;
    return { kind: "options", command, args, port, env: text.env === undefined ? undefined : Object.entries(text.env).map(variableOf) };
  }
  for (const name of ["command", "args", "env", "port"] as const) {
    if (text[name] !== undefined)
      note("an object or a manifest brings its own; leave this out, or change it by an arm's podPatch.", "workload", name);
  }
  if (file !== undefined) return { kind: "file", path: file, reference, container };
  return reference && { kind: "object", reference, container };
}

function variableOf([name, value]: [string, string | number | boolean | { secret: string; key: string }]): EnvironmentVariable {
  return typeof value === "object" ? { name, secret: { name: value.secret, key: value.key } } : { name, value: String(value) };
}

function readinessDraft(text: NonNullable<PlanText["ready"]>, taken: Take, note: Note): Readiness | undefined {
  if (typeof text === "string") return taken(parseReadiness(text), "ready");
  if (Object.values(text).filter((value) => value !== undefined).length !== 1)
    return note(`write exactly one of ${readinessForms}.`, "ready");
  if (text.tcp !== undefined) return { kind: "tcp", port: text.tcp };
  if (text.exit !== undefined) return { kind: "exit", code: text.exit };
  if (text.grpc !== undefined) {
    return typeof text.grpc === "number"
      ? { kind: "grpc", port: text.grpc, service: "" }
      : { kind: "grpc", port: text.grpc.port, service: text.grpc.service ?? "" };
  }
  if (text.log !== undefined) {
    const problem = patternProblem(text.log);
    return problem === undefined ? { kind: "log", pattern: text.log } : note(problem, "ready", "log");
  }
  const question = questionDraft(text, "ready", note);
  return question && { kind: "http", question };
}

function requestDraft(text: NonNullable<PlanText["firstRequest"]>, taken: Take, note: Note): HttpQuestion | undefined {
  if (typeof text === "string") return taken(parseRequest(text), "firstRequest");
  if ((text.http === undefined) === (text.https === undefined)) return note("write exactly one of http and https.", "firstRequest");
  return questionDraft(text, "firstRequest", note);
}

function questionDraft(text: Pick<Exclude<PlanText["ready"], string | undefined>, "http" | "https">, place: string, note: Note) {
  const scheme = text.https === undefined ? "http" : "https";
  const given = text[scheme];
  if (!given) return undefined;
  const body =
    given.body === undefined || given.body === null ? undefined : typeof given.body === "string" ? given.body : JSON.stringify(given.body);
  const problem = given.bodyPattern === undefined ? undefined : patternProblem(given.bodyPattern);
  if (problem !== undefined) return note(problem, place, scheme, "bodyPattern");
  const method = given.method ?? (body === undefined ? "GET" : "POST");
  if (method === "GET" && body !== undefined) return note("a GET has no body; write method: POST.", place, scheme, "method");
  const question: HttpQuestion = {
    scheme,
    port: given.port,
    path: given.path ?? "/",
    method,
    headers: { ...(body !== undefined && headersOf(body)), ...given.headers },
    ...(body !== undefined && { body }),
    ...(given.status !== undefined && { statuses: typeof given.status === "number" ? [given.status] : given.status }),
    ...(given.bodyPattern !== undefined && { bodyPattern: given.bodyPattern }),
  };
  return question;
}
