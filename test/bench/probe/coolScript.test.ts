import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { coolScript } from "../../../src/bench/probe/nodeScript.ts";

/** The script's own part runs in real shells beside a `ctr` that answers so; finding the node's containerd is left out. */

const shells = [["sh"], ["dash"], ["/bin/busybox", "sh"]].filter(([program = ""]) =>
  program.startsWith("/") ? existsSync(program) : spawnSync("which", [program]).status === 0,
);

function printed([program = "", ...options]: readonly string[], ctr: string): string[] {
  const surroundings = `
set -u
say() { printf '%s\\n' "$*"; }
has_crictl() { false; }
seconds() { say 0; }
lazy_root() { :; }
runtime=self root=
ctr() { ${ctr}; }
`;
  const own = coolScript.slice(coolScript.indexOf("\nrun=$1 level=$2"));
  const { stdout, stderr } = spawnSync(
    program,
    [...options, "-c", surroundings + own, "coldstart", "r1", "2", "overlayfs", "example/app:1"],
    {
      encoding: "utf8",
    },
  );
  return (stdout + stderr).trim().split("\n");
}

test.each<[string, string, readonly string[]]>([
  ["a containerd that does not answer", "false", ["unlisted images", "unlisted containers", "unlisted snapshots", "unlisted content"]],
  [
    "one that lacks the snapshotter",
    'case "$1 $2" in "snapshots --snapshotter") return 1 ;; "content ls") say sha256:1 ;; esac',
    ["collected", "unlisted snapshots", "content sha256:1"],
  ],
  [
    "one that has an image of the same content by another name, and removes both",
    `case "$1 $2" in
      "images ls") [ "\${3:-}" = -q ] || { [ -n "\${gone:-}" ] || printf 'REF TYPE DIGEST\\nexample/app:1 t sha256:9\\nother:1 t sha256:9\\n'; } ;;
      "images rm") gone=yes ;;
      "snapshots --snapshotter") printf 'KEY PARENT KIND\\nsha256:2 sha256:1 Committed\\n' ;;
    esac`,
    ["removed example/app:1", "removed other:1", "collected", "snapshot sha256:2 Committed"],
  ],
])("%s", (_name, ctr, expected) => {
  for (const shell of shells) expect([shell, printed(shell, ctr)]).toEqual([shell, expected]);
});
