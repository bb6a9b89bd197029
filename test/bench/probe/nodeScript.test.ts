import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import * as scripts from "../../../src/bench/probe/nodeScript.ts";

/** By the one shell that is everywhere; those of nodes are asked in `test/real/bench`. */
test.each(Object.entries(scripts))("sh accepts %s", (_name, script) => {
  const { status, stdout, stderr } = spawnSync("sh", ["-n"], { input: script, encoding: "utf8" });
  expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: "" });
});

test("no script holds a parameter in its text", () => {
  for (const [name, script] of Object.entries(scripts))
    expect([name, /\$\{(?:run|image|host|container)\b[^}]*\}/.test(script)]).toEqual([name, false]);
});
