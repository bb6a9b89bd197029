import type { Problem, WithProblems } from "../../base/text.ts";
import { foreignLine } from "../../base/foreignText.ts";
import { fieldsAt, fieldsOf, listAt, textAt } from "../../cluster/fields.ts";
import { defaultProbeImage } from "../../cluster/probeImage.ts";
import type { Arm, BenchPlan, Readiness, Workload } from "../plan.ts";
import { completeArm, type ArmFacts, type RuntimeClassEvidence } from "./completeArm.ts";
import { gpusOf } from "./gpuResource.ts";
import { worstRunMs } from "./planCost.ts";
import type { PlanDraft } from "./planDraft.ts";
import { patchProblems } from "./podManifest.ts";
import { mainOf, plainWorkload } from "./workload.ts";

/** What a draft is completed with. */
export interface PlanFacts {
  readonly context: string;
  /** The namespace that the context sets. */
  readonly namespace: string;
  /** Undefined when they could not be listed. */
  readonly runtimeClasses: readonly RuntimeClassEvidence[] | undefined;
  /** Of pods without a RuntimeClass; absent: nothing is known. */
  readonly defaultRuntime?: ArmFacts["defaultRuntime"];
  /** The draft's workload, read; absent where it names none. */
  readonly workload?: Workload | undefined;
  /** For drafts without one: random, whole, below 2^32. */
  readonly freshSeed: number;
}

/** Fills in all defaults. Undefined when a problem has severity `error`; warnings are worth a look before pods are started. */
export function completePlan(draft: PlanDraft, facts: PlanFacts): WithProblems<BenchPlan | undefined> {
  const problems: Problem[] = [];
  const tell = (severity: Problem["severity"], message: string): void => void problems.push({ severity, message });
  const plain = draft.workload?.kind === "options" ? draft.workload : {};
  const workload = withGpus(facts.workload ?? plainWorkload(plain), draft);
  const namespace = draft.namespace ?? workload.namespace ?? facts.namespace;
  if (workload.namespace !== undefined && workload.namespace !== namespace) {
    tell(
      "warning",
      `The workload is of the namespace ${foreignLine(workload.namespace, 80)}, the trials run in ${namespace}: its Secrets, ConfigMaps and volumes must be there too.`,
    );
  }
  const arms = armsOf(draft, facts, workload, problems);
  const readiness = draft.readiness ?? readinessOf(workload, tell);
  if (draft.limits?.maxCost !== undefined && draft.pricePerNodeHour === undefined) {
    tell("error", "A limit of cost needs the price of a node's hour; write pricePerNodeHour, or --price.");
  }
  if (draft.firstRequest && readiness.kind === "exit")
    tell("warning", "The first request is not sent, as the container has ended when it counts as ready.");
  if (draft.coldness === "L4")
    tell("error", "Coldness L4, a fresh node for each trial, is not offered yet; write L3, which also empties the page cache.");
  if (problems.some(({ severity }) => severity === "error")) return { value: undefined, problems };
  const trialsPerArm = draft.trialsPerArm ?? 5;
  const trialTimeoutMs = draft.trialTimeoutMs ?? 600_000;
  const podsAtOnce = draft.podsAtOnce ?? 1;
  const worstMs = worstRunMs({ arms, trialsPerArm, trialTimeoutMs, podsAtOnce });
  const plan: BenchPlan = {
    name: draft.name ?? nameOf(arms[0]?.image ?? ""),
    context: draft.context ?? facts.context,
    namespace,
    target: draft.target ?? { kind: "any" },
    arms,
    workload,
    readiness,
    ...(draft.firstRequest && readiness.kind !== "exit" && { firstRequest: draft.firstRequest }),
    trialsPerArm,
    seed: draft.seed ?? facts.freshSeed,
    trialTimeoutMs,
    coldness: draft.coldness ?? "L3",
    podsAtOnce,
    limits: {
      maxDurationMs: draft.limits?.maxDurationMs ?? worstMs,
      ...(draft.limits?.maxCost !== undefined && { maxCost: draft.limits.maxCost }),
    },
    ...(draft.pricePerNodeHour !== undefined && { pricePerNodeHour: draft.pricePerNodeHour }),
    currency: draft.currency ?? "USD",
    probeImage: draft.probeImage ?? defaultProbeImage,
  };
  if (podsAtOnce > 1 && plan.coldness !== "L0")
    tell("warning", "Several pods of one node share its disk and network: their times are not those of a pod alone.");
  return { value: plan, problems };
}

function armsOf(draft: PlanDraft, facts: PlanFacts, workload: Workload, problems: Problem[]): readonly Arm[] {
  const drafts = draft.arms ?? [{ name: "overlayfs" }];
  const names = drafts.map(({ name }) => name);
  for (const twice of new Set(names.filter((name, at) => names.indexOf(name) !== at))) {
    problems.push({ severity: "error", message: `Two arms are called ${twice}; give one of them another name.` });
  }
  return drafts.flatMap((arm) => {
    const { runtimeClasses, defaultRuntime } = facts;
    const complete = completeArm(arm, { runtimeClasses, defaultRuntime, workload, image: draft.image }, problems);
    if (complete?.podPatch) problems.push(...patchProblems(complete, workload));
    return complete ? [complete] : [];
  });
}

/** The GPUs that the plan asks for, in place of the workload's. */
function withGpus(workload: Workload, { gpuCount, gpuResource }: PlanDraft): Workload {
  if (gpuCount === undefined && gpuResource === undefined) return workload;
  const count = gpuCount ?? workload.gpuCount;
  const resource = gpuResource ?? workload.gpuResource;
  const main = mainOf(workload);
  const own = gpusOf(main).resource;
  const changed = (kind: "limits" | "requests"): Readonly<Record<string, unknown>> => ({
    ...Object.fromEntries(Object.entries(fieldsAt(main, "resources", kind)).filter(([name]) => name !== own)),
    ...(count > 0 && { [resource]: count }),
  });
  const resources = { ...fieldsAt(main, "resources"), limits: changed("limits"), requests: changed("requests") };
  const containers = listAt(workload.pod, "containers").map((each) =>
    textAt(each, "name") === workload.container ? { ...fieldsOf(each), resources } : each,
  );
  return { ...workload, pod: { ...workload.pod, containers }, gpuCount: count, gpuResource: resource };
}

/** Nobody said when the pod is ready: its own condition, which means something only with a probe. */
function readinessOf(workload: Workload, tell: (severity: Problem["severity"], message: string) => void): Readiness {
  if (!("readinessProbe" in mainOf(workload))) {
    tell(
      "warning",
      "No readiness is given and the pod has no readiness probe: started counts as ready. Write ready: http:8000/health, or --ready.",
    );
  }
  return { kind: "pod" };
}

/** `app:1.0` of `registry.example/team/app:1.0`. */
function nameOf(image: string): string {
  return foreignLine((image.split("@")[0] ?? "").split("/").pop() ?? "", 100) || "benchmark";
}
