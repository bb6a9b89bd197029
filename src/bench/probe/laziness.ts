import type { LazinessProof } from "../trial.ts";
import { rowsOf, type NodeReport } from "./nodeReport.ts";

/**
 * Whether a container's root is lazily loaded, from what `proveScript` found: a layer is lazy when its folder lies on a file system of FUSE
 * or EROFS, whatever the RuntimeClass or the image's name promise. Loaders leave small layers to overlayfs, so one lazy layer is enough.
 */
export function lazinessOf(report: NodeReport): LazinessProof | undefined {
  const [snapshotter, key, image] = rowsOf(report, "info")[0] ?? [];
  const lower = rowsOf(report, "lower").filter(([type]) => type);
  if (!snapshotter && lower.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const [type = "", source = ""] of lower) {
    const name = isLazyType(type) ? `${type} (${source.startsWith("/") ? "device" : source})` : type;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const lazyCount = lower.filter(([type = ""]) => isLazyType(type)).length;
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

function isLazyType(type: string): boolean {
  return type.startsWith("fuse") || type === "erofs";
}
