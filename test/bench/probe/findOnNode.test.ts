import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { environmentScript } from "../../../src/bench/probe/nodeScript.ts";

const shells = [["sh"], ["dash"], ["/bin/busybox", "sh"]].filter(([program = ""]) =>
  program.startsWith("/") ? existsSync(program) : spawnSync("which", [program]).status === 0,
);
const own = /^find_on_node\(\) \{\n[\s\S]*?^\}$/m.exec(environmentScript)?.[0] ?? "";

let root = "";
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "coldstart-node-"))));
afterEach(() => rmSync(root, { recursive: true }));

function program(path: string): void {
  mkdirSync(join(root, dirname(path)), { recursive: true });
  writeFileSync(join(root, path), "#!/bin/sh\n", { mode: 0o755 });
}

function link(path: string, target: string): void {
  mkdirSync(join(root, dirname(path)), { recursive: true });
  symlinkSync(target, join(root, path));
}

/** `on_node` stands for `nsenter`: it finds what is in the node's root, links followed there. */
const surroundings = `
say() { printf '%s\\n' "$*"; }
on_node() { target=$(readlink "$root$1") && [ -x "$root$target" ]; }
runtime=self
`;

const find = ([shell = "", ...options]: readonly string[]): string =>
  spawnSync(shell, [...options, "-c", `${surroundings}root=$1\n${own}\nfind_on_node ctr || say none`, "sh", root], {
    encoding: "utf8",
  }).stdout.trim();

test.each<[string, () => void, string]>([
  ["nowhere", () => {}, "none"],
  ["as a program", () => program("/usr/bin/ctr"), "/usr/bin/ctr"],
  [
    "as a link beside its target, as with k3s",
    () => {
      program("/usr/local/bin/k3s");
      link("/usr/local/bin/ctr", "k3s");
    },
    "/usr/local/bin/ctr",
  ],
  [
    "as a link from the root, as with NixOS",
    () => {
      program("/nix/store/x-containerd/bin/ctr");
      link("/run/current-system/sw/bin/ctr", "/nix/store/x-containerd/bin/ctr");
    },
    "/run/current-system/sw/bin/ctr",
  ],
  ["as a link that leads nowhere", () => link("/usr/bin/ctr", "/gone/ctr"), "none"],
])("ctr is found on the node: %s", (_name, make, expected) => {
  make();
  for (const shell of shells) expect([shell, find(shell)]).toEqual([shell, expected]);
});
