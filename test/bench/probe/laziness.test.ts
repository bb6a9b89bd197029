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
  ["EROFS over a device", "info nydus k i\nlower erofs /dev/loop3", "lazy, nydus, erofs (device) × 1"],
  ["a runtime that does not tell its snapshotter", "info\nlower fuse nydusd", "lazy, ?, fuse (nydusd) × 1"],
  ["a root without layers that were found", "info overlayfs k i\nlower", "not lazy, overlayfs, "],
])("%s", (_name, text, expected) => {
  const proof = lazinessOf(parseNodeReport(text));
  const mounts = proof?.mounts.map(({ type, count }) => `${type} × ${count}`).join(", ");
  expect(`${proof?.isLazy ? "lazy" : "not lazy"}, ${proof?.snapshotter ?? "?"}, ${mounts}`).toBe(expected);
});

test("a container that was gone proves nothing", () => {
  expect(lazinessOf(parseNodeReport("info \nrootfs \n"))).toBeUndefined();
});

test("the evidence names snapshot and image in words", () => {
  expect(lazinessOf(parseNodeReport(recorded("prove-fell-back")))?.evidence).toEqual([
    "containerd keeps the container's root in snapshotter stargz, snapshot 0d4f700a9141, of 10.201.0.2:5000/py-httpserver:gzip",
    "0 of the root's 3 lower layers are mounted from a lazy loader",
  ]);
});
