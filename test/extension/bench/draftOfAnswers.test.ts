import { expect, test } from "vitest";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import { runtimeClassOf, snapshotterOf } from "../../../src/cluster/runtimeClasses.ts";
import { draftOfAnswers, draftOfFile } from "../../../src/extension/bench/draftOfAnswers.ts";
import { runtimeOffers } from "../../../src/extension/bench/runtimeOffers.ts";
import type { BenchSettings } from "../../../src/extension/settings.ts";
import { sampleNode } from "../clusters/clusterSample.ts";

const settings: BenchSettings = {
  kubeconfigPath: undefined,
  namespace: undefined,
  trialsPerArm: 5,
  pricePerNodeHour: 3,
  currency: "EUR",
  maxDurationMs: undefined,
  maxCost: 10,
  trialTimeoutMs: 600_000,
  probeImage: undefined,
  isUnprivileged: false,
};

const [overlayfs, stargz] = runtimeOffers(
  [runtimeClassOf({ metadata: { name: "stargz" }, handler: "stargz" })].flatMap((each) => each ?? []),
  (each) => snapshotterOf(each, [sampleNode({ name: "a" })]),
);

test("answers become a draft; a guess is left to the plan, which says that it is one", () => {
  if (!overlayfs || !stargz) throw new Error("no offers");
  const draft = draftOfAnswers(
    {
      cluster: { context: "prod" } as Cluster,
      target: { kind: "pool", name: "gpu" },
      subject: { kind: "image", image: "r.example/app:1" },
      gpus: { count: 1, resource: "nvidia.com/gpu" },
      arms: [{ runtime: overlayfs }, { runtime: stargz, image: "r.example/app:1-esgz" }],
      readiness: { kind: "tcp", port: 1 },
      trialsPerArm: 3,
      probe: "once",
    },
    settings,
  );
  expect(draft).toEqual({
    context: "prod",
    target: { kind: "pool", name: "gpu" },
    image: "r.example/app:1",
    gpuCount: 1,
    gpuResource: "nvidia.com/gpu",
    arms: [{ name: "overlayfs" }, { name: "stargz", runtimeClassName: "stargz", snapshotter: "stargz", image: "r.example/app:1-esgz" }],
    readiness: { kind: "tcp", port: 1 },
    trialsPerArm: 3,
    pricePerNodeHour: 3,
    currency: "EUR",
    limits: { maxDurationMs: undefined, maxCost: 10 },
    trialTimeoutMs: 600_000,
  });
  expect(draftOfAnswers({ probe: "no" }, settings).coldness).toBe("L0");
});

test("a plan's file goes before the settings; a price of its own takes no limit in another currency", () => {
  expect(draftOfFile({ image: "a" }, settings)).toMatchObject({
    image: "a",
    pricePerNodeHour: 3,
    currency: "EUR",
    limits: { maxCost: 10 },
  });
  const own = draftOfFile({ image: "a", pricePerNodeHour: 1, limits: { maxDurationMs: 1000 } }, settings);
  expect(own).toMatchObject({ pricePerNodeHour: 1, limits: { maxDurationMs: 1000, maxCost: undefined } });
  expect(own.currency).toBeUndefined();
});
