import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Trial } from "../../../src/bench/trial.ts";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import { makeNamespace, type OwnNamespace } from "../cluster/ownNamespace.ts";
import { clusterImages, imageForm, linkBytes, startCluster } from "../parts/cluster.ts";
import { clearImages, containersGone, imageNames } from "../parts/nodeImages.ts";
import { poll } from "../parts/process.ts";
import { armOn, benched, benchPlan, health, inShort, trialNode, type PlanParts, type Snapshotter } from "./benchRuns.ts";

/** That each start was as cold and as lazy as its trial says, against what the registry's own link has counted. */

const image = "py-httpserver";
const sibling = "flask-gunicorn";
let cluster: Cluster;
let own: OwnNamespace;
beforeAll(async () => {
  cluster = await startCluster(2);
  await clusterImages(image, sibling);
  own = await makeNamespace();
  await containersGone(trialNode);
  await clearImages(trialNode);
});
afterEach(() => clearImages(trialNode));
afterAll(() => own.remove());

const http = { kind: "http", question: health(8000, "/") } as const;

function planOf(parts: Omit<PlanParts, "namespace"> & { readonly snapshotters?: readonly Snapshotter[] }): ReturnType<typeof benchPlan> {
  const { snapshotters = [], ...rest } = parts;
  return benchPlan({ namespace: own.name, readiness: http, arms: snapshotters.map((each) => armOn(each, image)), ...rest });
}

/** A pod that has the image on the trials' node and runs for as long as the work takes. */
async function whileRunning<T>(name: string, work: () => Promise<T>): Promise<T> {
  const spec = {
    nodeName: trialNode,
    runtimeClassName: "overlayfs",
    terminationGracePeriodSeconds: 1,
    activeDeadlineSeconds: 300,
    containers: [{ name: "main", image: name, command: ["sleep", "300"] }],
  };
  const path = own.path("pods/holder");
  await own.admin.request({ method: "POST", path: own.path("pods"), body: { metadata: { name: "holder" }, spec } }, {});
  try {
    await poll("the other pod to run", async () => {
      const pod = await own.admin.request<{ status?: { phase?: string } }>({ method: "GET", path }, {});
      return pod.status?.phase === "Running";
    });
    return await work();
  } finally {
    // Not by force: its container would outlive it, and hold the image's layers.
    await own.admin.request({ method: "DELETE", path }, {});
    await poll("the other pod to go", () =>
      own.admin.request({ method: "GET", path }, {}).then(
        () => false,
        () => true,
      ),
    );
  }
}

test("every arm starts at L3 with proof, the lazy ones lazily, and each trial of an arm fetches the same bytes by the link's count", async () => {
  const plan = planOf({ snapshotters: ["overlayfs", "stargz", "soci", "nydus"], trialsPerArm: 2 });
  const ready = new Map<string, Promise<number>>();
  const created = new Map<string, Promise<number>>();
  const { run, trials } = await benched(plan, cluster, {
    onEvent(event) {
      if (event.kind === "phase" && event.phase === "starting") created.set(event.trialId, linkBytes());
      if (event.kind === "observed" && event.observation.mark === "ready") ready.set(event.trialId, linkBytes());
    },
  });
  expect(run.ending).toEqual({ kind: "complete" });
  expect(trials.map((trial) => `${trial.arm}: ${inShort(trial)}`)).toEqual(trials.map(({ arm }) => `${arm}: ready, L3`));
  for (const trial of trials) {
    expect(trial.coldness.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(trial.pull?.alreadyPresent).toBe(false);
    expect([trial.arm, trial.laziness?.isLazy, trial.laziness?.snapshotter]).toEqual([trial.arm, trial.arm !== "overlayfs", trial.arm]);
  }
  const table = await Promise.all(
    trials.map(async ({ id, arm, laziness }) => ({
      arm,
      link: (await (ready.get(id) ?? NaN)) - (await (created.get(id) ?? NaN)),
      own: laziness?.fetched?.bytes ?? NaN,
    })),
  );
  console.log(table.map(({ arm, link, own }) => `${arm}: ${link} bytes over the link, ${own} by our own count`).join("\n"));
  for (const { arm, link, own } of table) {
    const others = table.filter((row) => row.arm === arm).map((row) => row.link);
    expect(Math.max(...others) / Math.min(...others), `spread of ${arm}: ${others.join(", ")}`).toBeLessThan(1.02);
    expect(Math.abs(own / link - 1), `${arm}: ${own} counted, ${link} over the link`).toBeLessThan(0.02);
  }
  const bytesOf = (name: string): number => table.find(({ arm }) => arm === name)?.link ?? NaN;
  for (const lazy of ["stargz", "soci", "nydus"]) expect(bytesOf(lazy)).toBeLessThan(0.7 * bytesOf("overlayfs"));
});

describe("what was not cold or not lazy is found and named", () => {
  const failed = ({ coldness }: Trial): string[] =>
    coldness.checks.filter(({ passed }) => !passed).map(({ what, found }) => `${what}: ${found}`);

  test("a container of the image runs on the node", async () => {
    const name = imageForm(image, "gzip");
    const [trial] = (await whileRunning(name, () => benched(planOf({ snapshotters: ["overlayfs"] }), cluster))).trials;
    expect(trial && inShort(trial)).toBe("ready, L0, warm, less-cold");
    expect(trial && failed(trial).join("\n")).toMatch(/no container of the image: [0-9a-f]{12} of .*py-httpserver:gzip/);
    expect(trial?.pull?.alreadyPresent).toBe(true);
  });

  test("another image shares its layers", async () => {
    const [trial] = (await whileRunning(imageForm(sibling, "gzip"), () => benched(planOf({ snapshotters: ["overlayfs"] }), cluster)))
      .trials;
    expect(trial && inShort(trial)).toBe("ready, L1, partly-warm, less-cold");
    // The base and what both installed on it.
    expect(trial && failed(trial)).toEqual(["no layer in the content store: 2 of 3", "no snapshot of its layers in overlayfs: 2 of 3"]);
  });

  test("lazy loaders fall back silently for an image that they cannot load lazily", async () => {
    const plain = imageForm(image, "gzip");
    const lazy = (["stargz", "soci", "nydus"] as const).map((each) => ({ ...armOn(each, image), image: plain }));
    const { trials } = await benched(planOf({ arms: lazy }), cluster);
    expect(trials.map((trial) => `${trial.arm}: ${inShort(trial)}`)).toEqual(trials.map(({ arm }) => `${arm}: ready, L3, fell-back`));
    for (const { arm, laziness } of trials) {
      expect(laziness).toMatchObject({ isLazy: false, snapshotter: arm });
      expect(laziness?.mounts.map(({ type }) => type).join()).not.toMatch(/fuse/);
    }
  });

  test("at L0 the kubelet's own word is taken: already present", async () => {
    const plan = planOf({ snapshotters: ["overlayfs"], coldness: "L0", trialsPerArm: 2 });
    const { trials } = await benched(plan, cluster);
    expect(trials.slice(1).map(inShort)).toEqual(["ready, L0, warm"]);
    expect(trials[0]?.coldness.checks).toMatchObject([{ found: expect.stringContaining("nobody looked") as string }]);
    expect(await imageNames(trialNode)).toContain(imageForm(image, "gzip"));
  });
});
