import type { PlanDraft } from "../../bench/plan/planDraft.ts";
import type { BenchSettings } from "../settings.ts";
import type { BenchAnswers } from "./benchAnswers.ts";

/** The plan that the answers describe; settings fill in what nobody is asked. */
export function draftOfAnswers(answers: BenchAnswers, settings: BenchSettings): PlanDraft {
  const { cluster, target, subject, gpus, arms, readiness, trialsPerArm, probe } = answers;
  return {
    ...draftOfSettings(settings),
    context: cluster?.context,
    target,
    ...(subject?.kind === "image" && { image: subject.image }),
    ...(subject?.kind === "workload" && { workload: { kind: "object", reference: subject.reference } }),
    ...(gpus && { gpuCount: gpus.count, gpuResource: gpus.resource }),
    arms: arms?.map(({ runtime, image }) => ({
      name: runtime.name,
      ...(runtime.runtimeClass && { runtimeClassName: runtime.runtimeClass.name }),
      // What is only possible is left to the plan, which says so.
      ...(runtime.guess.likelihood === "likely" && { snapshotter: runtime.guess.snapshotter }),
      ...(image !== undefined && { image }),
    })),
    readiness,
    trialsPerArm,
    ...(probe === "no" && { coldness: "L0" as const }),
  };
}

/** What the user's settings say about every benchmark; a plan file goes before it. */
export function draftOfSettings(settings: BenchSettings): PlanDraft {
  const { namespace, pricePerNodeHour, currency, maxDurationMs, maxCost, trialTimeoutMs, probeImage } = settings;
  return {
    ...(namespace !== undefined && { namespace }),
    ...(pricePerNodeHour !== undefined && { pricePerNodeHour }),
    currency,
    ...((maxDurationMs !== undefined || maxCost !== undefined) && { limits: { maxDurationMs, maxCost } }),
    ...(trialTimeoutMs !== undefined && { trialTimeoutMs }),
    ...(probeImage !== undefined && { probeImage }),
  };
}

/** A plan file with the settings behind it. Price, currency and limit of cost hold together: where the file says one, none comes from the settings. */
export function draftOfFile(file: PlanDraft, settings: BenchSettings): PlanDraft {
  const { pricePerNodeHour, currency, limits, ...others } = draftOfSettings(settings);
  const hasOwnPrice = file.pricePerNodeHour !== undefined || file.currency !== undefined || file.limits?.maxCost !== undefined;
  const money = hasOwnPrice ? {} : { pricePerNodeHour, currency };
  const maxCost = hasOwnPrice ? file.limits?.maxCost : limits?.maxCost;
  const said = Object.fromEntries(Object.entries(file).filter(([, value]) => value !== undefined));
  return { ...others, ...money, ...said, limits: { maxDurationMs: file.limits?.maxDurationMs ?? limits?.maxDurationMs, maxCost } };
}
