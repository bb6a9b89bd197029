import { randomBytes } from "node:crypto";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import type { Observation } from "../../../src/bench/observation.ts";
import { observePod } from "../../../src/bench/observe/observePod.ts";
import { lagBoundMs, type PodSighting } from "../../../src/bench/observe/podSighting.ts";
import type { Readiness } from "../../../src/bench/plan.ts";
import { observedFor, waitReady, type ReadyOutcome, type WaitTarget } from "../../../src/bench/readiness/waitReady.ts";
import type { OwnNamespace } from "../cluster/ownNamespace.ts";
import { tinyImage } from "../parts/cluster.ts";

export interface StartedPod {
  readonly target: WaitTarget;
  /** All that was seen until now. */
  readonly seen: readonly PodSighting[];
  ready(): Promise<ReadyOutcome>;
  /** The first sighting that fits, of the past or to come. */
  sighting<K extends PodSighting["kind"]>(kind: K): Promise<Extract<PodSighting, { kind: K }>>;
  observations(): readonly Observation[];
  /** Removes the pod and stops looking. */
  end(): Promise<void>;
}

/** Observes a pod from before its creation, as a trial does. `spec` is laid over that of a pod that runs `script` in the tiny image. */
export async function startPod(
  own: OwnNamespace,
  readiness: Readiness,
  { script, spec = {}, container = {}, cluster = own.admin }: { script?: string; spec?: object; container?: object; cluster?: Cluster },
): Promise<StartedPod> {
  const name = `start-${randomBytes(4).toString("hex")}`;
  const stop = new AbortController();
  const call = { signal: AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]) };
  const observed = { pod: { namespace: own.name, name }, container: "app", lagBoundMs: lagBoundMs(5), ...observedFor(readiness) };
  const sightings = observePod(observed, cluster, call);
  const target = { ...observed, sightings };
  const seen: PodSighting[] = [];
  const reading = (async () => {
    for await (const sighting of sightings) seen.push(sighting);
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  for await (const { kind } of sightings) if (kind === "listening") break;
  const main = { name: "app", image: tinyImage, imagePullPolicy: "Always", ...(script && { command: ["sh", "-c", script] }), ...container };
  const pod = { restartPolicy: "Never", terminationGracePeriodSeconds: 0, activeDeadlineSeconds: 120, containers: [main], ...spec };
  await own.admin.request({ method: "POST", path: own.path("pods"), body: { metadata: { name }, spec: pod } }, {});
  return {
    target,
    seen,
    ready: () => waitReady(readiness, target, cluster, call),
    async sighting(kind) {
      for await (const sighting of sightings) if (sighting.kind === kind) return sighting as never;
      throw new Error(`${kind} was not seen.`);
    },
    observations: () => seen.flatMap((sighting) => (sighting.kind === "observed" ? [sighting.observation] : [])),
    async end() {
      stop.abort(new Error("the test is over"));
      await reading;
      const path = own.path(`pods/${name}`);
      await own.admin.request({ method: "DELETE", path, query: { gracePeriodSeconds: 0 } }, {}).catch(() => {});
    },
  };
}
