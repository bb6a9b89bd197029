import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import * as scripts from "../../../src/bench/probe/nodeScript.ts";

/** The scripts run in shells that we do not choose: in that of a node, and in that of the probe's image, often busybox. */

const shells = [
  ["busybox", ["/bin/busybox", "sh", "-n"]],
  // SC2010: what a link in /proc leads to is told by `ls -l` alone, and names there are numbers.
  ["shellcheck", ["shellcheck", "--shell=sh", "--severity=warning", "--exclude=SC2010", "-"]],
] as const;

test.each(shells)("%s accepts each script of the probe", (_shell, [program, ...options]) => {
  for (const [name, script] of Object.entries(scripts)) {
    const { status, stdout, stderr } = spawnSync(program, options, { input: script, encoding: "utf8" });
    expect({ name, status, said: stdout + stderr }).toEqual({ name, status: 0, said: "" });
  }
});
