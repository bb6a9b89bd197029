import type { BenchRun, PlannedTrial, RunEnding } from "../../src/bench/benchRun.ts";
import type { Arm, BenchPlan } from "../../src/bench/plan.ts";
import { trialOrder } from "../../src/bench/plan/trialOrder.ts";
import { seededRandom } from "../../src/stats/random.ts";
import { sampleArms, type SampleArm } from "./sampleArms.ts";
import { sampleTrial } from "./sampleTrial.ts";

export interface SampleBenchOptions {
  readonly arms?: readonly SampleArm[];
  readonly trialsPerArm?: number;
  readonly ending?: RunEnding;
  /** Names of a hostile image in place of the usual ones. */
  readonly hostile?: boolean;
  /** Only the first so many trials have run. */
  readonly trialsRun?: number;
}

const startedAtEpochMs = Date.UTC(2026, 10, 22, 11, 52, 0);

/** A whole run, the same for the same options: stage times as measured on the test cluster, with noise, drift and mishaps. */
export function sampleBench(options: SampleBenchOptions = {}): BenchRun {
  const { arms = sampleArms, trialsPerArm = 10, ending = { kind: "complete" }, hostile = false } = options;
  const plan = samplePlan(arms, trialsPerArm, hostile);
  const order = trialOrder(plan);
  const random = seededRandom(plan.seed + 1);
  let clockEpochMs = startedAtEpochMs + 14_000;
  const trials = order.slice(0, options.trialsRun ?? order.length).map((planned) => {
    const arm = armOf(arms, planned);
    const { trial, tookMs } = sampleTrial({ arm, planned, beganAtEpochMs: clockEpochMs, random, hostile });
    clockEpochMs += tookMs;
    return trial;
  });
  return {
    id: "k3x9f2",
    startedAtEpochMs,
    endedAtEpochMs: clockEpochMs,
    ending,
    plan,
    environment: sampleEnvironment(plan),
    trials,
    problems: hostile ? [{ severity: "warning", message: "<script>alert(1)</script> was said by the registry." }] : [],
  };
}

export function samplePlan(arms: readonly SampleArm[], trialsPerArm: number, hostile: boolean): BenchPlan {
  return {
    name: hostile ? "<img src=x onerror=alert(1)>\u202e" : "fastapi-sklearn on L4",
    context: "gpu-eu-west-1",
    namespace: "coldstart-bench",
    target: { kind: "pool", name: "gpu-pool-a" },
    arms: arms.map((arm) => planArm(arm, hostile)),
    workload: {
      container: "app",
      pod: { containers: [{ name: "app" }] },
      origin: "deployment/embedder in team-search",
      gpuCount: 1,
      gpuResource: "nvidia.com/gpu",
    },
    readiness: { kind: "http", question: { scheme: "http", port: 8000, path: "/health", method: "GET", headers: {} } },
    firstRequest: { scheme: "http", port: 8000, path: "/embed", method: "POST", headers: {}, body: "{}" },
    trialsPerArm,
    seed: 20_261_122,
    trialTimeoutMs: 600_000,
    coldness: "L3",
    podsAtOnce: 1,
    limits: { maxDurationMs: 7_200_000, maxCost: 10 },
    pricePerNodeHour: 0.9776,
    currency: "USD",
    probeImage: "registry.example/probe:1.2",
  };
}

function planArm({ name, snapshotter, isLazy, suffix }: SampleArm, hostile: boolean): Arm {
  return {
    name,
    image: hostile ? `registry.example/<svg onload=alert(1)>:${suffix}` : `registry.example/search/embedder:1.8${suffix}`,
    ...(snapshotter !== "overlayfs" && { runtimeClassName: snapshotter }),
    snapshotter,
    isLazy,
    pullPolicy: "IfNotPresent",
  };
}

function sampleEnvironment(plan: BenchPlan): BenchRun["environment"] {
  return {
    kubernetesVersion: "v1.36.2",
    server: "https://k8s.gpu-eu-west-1.example",
    nodes: [
      {
        name: "ip-10-0-3-17",
        instanceType: "g6.2xlarge",
        pool: "gpu-pool-a",
        gpuProduct: "NVIDIA-L4",
        gpuCount: 1,
        kernelVersion: "6.12.40",
        osImage: "Amazon Linux 2023",
        kubeletVersion: "v1.36.2",
        containerRuntimeVersion: "containerd://2.4.2",
        details: { stargz: "v0.19.1", soci: "v0.14.0", nydus: "v0.16.1", disk: "gp3, 3,000 IOPS, 125 MB/s", filesystem: "xfs" },
      },
    ],
    images: plan.arms.map((arm, index) => ({
      arm: arm.name,
      reference: arm.image,
      digest: `sha256:9f86d0${String(index).repeat(58)}`,
      layerMediaTypes: ["application/vnd.oci.image.layer.v1.tar+gzip"],
      layerCount: 9,
      compressedSizeBytes: arm.snapshotter === "stargz" ? 348_000_000 : 390_000_000,
    })),
    contentCheck: { equal: true, how: "equal diffIDs, for Nydus equal file lists" },
    linkBytesPerSecond: 25_000_000,
    clockOffsets: [{ node: "ip-10-0-3-17", offsetMs: 2.1, errorMs: 0.8 }],
    apiRoundTripMs: 4.2,
    clientVersion: "0.1.0",
  };
}

function armOf(arms: readonly SampleArm[], planned: PlannedTrial): SampleArm {
  const arm = arms.find(({ name }) => name === planned.arm);
  if (!arm) throw new Error(`there is no sample arm ${planned.arm}`);
  return arm;
}
