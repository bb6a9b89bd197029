import { formatBytes, formatCount } from "../../base/format.ts";
import type { ColdnessLevel } from "../plan.ts";
import type { ColdnessProof } from "../trial.ts";
import { chainIdsOf, type ImageLayers } from "./imageLayers.ts";
import { numberOf, rowsOf, wordOf, type NodeReport } from "./nodeReport.ts";

type Check = ColdnessProof["checks"][number];

/** What a lazy loader may keep in its cache when nothing of an image is left: folders and an empty database. */
const emptyCacheBytes = 256 * 1024;

/**
 * How cold the node is for an arm's image, from what `coolScript` found after its work. A level is reached only when every check of it and
 * of those below passed; what could not be looked at has not passed. `layers` is undefined while nobody knows what the image consists of.
 */
export function coldnessOf(
  report: NodeReport,
  arm: { readonly snapshotter: string; readonly layers: ImageLayers | undefined },
  wanted: ColdnessLevel,
  durationMs: number,
): ColdnessProof {
  const levels: readonly (readonly [ColdnessLevel, readonly Check[]])[] = [
    ["L1", imageChecks(report)],
    ["L2", contentChecks(report, arm.snapshotter, arm.layers)],
    ["L3", pageCacheChecks(report)],
  ];
  const checks: Check[] = [];
  let reached: ColdnessLevel = "L0";
  let isUnbroken = true;
  for (const [level, list] of levels) {
    if (level > wanted) break;
    checks.push(...list);
    isUnbroken &&= list.every(({ passed }) => passed);
    if (isUnbroken) reached = level;
  }
  return { wanted, reached, checks, durationMs };
}

/** The proof when no probe looked: nothing is known. */
export function unknownColdness(wanted: ColdnessLevel, why: string): ColdnessProof {
  return { wanted, reached: "L0", checks: [{ what: "node looked at", passed: wanted === "L0", found: why }], durationMs: 0 };
}

function imageChecks(report: NodeReport): Check[] {
  const containers = rowsOf(report, "container");
  const names = rowsOf(report, "image");
  return [
    listed(report, "containers", {
      what: "no container of the image",
      passed: containers.length === 0,
      found: containers.length === 0 ? "none" : containers.map(([id = "", image = ""]) => `${id.slice(0, 12)} of ${image}`).join(", "),
    }),
    listed(report, "images", {
      what: "image absent by every name",
      passed: names.length === 0,
      found: names.length === 0 ? `none left, ${rowsOf(report, "removed").length} removed` : names.map(([name]) => name).join(", "),
    }),
  ];
}

/** An empty list proves nothing where containerd did not answer. */
function listed(report: NodeReport, what: string, check: Check): Check {
  const isUnlisted = rowsOf(report, "unlisted").some(([each]) => each === what);
  return isUnlisted ? { ...check, passed: false, found: `containerd's ${what} could not be listed` } : check;
}

function contentChecks(report: NodeReport, snapshotter: string, layers: ImageLayers | undefined): Check[] {
  const checks: Check[] = [
    {
      what: "garbage collected synchronously",
      passed: report.has("collected"),
      found: report.has("collected") ? "done" : "not done",
    },
  ];
  if (!layers) {
    checks.push({ what: "layers and snapshots gone", passed: false, found: "the image's layers are not known yet" });
  } else {
    const content = new Set(rowsOf(report, "content").map(([digest]) => digest));
    const blobs = layers.digests.filter((digest) => content.has(digest));
    const snapshots = new Set(rowsOf(report, "snapshot").map(([key]) => key));
    const unpacked = chainIdsOf(layers.diffIds).filter((id) => snapshots.has(id));
    const ofAll = `of ${layers.digests.length}`;
    checks.push(
      listed(report, "content", { what: "no layer in the content store", passed: blobs.length === 0, found: `${blobs.length} ${ofAll}` }),
      listed(report, "snapshots", {
        what: `no snapshot of its layers in ${snapshotter}`,
        passed: unpacked.length === 0,
        found: `${unpacked.length} ${ofAll}`,
      }),
    );
  }
  for (const [place = "", files = "", bytes = ""] of rowsOf(report, "cache")) {
    const size = numberOf(bytes) ?? 0;
    const isEmpty = files === "0" || size <= emptyCacheBytes;
    checks.push({
      what: `${snapshotter}'s own ${place} empty`,
      passed: isEmpty,
      found: `${formatCount(Number(files) || 0)} files, ${formatBytes(size)}`,
    });
  }
  const mounts = numberOf(wordOf(report, "fuse-mounts"));
  if (mounts !== undefined) checks.push({ what: `no lazy mount of ${snapshotter} left`, passed: mounts === 0, found: formatCount(mounts) });
  const reset = wordOf(report, "soci-reset");
  if (reset !== undefined) checks.push({ what: "SOCI's memory of indexes emptied", passed: reset === "done", found: reset });
  return checks;
}

function pageCacheChecks(report: NodeReport): Check[] {
  const before = numberOf(wordOf(report, "cached-before"));
  const after = numberOf(wordOf(report, "cached-after"));
  return [
    {
      what: "page cache dropped",
      passed: report.has("dropped"),
      found:
        report.has("dropped") && before !== undefined && after !== undefined
          ? `${formatBytes(before)} before, ${formatBytes(after)} after`
          : "not done",
    },
  ];
}
