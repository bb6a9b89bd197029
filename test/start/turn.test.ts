import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../real/parts/process.ts";
import { takeTurn } from "./turn.ts";

describe.runIf(existsSync("/proc/self/cmdline"))("takeTurn", () => {
  const file = join(temporaryFolder("turn"), "turn.json");

  it("takes a turn that nobody has", async () => {
    expect(await takeTurn(file)).toBe(false);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ pid: process.pid });
  });

  it("takes the turn of one that was killed, even while it wrote", async () => {
    writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1 }));
    expect(await takeTurn(file)).toBe(true);
    writeFileSync(file, "{");
    expect(await takeTurn(file)).toBe(true);
  });

  it("refuses while another one runs, with its number", async () => {
    const other = spawn("sh", ["-c", "sleep 30; :", "test/start.ts"]);
    try {
      writeFileSync(file, JSON.stringify({ pid: other.pid }));
      await expect(takeTurn(file)).rejects.toThrow(`Another npm start runs here (process ${other.pid})`);
    } finally {
      other.kill("SIGKILL");
    }
  });
});
