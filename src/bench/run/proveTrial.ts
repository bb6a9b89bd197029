import { delay } from "../../base/abort.ts";
import type { Call } from "../../base/log.ts";
import type { PodName } from "../../cluster/cluster.ts";
import { fieldsAt, listAt, textAt } from "../../cluster/fields.ts";
import { podPath } from "../../cluster/podPath.ts";
import type { Arm } from "../plan.ts";
import { bytesBetween } from "../probe/fetchedBytes.ts";
import type { ProbePod } from "../probe/probePod.ts";
import type { LazinessProof } from "../trial.ts";
import { imageOfArm } from "./admission.ts";
import { isLoopback, nodeImageName, registryHost } from "./imageName.ts";
import { ByteCount, proveLaziness, readLayers, readStoredBytes } from "./nodeProbe.ts";
import type { RunContext } from "./runContext.ts";
import type { RunNode } from "./runNodes.ts";
import type { TrialRecord } from "./trialRecord.ts";

/** Counts the bytes of one trial that come in from the registry's side. */
export class ByteAccount {
  readonly #count: ByteCount;
  readonly #isOwn: boolean;

  constructor(probe: ProbePod, image: string, trialTimeoutMs: number, call: Call) {
    const host = registryHost(image);
    this.#isOwn = isLoopback(host);
    this.#count = new ByteCount(probe, host, trialTimeoutMs / 1000 + 60, call);
  }

  /** Waits until counting has begun: what came before is not seen. */
  begun(): Promise<void> {
    return this.#count.counting;
  }

  async between(fromEpochMs: number, toEpochMs: number, call: Call): Promise<LazinessProof["fetched"]> {
    const samples = await this.#count.stop(call);
    const found = samples && bytesBetween(samples, fromEpochMs, toEpochMs);
    if (!found) return undefined;
    const why = this.#isOwn ? "over which most came, since the registry's name is the node's own" : "towards the registry";
    return { bytes: found.bytes, source: `all that came in over ${found.interface}, the interface ${why}` };
  }
}

export interface ProofRequest {
  readonly pod: PodName;
  readonly arm: Arm;
  readonly at: RunNode;
  readonly run: RunContext;
  readonly bytes: ByteAccount | undefined;
  readonly createdAtEpochMs: number;
  readonly readyAtEpochMs: number;
  readonly record: TrialRecord;
}

/** Looks up what the ready container runs from and what was fetched. Undefined without a probe; what cannot be learnt is a problem of the trial. */
export async function proveTrial(request: ProofRequest, call: Call): Promise<LazinessProof | undefined> {
  const { at, arm, run, record } = request;
  const { probe } = at;
  if (!probe) return undefined;
  try {
    const offsetMs = at.clockOffset?.offsetMs ?? 0;
    const overLink = await request.bytes?.between(request.createdAtEpochMs + offsetMs, request.readyAtEpochMs + offsetMs, call);
    const containerId = await containerIdOf(request.pod, run, call);
    if (containerId === undefined) {
      record.problems.push({
        severity: "warning",
        message: "What the container runs from is not known: the kubelet names no container of containerd.",
      });
      return undefined;
    }
    const proof = await proveLaziness(probe, containerId, call);
    if (!proof) {
      const message = "What the container runs from is not known: its root is no overlay whose layers were found on the node.";
      record.problems.push({ severity: "warning", message });
    }
    if (!run.layers.has(arm.name)) {
      const layers = await readLayers(probe, nodeImageName(imageOfArm(arm, run)), call);
      if (layers) run.layers.set(arm.name, layers);
    }
    const fetched = overLink ?? (await readStoredBytes(probe, proof?.snapshotter ?? arm.snapshotter, run.layers.get(arm.name), call));
    return proof && { ...proof, ...(fetched && { fetched }) };
  } catch (error) {
    call.signal?.throwIfAborted();
    record.problems.push({
      severity: "warning",
      message: `What the container runs from is not known: ${error instanceof Error ? error.message : String(error)}`,
    });
    return undefined;
  }
}

/** Of the main container; undefined when its runtime is not containerd. The kubelet writes it up to a second after the start. */
async function containerIdOf(pod: PodName, run: RunContext, call: Call): Promise<string | undefined> {
  const path = podPath(pod);
  const deadline = performance.now() + 5000;
  for (;;) {
    const object = await run.cluster.request({ method: "GET", path }, call);
    const status = listAt(fieldsAt(object, "status"), "containerStatuses").find(
      (each) => textAt(each, "name") === run.plan.workload.container,
    );
    const id = textAt(status, "containerID");
    if (id !== undefined) return /^containerd:\/\/([0-9a-f]+)$/.exec(id)?.[1];
    if (performance.now() > deadline) return undefined;
    await delay(100, call.signal);
  }
}
