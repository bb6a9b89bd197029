import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lazinessOf } from "../../../src/bench/probe/laziness.ts";
import { parseNodeReport } from "../../../src/bench/probe/nodeReport.ts";
import { proveScript } from "../../../src/bench/probe/nodeScript.ts";

/** The script's own part runs in real shells on a node whose mounts are these; finding the node's containerd is left out. */

const shells = [["sh"], ["dash"], ["/bin/busybox", "sh"]].filter(([program = ""]) =>
  program.startsWith("/") ? existsSync(program) : spawnSync("which", [program]).status === 0,
);

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "coldstart-prove-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const stargz = "/var/lib/containerd-stargz-grpc/snapshotter/snapshots";
const overlayfs = "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots";
const rootfs = "/run/containerd/io.containerd.runtime.v2.task/k8s.io/c1/rootfs";

function found([program = "", ...options]: readonly string[], mounts: readonly string[], folders: readonly string[]): string {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  for (const each of folders) mkdirSync(join(folder, "root", each), { recursive: true });
  writeFileSync(join(folder, "mounts"), `${["/dev/sda1 / ext4 rw 0 0", ...mounts].join("\n")}\n`);
  const surroundings = `
say() { printf '%s\\n' "$*"; }
ctr() { printf '"Snapshotter": "stargz",\\n"SnapshotKey": "k",\\n"Image": "i"\\n'; }
plugin_export() { echo ${overlayfs.replace(/.snapshots$/, "")}; }
runtime=..${folder} root=${folder}/root
`;
  const own = proveScript.slice(proveScript.indexOf("\ncontainer=$1"));
  const { stdout, stderr } = spawnSync(program, [...options, "-c", surroundings + own, "coldstart", "c1"], { encoding: "utf8" });
  return stdout + stderr;
}

const overlay = (lowers: string, upper: string): string =>
  `overlay ${rootfs} overlay rw,relatime,lowerdir=${lowers},upperdir=${upper}/9/fs,workdir=${upper}/9/work 0 0`;

test.each<[string, readonly string[], readonly string[], readonly string[], boolean | undefined]>([
  [
    "whole paths",
    [`stargz ${stargz}/2/fs fuse.rawBridge rw 0 0`, overlay(`${stargz}/2/fs:${stargz}/1/fs`, stargz)],
    [],
    [`lower fuse.rawBridge stargz ${stargz}/2/fs`, "lower ext4 /dev/sda1 /"],
    true,
  ],
  [
    "paths that were shortened are those beside the writable layer",
    [`stargz ${stargz}/2/fs fuse.rawBridge rw 0 0`, overlay("2/fs:1/fs", stargz)],
    [`${stargz}/2/fs`, `${stargz}/1/fs`, `${overlayfs}/2/fs`],
    [`lower fuse.rawBridge stargz ${stargz}/2/fs`, "lower ext4 /dev/sda1 /"],
    true,
  ],
  ["or else overlayfs' own", [overlay("2/fs", "/elsewhere")], [`${overlayfs}/2/fs`], ["lower ext4 /dev/sda1 /"], false],
  ["and what is nowhere is not guessed", [overlay("2/fs", "/elsewhere")], [], ["lower-unknown 2/fs"], undefined],
])("%s", (_name, mounts, folders, expected, isLazy) => {
  for (const shell of shells) {
    const printed = found(shell, mounts, folders);
    expect([shell, printed.trim().split("\n")]).toEqual([shell, ["info stargz k i", "rootfs overlay", ...expected]]);
    expect(lazinessOf(parseNodeReport(printed))?.isLazy).toBe(isLazy);
  }
});
