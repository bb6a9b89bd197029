import { randomBytes } from "node:crypto";
import { delay } from "../../base/abort.ts";
import type { Call } from "../../base/log.ts";
import type { Cluster, ExecCall, ExecResult, PodName } from "../../cluster/cluster.ts";
import { isApiFailure } from "../../cluster/errors.ts";
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

const container = "probe";
const startTimeoutMs = 120_000;

/**
 * The privileged pod that makes a node cold and looks at what a container runs from. It is root on the node: it is made only after the user
 * agreed, only runs the scripts of `nodeScript.ts`, and is gone with the run, by its deadline at the latest.
 */
export class ProbePod {
  readonly node: string;
  readonly #cluster: Cluster;
  readonly #pod: PodName;

  private constructor(cluster: Cluster, pod: PodName, node: string) {
    this.#cluster = cluster;
    this.#pod = pod;
    this.node = node;
  }

  /** Creates the pod and waits until it runs. Throws `probe-failed` when it is refused or does not run, after removing it. */
  static async start(cluster: Cluster, settings: ProbeSettings, call: Call): Promise<ProbePod> {
    const name = `coldstart-probe-${settings.runId}-${randomBytes(3).toString("hex")}`;
    const pod = { namespace: settings.namespace, name };
    const probe = new ProbePod(cluster, pod, settings.node);
    try {
      // Not cut off by a cancellation: nobody would know then whether the pod was made.
      await cluster.request({ method: "POST", path: podsPath(settings.namespace), body: probeManifest(name, settings) }, { log: call.log });
    } catch (error) {
      if (isApiFailure(error) && error.refusal === "admission") throw probeRefused(settings.namespace, error.message, error);
      // Without an answer it may have been made all the same.
      if (!isApiFailure(error)) await probe.remove({ log: call.log });
      throw error;
    }
    try {
      await probe.#waitUntilRunning(call);
      return probe;
    } catch (error) {
      await probe.remove({ log: call.log });
      throw error;
    }
  }

  /**
   * Runs one of the scripts and gives what it printed; the script ends when the call is cancelled. Throws `probe-failed` when the node has
   * not what it needs, or the pod is gone.
   */
  async run(script: string, args: readonly string[], call: Call & Pick<ExecCall, "onStdout">): Promise<string> {
    const result = await this.#exec(["sh", "-c", script, "coldstart", ...args], { ...call, endsWithConnection: true });
    const missing = /^missing (.*)$/m.exec(result.stdout)?.[1];
    if (missing !== undefined) throw probeFailed(this.node, missingText(missing));
    if (result.exitCode !== 0)
      throw probeFailed(this.node, `its script ended with ${result.exitCode}: ${result.stderr.trim().slice(-500)}`);
    return result.stdout;
  }

  /** Runs a program as it is, without a shell, and gives its standard output; empty when it failed. */
  async ask(argv: readonly string[], call: Call): Promise<string> {
    const { exitCode, stdout } = await this.#exec(argv, call);
    return exitCode === 0 ? stdout.trim() : "";
  }

  async #exec(argv: readonly string[], call: ExecCall): Promise<ExecResult> {
    try {
      return await this.#cluster.exec(this.#pod, container, argv, call);
    } catch (error) {
      if (isApiFailure(error) && error.refusal === "not-found") throw probeFailed(this.node, "somebody removed its pod");
      throw error;
    }
  }

  async remove(call: Call): Promise<void> {
    try {
      await this.#cluster.request(
        { method: "DELETE", path: `${podsPath(this.#pod.namespace)}/${this.#pod.name}`, query: { gracePeriodSeconds: 0 } },
        call,
      );
    } catch (error) {
      if (isApiFailure(error) && error.refusal === "not-found") return;
      call.log?.warn("The probe pod could not be removed; it ends by its deadline", { pod: this.#pod.name, why: String(error) });
    }
  }

  /** False when its pod is gone or has ended. */
  async isRunning(call: Call): Promise<boolean> {
    try {
      const path = `${podsPath(this.#pod.namespace)}/${this.#pod.name}`;
      const pod = await this.#cluster.request<PodStatus & { metadata?: { deletionTimestamp?: string } }>({ method: "GET", path }, call);
      return pod.metadata?.deletionTimestamp === undefined && pod.status?.containerStatuses?.[0]?.state?.running !== undefined;
    } catch (error) {
      if (isApiFailure(error) && error.refusal === "not-found") return false;
      throw error;
    }
  }

  async #waitUntilRunning(call: Call): Promise<void> {
    const deadline = performance.now() + startTimeoutMs;
    for (;;) {
      const pod = await this.#cluster.request<PodStatus>(
        { method: "GET", path: `${podsPath(this.#pod.namespace)}/${this.#pod.name}` },
        call,
      );
      const status = pod.status?.containerStatuses?.[0];
      if (status?.state?.running) return;
      const waiting = status?.state?.waiting;
      if (waiting?.reason && /Err|BackOff|Invalid/.test(waiting.reason))
        throw probeFailed(this.node, `its image cannot be started (${waiting.reason}: ${waiting.message ?? ""})`);
      if (pod.status?.phase === "Failed") throw probeFailed(this.node, `it ended at once (${pod.status.reason ?? "no reason told"})`);
      if (performance.now() > deadline) throw probeFailed(this.node, `it did not start within ${startTimeoutMs / 1000} s`);
      await delay(100, call.signal);
    }
  }
}

interface PodStatus {
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly containerStatuses?: readonly {
      readonly state?: { readonly running?: object; readonly waiting?: { readonly reason?: string; readonly message?: string } };
    }[];
  };
}

function probeManifest(name: string, settings: ProbeSettings): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: settings.labels, annotations: settings.annotations },
    spec: {
      nodeName: settings.node,
      hostPID: true,
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 0,
      activeDeadlineSeconds: Math.ceil(settings.lifetimeMs / 1000),
      tolerations: [{ operator: "Exists" }],
      containers: [
        {
          name: container,
          image: settings.image,
          command: ["sh", "-c", "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done"],
          securityContext: { privileged: true },
          // Small, so that the measured pod has the node for itself.
          resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "2", memory: "512Mi" } },
        },
      ],
    },
  };
}

function missingText(what: string): string {
  if (what.startsWith("containerd")) return "its container runtime is not containerd, which is the only one that can be made cold";
  return `neither the node nor the probe's image has ${what}`;
}

function podsPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
}
