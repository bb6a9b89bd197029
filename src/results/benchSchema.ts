import * as z from "zod/mini";
import type { BenchRun } from "../bench/benchRun.ts";
import { marks, type Observation } from "../bench/observation.ts";
import { coldnessLevels } from "../bench/plan.ts";
import type { Trial } from "../bench/trial.ts";

/**
 * The form of a benchmark in a stored report. Objects may have more fields than these: later versions add some. Single observations and
 * trials that do not fit are left out by the reader, the rest must fit.
 */

/** Within what a `Date` can hold, so that every stamp can be shown as one. */
export const atEpochMs = z.number().check(z.gte(-8.64e15), z.lte(8.64e15));
const fields = z.record(z.string(), z.unknown());
const texts = z.record(z.string(), z.string());
const told = <T extends z.ZodMiniType>(schema: T, description: string): T => schema.check(z.describe(description));

export const problemSchema = z.looseObject({ severity: z.enum(["error", "warning", "info"]), message: z.string() });

/** An observation as it is stored; unknown fields of later versions are kept. */
export const observationSchema: z.ZodMiniType<Observation> = z.looseObject({
  mark: z.enum(marks),
  atEpochMs: told(atEpochMs, "The best single value, in ms since 1970 on the clock that `clock` names."),
  earliestEpochMs: told(atEpochMs, "The true instant is not before this."),
  latestEpochMs: told(atEpochMs, "The true instant is not after this."),
  clock: z.enum(["client", "cluster", "node"]),
  source: z.enum([
    "request",
    "pod-watch",
    "event-watch",
    "pod-status",
    "event-stamp",
    "event-text",
    "log-stamp",
    "log-watch",
    "readiness-poll",
    "import",
  ]),
  detail: z.exactOptional(z.string()),
});

const outcome = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("ready") }),
  z.looseObject({
    kind: z.literal("failed"),
    reason: z.enum([
      "image-pull",
      "container-crashed",
      "container-create",
      "sandbox",
      "unschedulable",
      "evicted",
      "node-lost",
      "pod-deleted",
      "quota",
      "admission",
      "forbidden",
      "not-cold",
      "cluster-lost",
      "other",
    ]),
    message: z.string(),
  }),
  z.looseObject({ kind: z.literal("timed-out"), message: z.string() }),
  z.looseObject({ kind: z.literal("cancelled") }),
]);

const coldness = z.looseObject({
  wanted: z.enum(coldnessLevels),
  reached: told(
    z.enum(coldnessLevels),
    "L0 nothing is known, L1 image removed, L2 content and snapshots gone, L3 also page cache dropped, L4 fresh node.",
  ),
  checks: z.array(z.looseObject({ what: z.string(), passed: z.boolean(), found: z.string() })),
  durationMs: z.number(),
});

const laziness = z.looseObject({
  snapshotter: z.exactOptional(z.string()),
  mounts: z.array(z.looseObject({ type: z.string(), count: z.number() })),
  isLazy: z.boolean(),
  fetched: z.exactOptional(z.looseObject({ bytes: z.number(), source: z.string() })),
  evidence: z.array(z.string()),
});

const trialShape = {
  id: z.string(),
  arm: z.string(),
  block: told(z.number(), "Trials of one block ran one after another, each arm once."),
  order: told(z.number(), "Place in the order of execution, from 0."),
  node: z.exactOptional(z.string()),
  podName: z.string(),
  outcome,
  pull: z.exactOptional(
    z.looseObject({
      durationMs: z.number(),
      includingWaitingMs: z.exactOptional(z.number()),
      imageSizeBytes: z.exactOptional(z.number()),
      alreadyPresent: z.boolean(),
    }),
  ),
  coldness,
  laziness: z.exactOptional(laziness),
  poll: z.exactOptional(z.looseObject({ attempts: z.number(), intervalMs: z.number(), roundTripMs: z.number(), errorMs: z.number() })),
  taints: told(
    z.array(z.enum(["warm", "partly-warm", "fell-back", "restarted", "cluster-reconnected", "less-cold"])),
    "Why the trial is in no number of the summary; empty for a clean one.",
  ),
  problems: z.array(problemSchema),
};

/** A trial whose observations are still to be read one by one. */
export const trialFrame = z.looseObject({ ...trialShape, observations: z.array(z.unknown()) });

const question = z.looseObject({
  scheme: z.enum(["http", "https"]),
  port: z.number(),
  path: z.string(),
  method: z.enum(["GET", "POST", "PUT"]),
  headers: texts,
  body: z.exactOptional(z.string()),
  statuses: z.exactOptional(z.array(z.number())),
  bodyPattern: z.exactOptional(z.string()),
});

