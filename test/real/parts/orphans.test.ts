import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freePort, poll, run } from "./process.ts";

const folder = import.meta.dirname;

describe("what a process leaves that is killed", () => {
  it("ends with it: its servers, the commands of its steps with all that they started, its temporary folders", async () => {
    const script = `
      import { startServer, temporaryFolder } from ${JSON.stringify(join(folder, "process.ts"))};
      import { step } from ${JSON.stringify(join(folder, "..", "..", "steps.ts"))};
      const folder = temporaryFolder("killed");
      const server = await startServer(["sh", "-c", "sleep 60 & echo $!; wait"], async () => true, { logFile: folder + "/log" });
      void step("a step", ["sh", "-c", "sleep 61 & echo $!; wait"], { shown: true });
      console.log(JSON.stringify({ folder, server: server.pid }));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const told = await poll("what it started", async () => {
      const line = said.split("\n").find((each) => each.startsWith("{"));
      const sleeper = /^\d+$/m.exec(said)?.[0];
      return (
        line !== undefined &&
        sleeper !== undefined && { ...(JSON.parse(line) as { folder: string; server: number }), sleeper: Number(sleeper) }
      );
    });
    expect([told.server, told.sleeper].map(runs)).toEqual([true, true]);
    expect(existsSync(told.folder)).toBe(true);
    child.kill("SIGKILL");
    await poll("their end", async () => !runs(told.server) && !runs(told.sleeper) && !existsSync(told.folder));
  });
});

describe("a port that a daemon of the test cluster needs", () => {
  const needed = (port: number): ReturnType<typeof run> =>
    run(["bash", "-c", `. test/cluster/settings.sh; ports_of() { echo 127.0.0.1:${port}; }; need_ports a-daemon`]);

  it("is found taken, with who has it", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
      const { exitCode, stderr } = await needed(port);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(new RegExp(`127\\.0\\.0\\.1:${port} for a-daemon: process ${process.pid} \\(`));
    } finally {
      server.close();
    }
  });

  it("is free", async () => expect(await needed(await freePort())).toMatchObject({ exitCode: 0, stderr: "" }));
});

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
