import type { BenchRun } from "./benchRun.ts";
import { stagesOfTrial, timeTo, type TrialStages } from "./stages.ts";
import type { Trial } from "./trial.ts";

/** A trial with what was derived from it. Times are from the request; undefined: not reached. */
export interface MeasuredTrial {
  readonly trial: Trial;
  readonly stages: TrialStages;
  readonly nodeType: string | undefined;
  /** Ready and without a taint. */
  readonly isCounted: boolean;
  /** Without a taint, whatever became of it: its container's start counts. */
  readonly isClean: boolean;
  readonly startedMs: number | undefined;
  readonly readyMs: number | undefined;
  readonly firstAnswerMs: number | undefined;
}

/** All trials of a run, in the order of execution. */
export function measuredTrials(run: BenchRun): readonly MeasuredTrial[] {
  const typeOfNode = new Map(run.environment.nodes.map((node) => [node.name, nodeTypeOf(node)]));
  return run.trials.map((trial) => {
    const stages = stagesOfTrial(trial, run.environment.clockOffsets);
    return {
      trial,
      stages,
      nodeType: trial.node === undefined ? undefined : (typeOfNode.get(trial.node) ?? "unknown node type"),
      isCounted: trial.outcome.kind === "ready" && trial.taints.length === 0,
      isClean: trial.outcome.kind !== "cancelled" && trial.taints.length === 0,
      startedMs: timeTo("started", stages),
      readyMs: timeTo("ready", stages),
      firstAnswerMs: timeTo("first-answer", stages),
    };
  });
}

/** What makes two nodes comparable, for people: `g5.xlarge, 1 × NVIDIA-A10G`. */
export function nodeTypeOf({ instanceType, gpuProduct, gpuCount }: BenchRun["environment"]["nodes"][number]): string {
  const gpu = gpuCount > 0 ? `${gpuCount} × ${gpuProduct ?? "GPU"}` : undefined;
  return [instanceType ?? "unknown node type", ...(gpu ? [gpu] : [])].join(", ");
}
