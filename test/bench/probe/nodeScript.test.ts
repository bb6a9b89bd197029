import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import * as scripts from "../../../src/bench/probe/nodeScript.ts";

/**
 * The scripts run in shells that we do not choose. `shellcheck` and busybox are Debian packages that `test/setup` installs; where they are missing, as
 * in a checkout on another system, the check by `sh` is left.
 */
const shells = [
  ["sh", ["sh", "-n"]],
  ["busybox", ["/bin/busybox", "sh", "-n"]],
  // SC2010: what a link in /proc leads to is told by `ls -l` alone, and names there are numbers.
  ["shellcheck", ["shellcheck", "--shell=sh", "--severity=warning", "--exclude=SC2010", "-"]],
] as const;

const isThere = (program: string): boolean => (program.startsWith("/") ? existsSync(program) : spawnSync("which", [program]).status === 0);

for (const [shell, argv] of shells)
  test.runIf(isThere(argv[0])).each(Object.entries(scripts))(`${shell} accepts %s`, (_name, script) => {
    const [program, ...options] = argv;
    const { status, stdout, stderr } = spawnSync(program, options, { input: script, encoding: "utf8" });
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: "" });
  });

test("no script holds a parameter in its text", () => {
  for (const [name, script] of Object.entries(scripts))
    expect([name, /\$\{(?:run|image|host|container)\b[^}]*\}/.test(script)]).toEqual([name, false]);
});
