import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { parseJsonObject } from "../../../src/base/json.ts";
import { ctr, ctrOf } from "../parts/nodeImages.ts";

/** One event of containerd's own stream: a clock beside Kubernetes, on this machine as the node is. */
export interface RuntimeEvent {
  readonly atEpochMs: number;
  /** `/tasks/start`. */
  readonly topic: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Identities of a pod's containers, its sandbox among them. */
export async function containersOf(pod: string): Promise<readonly string[]> {
  const ids = await ctr("node-a", "containers", "ls", "-q", `labels."io.kubernetes.pod.name"==${pod}`);
  return ids.split("\n").filter((id) => id !== "");
}

/** Follows the events of a node; they are added to `events` as they come. */
export async function containerdEvents(node = "node-a"): Promise<{ readonly events: readonly RuntimeEvent[]; stop(): Promise<void> }> {
  const events: RuntimeEvent[] = [];
  const [program = "", ...options] = ctrOf(node);
  const child = spawn(program, [...options, "events"], { stdio: ["ignore", "pipe", "inherit"] });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const match = /^(\S+) (\d\d:\d\d:\d\d)(\.\d+)? \S+ \S+ \S+ (\/\S+) (.*)$/.exec(line);
    const body = parseJsonObject(match?.[5] ?? "");
    if (!match || !body) return;
    const atEpochMs = Date.parse(`${match[1]}T${match[2]}Z`) + Number(match[3] ?? 0) * 1000;
    events.push({ atEpochMs, topic: match[4] ?? "", body });
  });
  await once(child, "spawn");
  return {
    events,
    async stop() {
      const ended = once(child, "close");
      child.kill();
      await ended;
    },
  };
}
