import { randomBytes } from "node:crypto";
import { delay } from "../base/abort.ts";
import type { Call } from "../base/log.ts";
import type { Cluster, ExecCall, ExecResult, PodName } from "./cluster.ts";
import { isApiFailure } from "./errors.ts";
import { fieldsAt, textAt } from "./fields.ts";
import { podPath, podsPath } from "./podPath.ts";
import { podStateOf, volumeFault } from "./podState.ts";

/** A pod of ours on one node, in which programs are run. */
export interface OwnedPodSettings {
  readonly namespace: string;
  readonly node: string;
  /** What its name begins with; the rest is random. */
  readonly namePrefix: string;
  /** Must have `sh`. */
  readonly image: string;
  /** The marks of its run (`ownerMarks`). */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** After this the kubelet ends the pod, whatever became of us. */
  readonly lifetimeMs: number;
  /** Fields of the pod's spec and of its container, beside those that all have. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly container: Readonly<Record<string, unknown>>;
  readonly faults: PodFaults;
}

/** The words for what goes wrong, since what to do about it differs. `why` continues a sentence. */
export interface PodFaults {
  /** It does not start, or is gone. */
  failed(why: string): Error;
  /** The rules of the namespace or of the cluster keep it out. `why` is a sentence, in the cluster's words. */
  refused(why: string, cause: unknown): Error;
}

const container = "probe";
const startTimeoutMs = 120_000;
/** A pod starts within this time, unless its image is pulled or something is wrong. */
const quietMs = 2000;

/** It is there until `remove`; when nobody calls that, until its deadline. */
export class OwnedPod {
  readonly #cluster: Cluster;
  readonly #pod: PodName;
  readonly #faults: PodFaults;

  private constructor(cluster: Cluster, pod: PodName, faults: PodFaults) {
    this.#cluster = cluster;
    this.#pod = pod;
    this.#faults = faults;
  }

  /** Creates the pod and waits until it runs. Throws the settings' faults when it is refused or does not run, after removing it. */
  static async start(cluster: Cluster, settings: OwnedPodSettings, call: Call): Promise<OwnedPod> {
    const { namespace, faults } = settings;
    const name = `${settings.namePrefix}-${randomBytes(3).toString("hex")}`;
    const pod = new OwnedPod(cluster, { namespace, name }, faults);
    try {
      // Not cut off by a cancellation: nobody would know then whether the pod was made.
      await cluster.request({ method: "POST", path: podsPath(namespace), body: manifestOf(name, settings) }, { log: call.log });
    } catch (error) {
      if (isApiFailure(error) && error.refusal === "admission") throw faults.refused(error.message, error);
      // Without an answer it may have been made all the same.
      if (!isApiFailure(error)) await pod.remove({ log: call.log });
      throw error;
    }
    try {
      await pod.#waitUntilRunning(call);
      return pod;
    } catch (error) {
      await pod.remove({ log: call.log });
      throw error;
    }
  }

  /** Runs a program in it. Throws the settings' fault when the pod is gone. */
  async exec(argv: readonly string[], call: ExecCall): Promise<ExecResult> {
    try {
      return await this.#cluster.exec(this.#pod, container, argv, call);
    } catch (error) {
      if (isApiFailure(error) && error.refusal === "not-found") throw this.#faults.failed("somebody removed its pod");
      throw error;
    }
  }

  async remove(call: Call): Promise<void> {
    try {
      await this.#cluster.request({ method: "DELETE", path: this.#path, query: { gracePeriodSeconds: 0 } }, call);
    } catch (error) {
      if (isApiFailure(error) && error.refusal === "not-found") return;
      call.log?.warn("A pod could not be removed; it ends by its deadline", { pod: this.#pod.name, why: String(error) });
    }
  }

  /** False when its pod is gone or has ended. */
  async isRunning(call: Call): Promise<boolean> {
    try {
      const pod = await this.#cluster.request({ method: "GET", path: this.#path }, call);
      return textAt(fieldsAt(pod, "metadata"), "deletionTimestamp") === undefined && podStateOf(pod).kind === "running";
    } catch (error) {
      if (isApiFailure(error) && error.refusal === "not-found") return false;
      throw error;
    }
  }

  async #waitUntilRunning(call: Call): Promise<void> {
    const begunMs = performance.now();
    let askEventsAtMs = begunMs + quietMs;
    for (;;) {
      const state = podStateOf(await this.#cluster.request({ method: "GET", path: this.#path }, call));
      if (state.kind === "running") return;
      if (state.kind === "failed") throw this.#faults.failed(state.why);
      const nowMs = performance.now();
      if (nowMs > begunMs + startTimeoutMs) throw this.#faults.failed(`it did not start within ${startTimeoutMs / 1000} s`);
      if (nowMs > askEventsAtMs) {
        askEventsAtMs = nowMs + quietMs;
        const fault = await this.#volumeFault(call);
        if (fault !== undefined) throw this.#faults.failed(fault);
      }
      await delay(100, call.signal);
    }
  }

  /** The pod itself does not tell why it waits for a volume; events do, to those who may read them. */
  async #volumeFault(call: Call): Promise<string | undefined> {
    const { namespace, name } = this.#pod;
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
    try {
      return volumeFault(
        await this.#cluster.request({ method: "GET", path, query: { fieldSelector: `involvedObject.name=${name}`, limit: 50 } }, call),
      );
    } catch (error) {
      if (isApiFailure(error) && error.refusal === "permission") return undefined;
      throw error;
    }
  }

  get #path(): string {
    return podPath(this.#pod);
  }
}

function manifestOf(name: string, settings: OwnedPodSettings): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: settings.labels, annotations: settings.annotations },
    spec: {
      ...settings.spec,
      nodeName: settings.node,
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 0,
      activeDeadlineSeconds: Math.ceil(settings.lifetimeMs / 1000),
      tolerations: [{ operator: "Exists" }],
      containers: [
        {
          ...settings.container,
          name: container,
          image: settings.image,
          command: ["sh", "-c", "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done"],
        },
      ],
    },
  };
}
