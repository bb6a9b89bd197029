import { isUserError } from "../../base/errors.ts";
import { nowEpochMs } from "../../base/clock.ts";
import type { Call } from "../../base/log.ts";
import type { PlannedTrial } from "../benchRun.ts";
import { unknownColdness } from "../probe/coldness.ts";
import type { ColdnessProof, Outcome, Trial } from "../trial.ts";
import { nodeImageName } from "./imageName.ts";
import { coolNode } from "./nodeProbe.ts";
import type { RunContext } from "./runContext.ts";
import type { RunNode } from "./runNodes.ts";
import { armOf, runTrial, unstartedTrial } from "./runTrial.ts";

/**
 * Trials that share a node at the same time: it is made cold for each before any of them starts. In the order of `group`; most often one.
 */
export async function runTrials(group: readonly PlannedTrial[], at: RunNode, run: RunContext, call: Call): Promise<readonly Trial[]> {
  const cooled: (ColdnessProof | Trial)[] = [];
  for (const planned of group) cooled.push(await cool(planned, at, run, call));
  return Promise.all(
    group.map((planned, index) => {
      const found = cooled[index] as ColdnessProof | Trial;
      return "podName" in found ? found : runTrial(planned, found, at, run, call);
    }),
  );
}

/** The proof, or the trial that ends here since the node could not be made cold. */
async function cool(planned: PlannedTrial, at: RunNode, run: RunContext, call: Call): Promise<ColdnessProof | Trial> {
  run.emit({ kind: "phase", trialId: planned.trialId, phase: "cooling", atEpochMs: nowEpochMs() });
  const unknown = unknownColdness(run.plan.coldness, "no probe on the node: nobody looked");
  const arm = armOf(planned, run);
  const request = {
    runId: run.runId,
    level: run.plan.coldness,
    snapshotter: arm.snapshotter,
    images: run.plan.arms.map(({ image }) => nodeImageName(image)),
    layers: run.layers.get(arm.name),
  };
  try {
    return (await at.withProbe((probe) => coolNode(probe, request, call), call)) ?? unknown;
  } catch (error) {
    return unstartedTrial(planned, unknown, outcomeOfError(error, call), at, run);
  }
}

function outcomeOfError(error: unknown, call: Call): Outcome {
  if (call.signal?.aborted) return { kind: "cancelled" };
  const message = error instanceof Error ? error.message : String(error);
  if (isUserError(error)) return { kind: "failed", reason: error.code === "cluster-unreachable" ? "cluster-lost" : "not-cold", message };
  call.log?.error(error instanceof Error ? error : message);
  return { kind: "failed", reason: "other", message };
}
