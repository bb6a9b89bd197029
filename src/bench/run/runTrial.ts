import { eitherSignal } from "../../base/abort.ts";
import { nowEpochMs } from "../../base/clock.ts";
import { isCancelled } from "../../base/errors.ts";
import { foreignLine } from "../../base/foreignText.ts";
import { formatDuration } from "../../base/format.ts";
import type { Call } from "../../base/log.ts";
import type { Problem } from "../../base/text.ts";
import type { PodName } from "../../cluster/cluster.ts";
import { isApiFailure } from "../../cluster/errors.ts";
import { readNode } from "../../cluster/nodes.ts";
import { podsPath } from "../../cluster/podPath.ts";
import type { PlannedTrial, TrialPhase } from "../benchRun.ts";
import { failureOfCreate } from "../observe/createFailure.ts";
import { observePod } from "../observe/observePod.ts";
import { lagBoundMs, type PodSighting, type PodTarget } from "../observe/podSighting.ts";
import { untilObserved } from "../observe/untilObserved.ts";
import { podOf } from "../plan/podManifest.ts";
import type { Arm } from "../plan.ts";
import { askFirst } from "../readiness/askFirst.ts";
import { coldnessOf, unknownColdness } from "../probe/coldness.ts";
import { observedFor, waitReady } from "../readiness/waitReady.ts";
import type { Outcome, PollReport, Trial } from "../trial.ts";
import { admittedPod, imageOfArm, type AdmittedPod } from "./admission.ts";
import { imageOnNode, nodeImageName } from "./imageName.ts";
import type { Cooled } from "./nodeProbe.ts";
import { ByteAccount, proveTrial } from "./proveTrial.ts";
import { removePod } from "./removePod.ts";
import type { RunContext } from "./runContext.ts";
import type { RunNode } from "./runNodes.ts";
import { timeoutOutcome, type NodeState } from "./timeoutOutcome.ts";
import { taintsOf, TrialRecord } from "./trialRecord.ts";

/** Removing what a trial made goes on when the run is cancelled, but not for ever. */
const removalTimeoutMs = 60_000;
/** These may arrive after readiness: the kubelet's event takes its way, and output is followed from the start on only. */
const lateMarks = ["started", "first-output"] as const;
const lateMarksMs = 1_500;

/**
 * One trial from a node in the state that `cooled` tells (undefined: nobody looked): creates the pod, watches it until it is ready or will
 * not be, looks at what it runs from, and removes it. Never throws but for bugs: what went wrong is the trial's outcome. Cancelling ends it early; the pod is removed
 * all the same.
 */
export async function runTrial(
  planned: PlannedTrial,
  cooled: Cooled | undefined,
  at: RunNode,
  run: RunContext,
  call: Call,
): Promise<Trial> {
  const arm = armOf(planned, run);
  const phase = (name: TrialPhase): void => run.emit({ kind: "phase", trialId: planned.trialId, phase: name, atEpochMs: nowEpochMs() });
  const pod = podNameOf(planned, run);
  const record = new TrialRecord();
  let finished: Started;
  try {
    phase("starting");
    finished = await start({ planned, arm, pod, at, run, record, proving: () => phase("proving") }, call);
  } catch (error) {
    finished = { outcome: outcomeOfError(error, call) };
  }
  if (record.pull && !at.probe) run.present.add(imageOnNode(at.node.name, imageOfArm(arm, run)));
  phase("removing");
  await remove(pod, run, record, call);
  return trialOf({ planned, at, run, record, cooled, ...finished });
}

/** A trial that did not come to its pod. */
export function unstartedTrial(planned: PlannedTrial, outcome: Outcome, at: RunNode, run: RunContext): Trial {
  return trialOf({ planned, at, run, record: new TrialRecord(), cooled: undefined, outcome });
}

/** The arm that a trial was planned for; a plan's order names only arms that it has. */
export function armOf(planned: PlannedTrial, run: RunContext): Arm {
  return run.plan.arms.find(({ name }) => name === planned.arm) as Arm;
}

function podNameOf(planned: PlannedTrial, run: RunContext): PodName {
  return { namespace: run.plan.namespace, name: `coldstart-${run.runId}-${planned.trialId}` };
}

interface Ended extends Started {
  readonly planned: PlannedTrial;
  readonly at: RunNode;
  readonly run: RunContext;
  readonly record: TrialRecord;
  readonly cooled: Cooled | undefined;
}

