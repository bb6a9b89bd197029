import { randomInt } from "node:crypto";
import type { BenchEvent, BenchRun } from "../../../src/bench/benchRun.ts";
import type { Arm, BenchPlan, HttpQuestion } from "../../../src/bench/plan.ts";
import type { ContentSettings } from "../../../src/bench/plan/compareImages.ts";
import { defaultContentSettings } from "../../../src/bench/plan/contentCheck.ts";
import { runBench } from "../../../src/bench/run/runBench.ts";
import type { Trial } from "../../../src/bench/trial.ts";
import type { Call } from "../../../src/base/log.ts";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import { defaultImageSettings } from "../../../src/image/settings.ts";
import { imageForm, probeImage, tinyImage } from "../parts/cluster.ts";
import { temporaryFolder } from "../parts/process.ts";

/** Trials run on the second node, so that nobody who works on the first one is in the way. */
export const trialNode = process.env["COLDSTART_TEST_NODE"] ?? "node-b";

const forms = { overlayfs: "gzip", stargz: "estargz", soci: "soci", nydus: "nydus" } as const;
export type Snapshotter = keyof typeof forms;

/** An arm as a person would write it: a corpus image in the form that the snapshotter is made for, or another one by its whole name. */
export function armOn(snapshotter: Snapshotter, image: string): Arm {
  const whole = image.includes("/") ? image : imageForm(image, forms[snapshotter]);
  const isLazy = snapshotter !== "overlayfs";
  return { name: snapshotter, image: whole, runtimeClassName: snapshotter, snapshotter, isLazy, pullPolicy: "IfNotPresent" };
}

export function health(port = 8080, path = "/health"): HttpQuestion {
  return { scheme: "http", port, path, method: "GET", headers: {} };
}

export type PlanParts = Partial<Omit<BenchPlan, "workload">> & {
  readonly namespace: string;
  /** Merged into the main container, which has only the arm's image. */
  readonly container?: object;
  /** Merged into the pod's spec. */
  readonly pod?: object;
  readonly gpuCount?: number;
};

/** A plan of one cold trial of the tiny web server, with what a test changes. */
export function benchPlan({ container, pod, gpuCount = 0, ...parts }: PlanParts): BenchPlan {
  const limits = gpuCount > 0 ? { resources: { limits: { "nvidia.com/gpu": String(gpuCount) } } } : {};
  return {
    name: "test",
    context: "coldstart-test",
    target: { kind: "node", name: trialNode },
    arms: [armOn("overlayfs", tinyImage)],
    workload: {
      container: "main",
      pod: { automountServiceAccountToken: false, containers: [{ name: "main", ...limits, ...container }], ...pod },
      origin: "options",
      gpuCount,
      gpuResource: "nvidia.com/gpu",
    },
    readiness: { kind: "http", question: health() },
    trialsPerArm: 1,
    seed: randomInt(2 ** 32),
    trialTimeoutMs: 60_000,
    coldness: "L3",
    podsAtOnce: 1,
    limits: { maxDurationMs: 30 * 60_000 },
    currency: "USD",
    probeImage,
    ...parts,
  };
}

export interface Benched {
  readonly run: BenchRun;
  readonly trials: readonly Trial[];
  readonly events: readonly BenchEvent[];
}

/** Runs a plan to its end. `onEvent` may do things to the cluster in mid-run; the run waits for nothing of it. */
export async function benched(
  plan: BenchPlan,
  cluster: Cluster,
  { onEvent, signal }: { onEvent?: (event: BenchEvent) => void; signal?: AbortSignal } = {},
): Promise<Benched> {
  const events: BenchEvent[] = [];
  const call: Call = signal ? { signal } : {};
  const options = { clientVersion: "test", allowPrivileged: true, content: contentSettings() };
  for await (const event of runBench(plan, cluster, options, call)) {
    events.push(event);
    onEvent?.(event);
  }
  const last = events.at(-1);
  if (last?.kind !== "ended") throw new Error("The run ended without its result.");
  return { run: last.run, trials: last.run.trials, events };
}

/** Manifests only: the layers' bytes would come over the link that is measured. */
function contentSettings(): ContentSettings {
  const settings = defaultContentSettings();
  return {
    image: { ...defaultImageSettings, plainHttpHosts: [tinyImage.replace(/\/.*/, "")] },
    facts: { ...settings.facts, cacheDir: temporaryFolder("facts") },
    maxReadBytes: 0,
  };
}

/** A trial in one line, for comparisons that must show all that went wrong. */
export function inShort({ outcome, taints, coldness }: Trial): string {
  const ending = outcome.kind === "failed" ? `failed: ${outcome.reason}` : outcome.kind;
  return [ending, coldness.reached, ...taints].join(", ");
}
