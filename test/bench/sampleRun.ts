import type { BenchRun } from "../../src/bench/benchRun.ts";
import type { Arm } from "../../src/bench/plan.ts";
import type { LazinessProof, Trial } from "../../src/bench/trial.ts";
import { sampleStartEpochMs, sampleTrial, seenStart } from "./sampleTrial.ts";

/** Times of one arm's trials in ms after the request, one per block; `undefined`: never started, or never ready. */
export interface SampleArm {
  readonly name: string;
  readonly snapshotter?: string;
  readonly isLazy?: boolean;
  readonly started: readonly (number | undefined)[];
  readonly ready: readonly (number | undefined)[];
  /** What each trial has beside its times. */
  readonly trial?: (block: number) => Partial<Trial>;
}

export function sampleRun(arms: readonly SampleArm[], given: Partial<BenchRun> = {}): BenchRun {
  const blocks = Math.max(0, ...arms.map(({ ready }) => ready.length));
  const trials = Array.from({ length: blocks }, (_, block) =>
    arms.flatMap((arm, index) => (block < arm.ready.length ? [trialOf(arm, block, block * arms.length + index)] : [])),
  ).flat();
  return {
    id: "k3x9",
    startedAtEpochMs: sampleStartEpochMs,
    endedAtEpochMs: sampleStartEpochMs + trials.length * 60_000,
    ending: { kind: "complete" },
    plan: {
      name: "fastapi-sklearn",
      context: "gpu-test",
      namespace: "bench",
      target: { kind: "pool", name: "gpu" },
      arms: arms.map(planArm),
      workload: { container: "app", pod: { containers: [{ name: "app" }] }, origin: "options", gpuCount: 1, gpuResource: "nvidia.com/gpu" },
      readiness: {
        kind: "http",
        question: { scheme: "http", port: 8000, path: "/health", method: "GET", headers: {} },
      },
      trialsPerArm: blocks,
      seed: 7,
      trialTimeoutMs: 600_000,
      coldness: "L3",
      podsAtOnce: 1,
      limits: { maxDurationMs: 3_600_000 },
      currency: "USD",
      probeImage: "registry.test/probe:1",
    },
    environment: {
      kubernetesVersion: "v1.36.2",
      server: "https://10.0.0.1:6443",
      nodes: [sampleNode("gpu-1", "g5.xlarge"), sampleNode("gpu-2", "g6.xlarge")],
      images: arms.map(({ name }) => ({
        arm: name,
        reference: `registry.test/fastapi-sklearn:${name}`,
        digest: `sha256:${"ab".repeat(32)}`,
        layerMediaTypes: ["application/vnd.oci.image.layer.v1.tar+gzip"],
        layerCount: 9,
        compressedSizeBytes: 152_000_000,
      })),
      contentCheck: { equal: true, how: "the diffIDs are the same" },
      linkBytesPerSecond: 25_000_000,
      clockOffsets: [{ node: "gpu-1", offsetMs: 1.5, errorMs: 0.8 }],
      apiRoundTripMs: 4,
      clientVersion: "0.1.0",
    },
    trials,
    problems: [],
    ...given,
  };
}

function planArm({ name, snapshotter = name, isLazy = name !== "overlayfs" }: SampleArm): Arm {
  return {
    name,
    image: `registry.test/fastapi-sklearn:${name}`,
    runtimeClassName: snapshotter,
    snapshotter,
    isLazy,
    pullPolicy: "IfNotPresent",
  };
}

function sampleNode(name: string, instanceType: string): BenchRun["environment"]["nodes"][number] {
  return {
    name,
    instanceType,
    pool: "gpu",
    gpuProduct: "NVIDIA-A10G",
    gpuCount: 1,
    kernelVersion: "6.12.0",
    osImage: "Debian GNU/Linux 13",
    kubeletVersion: "v1.36.2",
    containerRuntimeVersion: "containerd://2.2.1",
    details: { stargz: "v0.18.2", disk: "gp3 3000 IOPS" },
  };
}

function trialOf(arm: SampleArm, block: number, order: number): Trial {
  const started = arm.started[block];
  const ready = arm.ready[block];
  const beganAt = order * 60_000;
  const pullEnd = started === undefined ? undefined : Math.max(340, started - 60);
  return sampleTrial({
    id: `${arm.name}-${block}`,
    arm: arm.name,
    block,
    order,
    observations: seenStart(beganAt, {
      created: 6,
      scheduled: 20,
      sandbox: started === undefined ? undefined : 320,
      "pull-start": started === undefined ? undefined : 330,
      pulled: pullEnd,
      "container-created": pullEnd === undefined ? undefined : pullEnd + 40,
      started,
      ready,
    }),
    outcome: ready === undefined ? { kind: "timed-out", message: "not ready within 10 min" } : { kind: "ready" },
    laziness: lazinessOf(arm, block),
    poll: { attempts: 12, intervalMs: 50, roundTripMs: 3, errorMs: 53 },
    ...arm.trial?.(block),
  });
}

function lazinessOf({ name, isLazy = name !== "overlayfs" }: SampleArm, block: number): LazinessProof {
  return {
    snapshotter: name,
    mounts: [{ type: isLazy ? "fuse.rawBridge" : "overlay", count: isLazy ? 9 : 1 }],
    isLazy,
    fetched: { bytes: isLazy ? 31_000_000 + block * 1000 : 152_000_000, source: "the link's counter" },
    evidence: isLazy ? ["9 of 9 lower layers are fuse.rawBridge"] : ["overlay on directories"],
  };
}
