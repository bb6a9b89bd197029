import { expect, test } from "vitest";
import { lazinessOf } from "../../../src/bench/probe/laziness.ts";
import { parseNodeReport } from "../../../src/bench/probe/nodeReport.ts";
import { recorded } from "./recorded.ts";

test.each<[string, string, string]>([
  ["nydus", recorded("prove-nydus"), "lazy, nydus, fuse (rafs) × 1"],
  ["SOCI", recorded("prove-soci"), "lazy, soci, fuse.rawBridge (soci) × 3"],
  ["stargz with a plain image", recorded("prove-fell-back"), "not lazy, stargz, ext4 × 3"],
  [
    "a loader that leaves small layers to overlayfs",
    "info soci k i\nlower fuse.rawBridge soci\nlower xfs /dev/sda1",
    "lazy, soci, fuse.rawBridge (soci) × 1, xfs × 1",
  ],
  ["EROFS over fscache", "info nydus k i\nlower erofs none", "lazy, nydus, erofs (none) × 1"],
  // containerd's own snapshotter pulls whole layers and mounts them (containerd, docs/snapshotters/erofs.md).
  [
    "containerd's EROFS snapshotter",
    "info erofs k i\nlower erofs /dev/loop3 /run/containerd/io.containerd.mount-manager.v1.bolt/t/8103/1",
    "not lazy, erofs, erofs × 1",
  ],
  // Paths from a mount that was recorded with overlaybd, and of `basedOnBlockDeviceMount` and `normalOverlayMount` in pkg/snapshot/overlay.go.
  [
    "overlaybd, as AKS' artifact streaming",
    "info overlaybd k i\nlower ext4 /dev/sdc /var/lib/containerd/io.containerd.snapshotter.v1.overlaybd/snapshots/2335/block/mountpoint",
    "lazy, overlaybd, ext4 (device) × 1",
  ],
  [
    "overlaybd with an image that was not converted",
    "info overlaybd k i\nlower ext4 /dev/sda1 /\nlower ext4 /dev/sda1 /",
    "not lazy, overlaybd, ext4 × 2",
  ],
  [
    "some folders were not found, and one is lazy",
    "info stargz k i\nlower-unknown 3/fs\nlower fuse.rawBridge stargz /x",
    "lazy, stargz, fuse.rawBridge (stargz) × 1",
  ],
  ["a runtime that does not tell its snapshotter", "info\nlower fuse nydusd", "lazy, ?, fuse (nydusd) × 1"],
  ["a root without layers that were found", "info overlayfs k i\nlower", "not lazy, overlayfs, "],
])("%s", (_name, text, expected) => {
  const proof = lazinessOf(parseNodeReport(text));
  const mounts = proof?.mounts.map(({ type, count }) => `${type} × ${count}`).join(", ");
  expect(`${proof?.isLazy ? "lazy" : "not lazy"}, ${proof?.snapshotter ?? "?"}, ${mounts}`).toBe(expected);
});

test.each([
  ["a container that was gone", "info \nrootfs \n"],
  ["a root that is a device", "info devmapper k i\nrootfs ext4\n"],
  ["folders that were not found", "info stargz k i\nrootfs overlay\nlower-unknown 3/fs\nlower ext4 /dev/sda1 /\n"],
])("%s: nothing is proved", (_name, text) => {
  expect(lazinessOf(parseNodeReport(text))).toBeUndefined();
});

test("the evidence names snapshot and image in words", () => {
  expect(lazinessOf(parseNodeReport(recorded("prove-fell-back")))?.evidence).toEqual([
    "containerd keeps the container's root in snapshotter stargz, snapshot 0d4f700a9141, of 10.201.0.2:5000/py-httpserver:gzip",
    "0 of the root's 3 lower layers are mounted from a lazy loader",
  ]);
});
