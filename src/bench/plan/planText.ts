import { formatDuration } from "../../base/format.ts";
import type { Arm, BenchPlan, NodeTarget } from "../plan.ts";
import { coldnessWords } from "../benchWords.ts";
import { formatMoney, type ExpectedAndWorst, type PlanCost } from "./planCost.ts";
import { readinessWords, requestWords } from "./readinessWords.ts";

/** What a run will do and take, shown before anything starts. One setting a line, the names in one column; ends with a line break. */
export function planText(plan: BenchPlan, cost: PlanCost, server: string): string {
  const { podCount, durationMs, gpuMinutes } = cost;
  const armCount = plan.arms.length;
  const atOnce = plan.podsAtOnce === 1 ? "one at a time" : `up to ${plan.podsAtOnce} at a time`;
  const needsProbe = plan.coldness === "L0" ? "" : "; a privileged pod on the node does and proves it";
  const rows: (readonly [string, string])[] = [
    ["cluster", `${plan.context} (${server}), namespace ${plan.namespace}`],
    ["pods", `${podCount}, ${atOnce} on ${targetWords(plan.target)}: ${counted(armCount, "arm")} × ${counted(plan.trialsPerArm, "trial")}`],
    ...plan.arms.map((arm, at) => [at === 0 ? "arms" : "", armWords(arm, plan.arms)] as const),
    ["workload", plan.workload.origin],
    ["ready when", readinessWords(plan.readiness)],
    ...(plan.firstRequest ? [["then", requestWords(plan.firstRequest)] as const] : []),
    ["coldness", `${plan.coldness}: ${coldnessWords[plan.coldness]}${needsProbe}`],
    ["timeout", `${formatDuration(plan.trialTimeoutMs)} for each trial`],
    ["time", range(durationMs, formatDuration)],
    ["", basisWords(plan, cost)],
    ...(plan.workload.gpuCount > 0
      ? [
          [
            "GPU-minutes",
            `${range(gpuMinutes, formatMinutes)} (${plan.workload.gpuCount} × ${plan.workload.gpuResource} in each pod)`,
          ] as const,
        ]
      : []),
    ["cost", costWords(plan, cost)],
    ["limits", limitWords(plan)],
    ["seed", String(plan.seed)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return `${plan.name}\n${rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}\n`).join("")}`;
}

/** What "about" rests on. */
function basisWords({ arms, trialTimeoutMs }: BenchPlan, { basis }: PlanCost): string {
  const { startMs, aroundMs, trialCount, runCount, unknownArms } = basis;
  const each = `${formatDuration(Math.min(startMs, trialTimeoutMs))} a start and ${formatDuration(aroundMs)} around it`;
  if (trialCount === 0) return `expected: ${each}, assumed, as no report of these images on this cluster was found`;
  const from = `from ${counted(trialCount, "start")} of ${arms.length === 1 ? "this image" : "these images"} in ${counted(runCount, "earlier report")}`;
  return `expected: ${each}, ${from}${unknownArms.length > 0 ? `; assumed for ${unknownArms.join(", ")}` : ""}`;
}

function targetWords(target: NodeTarget): string {
  switch (target.kind) {
    case "node":
      return `node ${target.name}`;
    case "pool":
      return `pool ${target.name}`;
    case "any":
      return "any node";
  }
}

function armWords(arm: Arm, arms: readonly Arm[]): string {
  const width = Math.max(...arms.map(({ name }) => name.length));
  const notes = [
    ...(arm.snapshotter === arm.name ? [] : [arm.snapshotter]),
    ...(arm.isLazy ? ["lazy"] : []),
    ...(arm.runtimeClassName === undefined ? [] : [`RuntimeClass ${arm.runtimeClassName}`]),
    ...(arm.podPatch ? ["patched"] : []),
  ];
  return `${arm.name.padEnd(width)}  ${arm.image}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
}

function costWords(plan: BenchPlan, { cost, nodeCount }: PlanCost): string {
  if (!cost || plan.pricePerNodeHour === undefined) return "not known, as no price of a node's hour is given";
  const nodes = counted(nodeCount, "node");
  return `${range(cost, (amount) => formatMoney(amount, plan.currency))} (${nodes} at ${formatMoney(plan.pricePerNodeHour, plan.currency)} an hour)`;
}

function limitWords({ limits, currency }: BenchPlan): string {
  const cost = limits.maxCost === undefined ? "" : ` or ${formatMoney(limits.maxCost, currency)}`;
  return `the run ends after ${formatDuration(limits.maxDurationMs)}${cost}`;
}

function range({ expected, worst }: ExpectedAndWorst, format: (amount: number) => string): string {
  const low = format(expected);
  const high = format(worst);
  return low === high ? low : `about ${low}, at worst ${high}`;
}

function formatMinutes(minutes: number): string {
  return minutes < 10 ? minutes.toFixed(1) : String(Math.round(minutes));
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
