import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { cacheFolder } from "../parts/cache.ts";
import { must, poll } from "../parts/process.ts";

/** One event of containerd, stamped by itself to the ns when the thing happened. */
export interface RuntimeEvent {
  readonly atEpochMs: number;
  /** `/tasks/start`. */
  readonly topic: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A pod's containers by the ids that containerd's events carry. */
export interface PodContainers {
  readonly sandbox: string;
  readonly main: string;
}

const ctr = join(cacheFolder, "cluster", "bin", "ctr");

/** containerd's own account of what happens on a node of the test cluster: a clock and a channel that the benchmark does not use. */
export class RuntimeEvents {
  readonly events: RuntimeEvent[] = [];
  readonly #address: string;
  readonly #child: ChildProcess;

  private constructor(address: string) {
    this.#address = address;
    this.#child = spawn(ctr, ["-a", address, "-n", "k8s.io", "events"], { stdio: ["ignore", "pipe", "ignore"] });
    if (this.#child.stdout)
      createInterface(this.#child.stdout).on("line", (line) => {
        const event = parseRuntimeEvent(line);
        if (event) this.events.push(event);
      });
  }

  /** Listens to `node-a` or `node-b`. Resolves when events come. */
  static async of(node: string): Promise<RuntimeEvents> {
    const address = `/var/lib/coldstart-cluster/${node.replace(/^node-/, "")}/containerd.sock`;
    const events = new RuntimeEvents(address);
    // The subscription stands when an event of our own comes through.
    await poll("containerd's events", async () => {
      const name = `coldstart-test-${process.pid}`;
      await must([ctr, "-a", address, "-n", "k8s.io", "namespaces", "label", "k8s.io", `coldstart-test=${name}`]);
      return events.events.length > 0;
    });
    return events;
  }

  /** Must be asked while the pod is there. */
  async containersOf(namespace: string, pod: string): Promise<PodContainers> {
    const filter = `labels."io.kubernetes.pod.namespace"==${namespace},labels."io.kubernetes.pod.name"==${pod}`;
    const list = async (kind: string): Promise<string> =>
      (
        await must([
          ctr,
          "-a",
          this.#address,
          "-n",
          "k8s.io",
          "containers",
          "ls",
          "-q",
          `${filter},labels."io.cri-containerd.kind"==${kind}`,
        ])
      ).trim();
    return { sandbox: await list("sandbox"), main: await list("container") };
  }

  end(): void {
    this.#child.kill();
  }
}

/** Reads a line of `ctr events`: `2026-05-09 07:29:33.186 +0000 UTC k8s.io /tasks/start {…}`. Undefined for what is none. */
export function parseRuntimeEvent(line: string): RuntimeEvent | undefined {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,9}))? \+0000 UTC \S+ (\/\S+) (\{.*\})$/.exec(line.trim());
  if (!match) return undefined;
  const [, day, time, fraction = "", topic = "", json = ""] = match;
  const nanoseconds = Number(fraction.padEnd(9, "0"));
  return {
    atEpochMs: Date.parse(`${day}T${time}Z`) + nanoseconds / 1e6,
    topic,
    fields: JSON.parse(json) as Record<string, unknown>,
  };
}
