import { formatDuration } from "../../base/format.ts";
import type { Problem } from "../../base/text.ts";
import type { PodFailure } from "../observe/podFailure.ts";
import { cutEchoMs, type PodSighting } from "../observe/podSighting.ts";
import type { Observation, PullReport } from "../observation.ts";
import type { Arm } from "../plan.ts";
import type { ColdnessProof, LazinessProof, Taint } from "../trial.ts";

/** What is gathered of one trial while it runs. */
export class TrialRecord {
  readonly observations: Observation[] = [];
  readonly problems: Problem[] = [];
  pull: PullReport | undefined;
  failure: PodFailure | undefined;
  hasRestarted = false;
  /** When the API server was not heard. */
  readonly losses: Omit<Extract<PodSighting, { readonly kind: "reconnected" }>, "kind">[] = [];
  /** The image was on the node, though the kubelet asked the registry for it again. */
  wasPresent = false;
  /** The image that the cluster runs in place of the one that the node was made cold for. */
  otherImage: string | undefined;

  /** Gives the observation that came with the sighting, if one did. */
  add(sighting: PodSighting): Observation | undefined {
    if (sighting.kind === "observed") {
      this.observations.push(sighting.observation);
      return sighting.observation;
    }
    if (sighting.kind === "pulled") {
      if (!this.pull) this.problems.push(...waitingProblem(sighting.pull));
      this.pull ??= sighting.pull;
    } else if (sighting.kind === "failed") this.failure ??= sighting.failure;
    else if (sighting.kind === "restarted") this.hasRestarted = true;
    else if (sighting.kind === "reconnected") {
      const { lostAtEpochMs, foundAtEpochMs, isOutage } = sighting;
      this.losses.push({ lostAtEpochMs, foundAtEpochMs, isOutage });
    } else if (sighting.kind === "problem") this.problems.push(sighting.problem);
    return undefined;
  }
}

const leastWaitMs = 500;

/** Kubelets pull one image after another unless they are set otherwise (`serializeImagePulls`), so other pods of the node make a pull wait. */
function waitingProblem({ durationMs, includingWaitingMs = durationMs }: PullReport): readonly Problem[] {
  const waitedMs = includingWaitingMs - durationMs;
  if (waitedMs < leastWaitMs) return [];
  const message = `The pull waited ${formatDuration(waitedMs)} for pulls of other pods on the node, which is in its time: ${formatDuration(includingWaitingMs)}.`;
  return [{ severity: "warning", message }];
}

/** A connection that a proxy cut while nothing happened is found again within this. */
const harmlessLossMs = 1_000;

/** Whether a mark came late through a loss, or one may have: it was long, or nobody else reached the API server either. */
function isFelt({ lostAtEpochMs, foundAtEpochMs, isOutage }: TrialRecord["losses"][number], observations: readonly Observation[]): boolean {
  if (isOutage || foundAtEpochMs - lostAtEpochMs > harmlessLossMs) return true;
  return observations.some(
    ({ source, latestEpochMs: at }) =>
      (source === "event-watch" || source === "pod-watch") && at >= lostAtEpochMs && at <= foundAtEpochMs + cutEchoMs,
  );
}

/**
 * Why a trial's times may not be mixed with the others'. That an image was there is the kubelet's own word, or known from the node and from the
 * trials before where it asks the registry each time; that some of its layers were comes from the coldness checks.
 */
export function taintsOf(
  arm: Pick<Arm, "isLazy">,
  record: Pick<TrialRecord, "observations" | "pull" | "hasRestarted" | "losses" | "wasPresent">,
  coldness: ColdnessProof,
  laziness: LazinessProof | undefined,
): readonly Taint[] {
  const taints: Taint[] = [];
  const layersLeft = coldness.checks.some(
    ({ what, passed, found }) => !passed && /^no (layer|snapshot) /.test(what) && /^[1-9]/.test(found),
  );
  if (record.pull?.alreadyPresent === true || record.wasPresent) taints.push("warm");
  else if (layersLeft) taints.push("partly-warm");
  if (coldness.reached < coldness.wanted) taints.push("less-cold");
  if (arm.isLazy && laziness !== undefined && !laziness.isLazy) taints.push("fell-back");
  if (record.hasRestarted) taints.push("restarted");
  if (record.losses.some((loss) => isFelt(loss, record.observations))) taints.push("cluster-reconnected");
  return taints;
}