function trialOf({ planned, at, run, record, cooled, outcome, laziness, poll }: Ended): Trial {
  const { otherImage } = record;
  const coldness =
    cooled && otherImage === undefined
      ? coldnessOf(
          cooled.report,
          { snapshotter: cooled.snapshotter, layers: run.layers.get(planned.arm) },
          cooled.wanted,
          cooled.durationMs,
        )
      : unknownColdness(
          run.plan.coldness,
          otherImage === undefined ? "no probe on the node: nobody looked" : `the cluster runs ${otherImage}, which nobody had removed`,
        );
  return {
    id: planned.trialId,
    arm: planned.arm,
    block: planned.block,
    order: planned.order,
    node: at.node.name,
    podName: podNameOf(planned, run).name,
    outcome,
    observations: record.observations,
    ...(record.pull && { pull: record.pull }),
    coldness,
    ...(laziness && { laziness }),
    ...(poll && { poll }),
    taints: taintsOf(armOf(planned, run), record, coldness, laziness),
    problems: record.problems,
  };
}

interface Started {
  readonly outcome: Outcome;
  readonly laziness?: Trial["laziness"];
  readonly poll?: PollReport | undefined;
}

interface Start {
  readonly planned: PlannedTrial;
  readonly arm: Arm;
  readonly pod: PodName;
  readonly at: RunNode;
  readonly run: RunContext;
  readonly record: TrialRecord;
  /** Told when the pod is ready and the node is looked at. */
  readonly proving: () => void;
}

async function start({ planned, arm, pod, at, run, record, proving }: Start, call: Call): Promise<Started> {
  const { plan, cluster } = run;
  const stopping = new AbortController();
  const signal = eitherSignal(call.signal, stopping.signal);
  const inner: Call = { ...call, signal };
  const target: PodTarget = {
    pod,
    container: plan.workload.container,
    lagBoundMs: lagBoundMs(run.apiRoundTripMs),
    ...observedFor(plan.readiness),
  };
  const sightings = observePod(target, cluster, inner);
  const following = follow(sightings, record, (observation) => run.emit({ kind: "observed", trialId: planned.trialId, observation }));
  const bytes = at.probe && new ByteAccount(at.probe, imageOfArm(arm, run), plan.trialTimeoutMs, inner);
  try {
    await Promise.race([Promise.all([following.listening, bytes?.begun()]), following.failed]);
    const manifest = podOf(plan, arm, {
      trialId: planned.trialId,
      podName: pod.name,
      node: at.node.name,
      taints: at.node.taints,
      owned: run.owned,
    });
    const sentAtEpochMs = nowEpochMs();
    try {
      // Not cut off by a cancellation: a pod that came after its removal would stay.
      const answer = await cluster.request({ method: "POST", path: podsPath(pod.namespace), body: manifest }, { log: call.log });
      noteAdmission(admittedPod(manifest, answer, plan.workload.container), arm, at, run, record);
    } catch (error) {
      const failure = failureOfCreate(error);
      if (!failure) throw error;
      return { outcome: { kind: "failed", reason: failure.reason, message: failure.message } };
    }
    const answeredAtEpochMs = nowEpochMs();
    const created = {
      mark: "created",
      atEpochMs: sentAtEpochMs,
      earliestEpochMs: sentAtEpochMs,
      latestEpochMs: answeredAtEpochMs,
    } as const;
    following.observe({ ...created, clock: "client", source: "request" });
    const ready = waitReady(plan.readiness, { ...target, sightings }, cluster, inner);
    const ended = await Promise.race([ready, following.failed, timedOut(plan.trialTimeoutMs, inner)]);
    if (ended === "failed") return { outcome: failedOutcome(record) };
    if (ended === "timed-out") {
      const state = await nodeState(at, run, inner);
      return { outcome: timeoutOutcome(plan.trialTimeoutMs, at.node.name, state, record.observations) };
    }
    for (const observation of ended.observations) following.observe(observation);
    const readyAtEpochMs = ended.observations[0]?.atEpochMs ?? nowEpochMs();
    if (plan.firstRequest) {
      const asked = askFirst(plan.firstRequest, { ...target, patienceMs: plan.trialTimeoutMs }, cluster, inner);
      const answer = await Promise.race([asked, following.failed]);
      if (answer === "failed") return { outcome: failedOutcome(record), poll: ended.poll };
      if ("observation" in answer) following.observe(answer.observation);
      else record.problems.push(unansweredProblem(answer.what, plan.trialTimeoutMs));
    }
    // Only now: what looks at the node takes its processors from the application.
    proving();
    const [laziness] = await Promise.all([
      proveTrial({ pod, arm, at, run, bytes, createdAtEpochMs: sentAtEpochMs, readyAtEpochMs, record }, inner),
      untilObserved(sightings, lateMarks, lateMarksMs, inner),
    ]);
    return { outcome: { kind: "ready" }, laziness, poll: ended.poll };
  } finally {
    stopping.abort(new DOMException("The trial has ended", "AbortError"));
    await following.ended;
  }
}