const plan = z.looseObject({
  name: z.string(),
  context: z.string(),
  namespace: z.string(),
  target: z.discriminatedUnion("kind", [
    z.looseObject({ kind: z.literal("any") }),
    z.looseObject({ kind: z.literal("node"), name: z.string() }),
    z.looseObject({ kind: z.literal("pool"), name: z.string() }),
  ]),
  arms: z.array(
    z.looseObject({
      name: z.string(),
      image: z.string(),
      runtimeClassName: z.exactOptional(z.string()),
      runtimeHandler: z.exactOptional(z.string()),
      snapshotter: z.string(),
      isLazy: z.boolean(),
      pullPolicy: z.enum(["Always", "IfNotPresent"]),
      podPatch: z.exactOptional(fields),
    }),
  ),
  workload: z.looseObject({
    container: z.string(),
    pod: told(fields, "PodSpec without values of environment variables."),
    annotations: z.exactOptional(texts),
    namespace: z.exactOptional(z.string()),
    origin: z.string(),
    gpuCount: z.number(),
    gpuResource: z.string(),
  }),
  readiness: z.discriminatedUnion("kind", [
    z.looseObject({ kind: z.literal("http"), question }),
    z.looseObject({ kind: z.literal("tcp"), port: z.number() }),
    z.looseObject({ kind: z.literal("grpc"), port: z.number(), service: z.string() }),
    z.looseObject({ kind: z.literal("log"), pattern: z.string() }),
    z.looseObject({ kind: z.literal("exit"), code: z.number() }),
    z.looseObject({ kind: z.literal("pod") }),
  ]),
  firstRequest: z.exactOptional(question),
  trialsPerArm: z.number(),
  seed: z.number(),
  trialTimeoutMs: z.number(),
  coldness: z.enum(coldnessLevels),
  podsAtOnce: z.number(),
  limits: z.looseObject({ maxDurationMs: z.number(), maxCost: z.exactOptional(z.number()) }),
  pricePerNodeHour: z.exactOptional(z.number()),
  currency: z.string(),
  probeImage: z.string(),
});

const environment = z.looseObject({
  kubernetesVersion: z.exactOptional(z.string()),
  server: z.string(),
  nodes: z.array(
    z.looseObject({
      name: z.string(),
      instanceType: z.exactOptional(z.string()),
      pool: z.exactOptional(z.string()),
      gpuProduct: z.exactOptional(z.string()),
      gpuCount: z.number(),
      kernelVersion: z.string(),
      osImage: z.string(),
      kubeletVersion: z.string(),
      containerRuntimeVersion: z.string(),
      details: texts,
    }),
  ),
  images: z.array(
    z.looseObject({
      arm: z.string(),
      reference: z.string(),
      digest: z.exactOptional(z.string()),
      layerMediaTypes: z.array(z.string()),
      layerCount: z.number(),
      compressedSizeBytes: z.number(),
    }),
  ),
  // JSON has no undefined: what is not known is left out.
  contentCheck: z.looseObject({ equal: z.optional(z.boolean()), how: z.string() }),
  linkBytesPerSecond: z.exactOptional(z.number()),
  clockOffsets: z.array(z.looseObject({ node: z.string(), offsetMs: z.number(), errorMs: z.number() })),
  apiRoundTripMs: z.exactOptional(z.number()),
  clientVersion: z.string(),
});

const runShape = {
  id: z.string(),
  startedAtEpochMs: atEpochMs,
  endedAtEpochMs: atEpochMs,
  ending: z.discriminatedUnion("kind", [
    z.looseObject({ kind: z.literal("complete") }),
    z.looseObject({ kind: z.literal("cancelled") }),
    z.looseObject({ kind: z.literal("limit"), message: z.string() }),
    z.looseObject({ kind: z.literal("failed"), message: z.string() }),
  ]),
  plan,
  environment,
  problems: z.array(problemSchema),
};

/** A run whose trials are still to be read one by one. */
export const runFrame = z.looseObject({ ...runShape, trials: z.array(z.unknown()) });

const trialSchema: z.ZodMiniType<Trial> = z.looseObject({ ...trialShape, observations: z.array(observationSchema) });

/** The whole run at once, as its JSON schema says it. */
export const runSchema: z.ZodMiniType<Omit<BenchRun, "environment"> & { readonly environment: object }> = z.looseObject({
  ...runShape,
  trials: z.array(trialSchema),
});
