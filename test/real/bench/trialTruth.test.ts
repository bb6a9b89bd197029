import { afterAll, beforeAll, expect, test } from "vitest";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import { makeNamespace, type OwnNamespace } from "../cluster/ownNamespace.ts";
import { clusterImages, startCluster } from "../parts/cluster.ts";
import { containersGone } from "../parts/nodeImages.ts";
import { armOn, inShort, trialNode } from "./benchRuns.ts";
import { truthRun, type TruthRow } from "./clockTruth.ts";

/** Marks and stages of whole trials against clocks that the benchmark does not use; `npm run bench:truth` makes more and prints them. */

const image = "py-httpserver";
let cluster: Cluster;
let own: OwnNamespace;
beforeAll(async () => {
  cluster = await startCluster(2);
  await clusterImages(image);
  own = await makeNamespace();
  await containersGone(trialNode);
});
afterAll(() => own.remove());

const marks = ["sandbox", "pulled", "container-created", "started", "first-output", "ready"];
const trials = 4;

test.each([
  ["a port that opens late", "listen", "overlayfs"],
  ["503 at first", "answer", "stargz"],
] as const)(
  "every mark and stage is what containerd and the application stamped, within what is stated: %s",
  async (_name, kind, snapshotter) => {
    const parts = { namespace: own.name, arms: [armOn(snapshotter, image)], trialsPerArm: trials };
    const { run, rows } = await truthRun(cluster, trialNode, kind, parts);
    expect(
      run.trials.map(({ outcome }) => outcome.kind),
      run.trials.map(inShort).join("; "),
    ).toEqual(Array(trials).fill("ready"));
    for (const mark of marks) expect([mark, rows.filter(({ what }) => what === mark).length]).toEqual([mark, trials]);
    expect(rows.filter(({ what }) => what.includes("→")).length).toBeGreaterThanOrEqual(3 * trials);
    // How late the cluster's events are is an estimate, which a stall of the whole machine breaks in one trial; a wrong mark is wrong in each.
    expect(rows.filter((row) => !row.isInside && rows.some((other) => isSameElsewhere(row, other)))).toEqual([]);
    expect(rows.filter(({ what }) => what === "ready").filter(isLaterThanOnePoll)).toEqual([]);
  },
);

/** The last poll may have been slower than the mean one; it says so itself. */
function isLaterThanOnePoll({ errorMs, onePollMs = 0, resolutionMs }: TruthRow): boolean {
  return errorMs < 0 || errorMs > Math.max(onePollMs, resolutionMs);
}

function isSameElsewhere({ what, trialId }: TruthRow, other: TruthRow): boolean {
  return other.what === what && other.trialId !== trialId && !other.isInside;
}
