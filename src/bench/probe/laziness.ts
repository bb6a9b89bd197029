import type { LazinessProof } from "../trial.ts";
import { rowsOf, wordOf, type NodeReport } from "./nodeReport.ts";

/**
 * Whether a container's root is lazily loaded, from what `proveScript` found: a layer is lazy when its folder lies on a file system of FUSE,
 * on EROFS whose blocks come from elsewhere, or on a block device of overlaybd, whatever the RuntimeClass or the image's name promise. Loaders
 * leave small layers to overlayfs, so one lazy layer is enough. Undefined: it cannot be told.
 */
export function lazinessOf(report: NodeReport): LazinessProof | undefined {
  const [snapshotter, key, image] = rowsOf(report, "info")[0] ?? [];
  const lower = rowsOf(report, "lower").filter(([type]) => type);
  const root = wordOf(report, "rootfs") ?? "overlay";
  // A device that is the root itself (devmapper, overlaybd's writable ones), or folders that were not found.
  const isHidden = lower.length === 0 && root !== "overlay";
  if ((!snapshotter && lower.length === 0) || isHidden) return undefined;
  const counts = new Map<string, number>();
  for (const [type = "", source = "", place = ""] of lower) {
    const name = isLazy(type, source, place) ? `${type} (${source.startsWith("/") ? "device" : source})` : type;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const lazyCount = lower.filter(([type = "", source = "", place = ""]) => isLazy(type, source, place)).length;
  if (lazyCount === 0 && report.has("lower-unknown")) return undefined;
  return {
    ...(snapshotter && { snapshotter }),
    mounts: [...counts].map(([type, count]) => ({ type, count })),
    isLazy: lazyCount > 0,
    evidence: [
      ...(image ? [`containerd keeps the container's root in snapshotter ${snapshotter}, snapshot ${key?.slice(0, 12)}, of ${image}`] : []),
      `${lazyCount} of the root's ${lower.length} lower layers are mounted from a lazy loader`,
    ],
  };
}

/**
 * containerd's own EROFS snapshotter mounts a file or a loop over one that was pulled whole (docs/snapshotters/erofs.md); nydus and fscache name no
 * device. overlaybd mounts its device, which fetches by blocks, at `snapshots/N/block/mountpoint` (accelerated-container-image, `pkg/snapshot/overlay.go`).
 */
function isLazy(type: string, source: string, place: string): boolean {
  if (type.startsWith("fuse")) return true;
  if (source.startsWith("/dev/") && place.endsWith("/block/mountpoint")) return true;
  return type === "erofs" && !source.startsWith("/");
}
