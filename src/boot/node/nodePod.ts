import { foreignLine } from "../../base/foreignText.ts";
import type { Call } from "../../base/log.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { deadline } from "../../cluster/deadline.ts";
import { OwnedPod, type OwnedPodSettings, type PodFaults } from "../../cluster/ownedPod.ts";
import { ownerMarks } from "../../cluster/ownership.ts";
import type { RunStep } from "../collectBoot.ts";
import { busSocket, nodeUsr } from "./busRecipe.ts";

/** Where a pod that asks a node runs, and as what. */
export interface NodePodSettings {
  readonly node: string;
  readonly namespace: string;
  /** Must have `sh`, `env`, `cat` and `grep`, for the privileged pod `nsenter` as well. */
  readonly image: string;
  readonly runId: string;
  readonly faults: PodFaults;
}

/** What is asked takes seconds; the time in which the image is pulled counts, too. */
const lifetimeMs = 10 * 60_000;
const stepTimeoutMs = 120_000;
/** What `readBootSource` takes of a text; of a longer journal the beginning is what matters. */
const keepBytes = 64_000_000;

const resources = { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "1", memory: "256Mi" } };

/** A pod that may do nothing but speak on the node's D-Bus, which lets everybody read. */
export function startBusPod(cluster: Cluster, settings: NodePodSettings, call: Call): Promise<OwnedPod> {
  const spec = {
    securityContext: {
      runAsUser: 65_534,
      runAsGroup: 65_534,
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
      // The runtimes' usual profile of AppArmor keeps containers off D-Bus; where the node has none, this is ignored.
      appArmorProfile: { type: "Unconfined" },
    },
    volumes: [
      { name: "bus", hostPath: { path: busSocket, type: "Socket" } },
      { name: "usr", hostPath: { path: "/usr", type: "Directory" } },
    ],
  };
  const container = {
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    resources,
    volumeMounts: [
      { name: "bus", mountPath: busSocket, readOnly: true },
      { name: "usr", mountPath: nodeUsr, readOnly: true },
    ],
  };
  return OwnedPod.start(cluster, podSettings(settings, spec, container), call);
}

/** Root on the node: only after the user agreed. */
export function startPrivilegedPod(cluster: Cluster, settings: NodePodSettings, call: Call): Promise<OwnedPod> {
  return OwnedPod.start(cluster, podSettings(settings, { hostPID: true }, { securityContext: { privileged: true }, resources }), call);
}

function podSettings({ runId, ...settings }: NodePodSettings, spec: object, container: object): OwnedPodSettings {
  const marks = ownerMarks(runId, Date.now() + lifetimeMs);
  return { ...settings, ...marks, namePrefix: `coldstart-${runId}`, lifetimeMs, spec: { ...spec }, container: { ...container } };
}

/** Runs the steps of a recipe in the pod. `onCut`: a step said more than is kept. */
export function inPod(pod: OwnedPod, onCut: (file: string) => void): RunStep {
  return async function* (step, environment, call) {
    const words = ["env", ...Object.entries(environment).map(([key, value]) => `${key}=${value}`), step.command, ...step.args];
    using limit = deadline(stepTimeoutMs, call.signal);
    let result;
    try {
      result = await pod.exec(words, { ...call, signal: limit.signal, keepBytes, endsWithConnection: true });
    } catch (error) {
      if (limit.isOver) throw new Error(`no answer within ${stepTimeoutMs / 1000} s`, { cause: error });
      throw error;
    }
    const { exitCode, stdout, stderr, isCut } = result;
    const said = foreignLine(stderr.trim().split("\n").at(-1) ?? "");
    if (exitCode !== 0 || (stdout === "" && said !== "")) throw new Error(said || `exit status ${exitCode}`);
    if (isCut) onCut(step.file);
    yield Buffer.from(stdout);
  };
}