/** What really runs may be another image than the node was made cold for, or one that is there and is only asked for anew. */
function noteAdmission({ image, pullPolicy, problems }: AdmittedPod, arm: Arm, at: RunNode, run: RunContext, record: TrialRecord): void {
  for (const problem of problems) run.tell(problem);
  if (nodeImageName(image) !== nodeImageName(imageOfArm(arm, run)) && at.probe) record.otherImage = foreignLine(image, 200);
  run.images.set(arm.name, image);
  record.wasPresent = pullPolicy === "Always" && run.present.has(imageOnNode(at.node.name, image));
}

function failedOutcome({ failure }: TrialRecord): Outcome {
  return { kind: "failed", reason: failure?.reason ?? "other", message: failure?.message ?? "" };
}

function unansweredProblem(what: string, patienceMs: number): Problem {
  const message = `The first request had no answer that the plan takes within ${formatDuration(patienceMs)} (the last: ${what}), so the time to it is not known.`;
  return { severity: "warning", message };
}

/** Reads the sightings into the record. `failed` resolves with the pod's failure and rejects when the cluster cannot be watched. */
function follow(sightings: AsyncIterable<PodSighting>, record: TrialRecord, emit: (observation: Trial["observations"][number]) => void) {
  let announceListening = (): void => {};
  const listening = new Promise<void>((resolve) => (announceListening = resolve));
  let announceFailure = (): void => {};
  let announceLoss: (error: Error) => void = () => {};
  const failed = new Promise<"failed">((resolve, reject) => {
    announceFailure = () => resolve("failed");
    announceLoss = reject;
  });
  failed.catch(() => {}); // nobody may be waiting for it any more
  const ended = (async () => {
    try {
      for await (const sighting of sightings) {
        if (sighting.kind === "listening") announceListening();
        const observation = record.add(sighting);
        if (observation) emit(observation);
        if (record.failure) announceFailure();
      }
    } catch (error) {
      announceLoss(error as Error);
    }
  })();
  return {
    listening,
    failed,
    ended,
    observe(observation: Trial["observations"][number]): void {
      record.observations.push(observation);
      emit(observation);
    },
  };
}

function timedOut(durationMs: number, call: Call): Promise<"timed-out"> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve("timed-out"), durationMs);
    call.signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(call.signal?.reason as Error);
      },
      { once: true },
    );
  });
}

async function nodeState({ node: { name } }: RunNode, { cluster }: RunContext, call: Call): Promise<NodeState> {
  try {
    return (await readNode(cluster, name, call)).isReady ? "ready" : "not-ready";
  } catch (error) {
    call.signal?.throwIfAborted();
    return isApiFailure(error) && error.refusal === "not-found" ? "gone" : "unknown";
  }
}

function outcomeOfError(error: unknown, call: Call): Outcome {
  if (isCancelled(error, call.signal) || call.signal?.aborted) return { kind: "cancelled" };
  const failure = failureOfCreate(error);
  if (failure) return { kind: "failed", reason: failure.reason, message: failure.message };
  call.log?.error(error instanceof Error ? error : String(error));
  return { kind: "failed", reason: "cluster-lost", message: error instanceof Error ? error.message : String(error) };
}

async function remove(pod: PodName, run: RunContext, record: TrialRecord, call: Call): Promise<void> {
  const limited: Call = { log: call.log, signal: AbortSignal.timeout(removalTimeoutMs) };
  try {
    if (await removePod(pod, run.cluster, limited)) return;
    record.problems.push({
      severity: "warning",
      message: `Pod ${pod.name} is still there; it ends by its deadline. "coldstart cleanup" removes it.`,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    record.problems.push({ severity: "warning", message: `Pod ${pod.name} could not be removed: ${why} "coldstart cleanup" removes it.` });
  }
}
