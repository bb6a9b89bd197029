import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * vitest's global set-up: whatever a run puts into the temporary folder lies below one root, which goes away at its end, and so do servers
 * that tests left running. vitest ends its workers without their exit handlers, so they cannot do it themselves.
 */
export function setup(): () => void {
  const root = mkdtempSync(join(tmpdir(), "coldstart-run-"));
  const servers = join(root, "servers");
  mkdirSync(servers);
  process.env["TMPDIR"] = root;
  process.env["COLDSTART_TEST_SERVERS"] = servers;
  return () => {
    for (const pid of readdirSync(servers)) {
      try {
        process.kill(-Number(pid), "SIGKILL");
      } catch {
        // it has ended already
      }
    }
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  };
}
