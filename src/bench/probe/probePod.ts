import type { Call } from "../../base/log.ts";
import type { Cluster, ExecCall } from "../../cluster/cluster.ts";
import { OwnedPod } from "../../cluster/ownedPod.ts";
import { probeFailed, probeRefused } from "../errors.ts";

export interface ProbeSettings {
  readonly namespace: string;
  readonly node: string;
  /** Must have `sh` and `nsenter`; `ctr` and `crictl` as well where the node has none. */
  readonly image: string;
  readonly runId: string;
  /** After this the kubelet ends the pod, whatever became of us. */
  readonly lifetimeMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * The privileged pod that makes a node cold and looks at what a container runs from. It is root on the node: it is made only after the user
 * agreed, only runs the scripts of `nodeScript.ts`, and is gone with the run, by its deadline at the latest.
 */
export class ProbePod {
  readonly node: string;
  readonly #pod: OwnedPod;

  private constructor(pod: OwnedPod, node: string) {
    this.#pod = pod;
    this.node = node;
  }

  /** Creates the pod and waits until it runs. Throws `probe-failed` when it is refused or does not run, after removing it. */
  static async start(cluster: Cluster, settings: ProbeSettings, call: Call): Promise<ProbePod> {
    const { node, namespace, runId } = settings;
    const pod = await OwnedPod.start(
      cluster,
      {
        ...settings,
        namePrefix: `coldstart-probe-${runId}`,
        spec: { hostPID: true },
        container: {
          securityContext: { privileged: true },
          // Small, so that the measured pod has the node for itself.
          resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "2", memory: "512Mi" } },
        },
        faults: {
          failed: (why) => probeFailed(node, why),
          refused: (why, cause) => probeRefused(namespace, why, cause),
        },
      },
      call,
    );
    return new ProbePod(pod, node);
  }

  /**
   * Runs one of the scripts and gives what it printed; the script ends when the call is cancelled. Throws `probe-failed` when the node has
   * not what it needs, or the pod is gone.
   */
  async run(script: string, args: readonly string[], call: Call & Pick<ExecCall, "onStdout">): Promise<string> {
    const result = await this.#pod.exec(["sh", "-c", script, "coldstart", ...args], { ...call, endsWithConnection: true });
    const missing = /^missing (.*)$/m.exec(result.stdout)?.[1];
    if (missing !== undefined) throw probeFailed(this.node, missingText(missing));
    if (result.exitCode !== 0)
      throw probeFailed(this.node, `its script ended with ${result.exitCode}: ${result.stderr.trim().slice(-500)}`);
    return result.stdout;
  }

  /** Runs a program as it is, without a shell, and gives its standard output; empty when it failed. */
  async ask(argv: readonly string[], call: Call): Promise<string> {
    const { exitCode, stdout } = await this.#pod.exec(argv, call);
    return exitCode === 0 ? stdout.trim() : "";
  }

  remove(call: Call): Promise<void> {
    return this.#pod.remove(call);
  }

  /** False when its pod is gone or has ended. */
  isRunning(call: Call): Promise<boolean> {
    return this.#pod.isRunning(call);
  }
}

function missingText(what: string): string {
  if (what.startsWith("containerd")) return "its container runtime is not containerd, which is the only one that can be made cold";
  return `neither the node nor the probe's image has ${what}`;
}
