import { isUserError } from "../../base/errors.ts";
import { nowEpochMs } from "../../base/clock.ts";
import type { Call } from "../../base/log.ts";
import type { PlannedTrial } from "../benchRun.ts";
import { rowsOf } from "../probe/nodeReport.ts";
import type { Outcome, Trial } from "../trial.ts";
import { imageNames } from "./imageName.ts";
import { coolNode, type Cooled } from "./nodeProbe.ts";
import type { RunContext } from "./runContext.ts";
import type { RunNode } from "./runNodes.ts";
import { armOf, runTrial, unstartedTrial } from "./runTrial.ts";

/**
 * Trials that share a node at the same time: it is made cold for each before any of them starts. In the order of `group`; most often one.
 */
export async function runTrials(group: readonly PlannedTrial[], at: RunNode, run: RunContext, call: Call): Promise<readonly Trial[]> {
  const cooled: (Cooled | Trial | undefined)[] = [];
  for (const planned of group) cooled.push(await cool(planned, at, run, call));
  return Promise.all(
    group.map((planned, index) => {
      const found = cooled[index];
      return found && "podName" in found ? Promise.resolve(found) : runTrial(planned, found, at, run, call);
    }),
  );
}

/** Undefined: no probe looked. A trial: it ends here, since the node could not be made cold. */
async function cool(planned: PlannedTrial, at: RunNode, run: RunContext, call: Call): Promise<Cooled | Trial | undefined> {
  run.emit({ kind: "phase", trialId: planned.trialId, phase: "cooling", atEpochMs: nowEpochMs() });
  const arm = armOf(planned, run);
  const request = {
    runId: run.runId,
    level: run.plan.coldness,
    snapshotter: arm.snapshotter,
    images: imageNames(run.plan, run.images),
  };
  try {
    const cooled = await at.withProbe((probe) => coolNode(probe, request, call), call);
    if (cooled) at.hadImages ??= rowsOf(cooled.report, "removed").length > 0 || rowsOf(cooled.report, "image").length > 0;
    return cooled;
  } catch (error) {
    return unstartedTrial(planned, outcomeOfError(error, call), at, run);
  }
}

function outcomeOfError(error: unknown, call: Call): Outcome {
  if (call.signal?.aborted) return { kind: "cancelled" };
  const message = error instanceof Error ? error.message : String(error);
  if (isUserError(error)) return { kind: "failed", reason: error.code === "cluster-unreachable" ? "cluster-lost" : "not-cold", message };
  call.log?.error(error instanceof Error ? error : message);
  return { kind: "failed", reason: "other", message };
}
