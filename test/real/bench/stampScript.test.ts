import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { epochMsOfNanoseconds } from "../../../src/bench/probe/nodeReport.ts";
import { stampScript } from "../../../src/bench/probe/nodeScript.ts";

/** Debian's, whose date is built without nanoseconds; `test/setup` installs it. */
const busybox = "/bin/busybox";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "coldstart-stamp-"));
  // A node without a `date`, or that may not be entered.
  writeFileSync(join(folder, "nsenter"), "#!/bin/sh\nexit 127\n", { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (shell: readonly string[], path: string): string => {
  const [program = "", ...options] = shell;
  return spawnSync(program, [...options, "-c", stampScript, "coldstart", "1"], { env: { PATH: path }, encoding: "utf8" }).stdout.trim();
};

test("where date knows nanoseconds", () => {
  expect(Math.abs((epochMsOfNanoseconds(read(["/bin/sh"], `${folder}:/usr/bin:/bin`)) ?? 0) - Date.now())).toBeLessThan(5000);
});

test("where only busybox is there, whose date answers %N with %N", () => {
  for (const applet of ["date", "adjtimex", "awk"]) symlinkSync(busybox, join(folder, applet));
  expect(Math.abs((epochMsOfNanoseconds(read(["/bin/sh"], folder)) ?? 0) - Date.now())).toBeLessThan(5000);
  rmSync(join(folder, "adjtimex"));
  expect(read(["/bin/sh"], folder)).toBe("");
});
