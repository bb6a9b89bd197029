import type { Problem } from "../../base/text.ts";
import { foreignLine } from "../../base/foreignText.ts";
import { fieldsAt, fieldsOf, listAt, textAt, type Fields } from "../../cluster/fields.ts";
import type { PodTemplate } from "./podTemplate.ts";

/** Fields that a trial's pod has not, with the reason; those without one are set by the run or by the cluster itself. */
const leftOut: readonly (readonly [name: string, why?: string])[] = [
  ["nodeName", "the run chooses the node"],
  ["priorityClassName", "no other pod may be evicted for a trial"],
  ["topologySpreadConstraints", "the workload's running pods would keep the trial from the node"],
  ["schedulingGates", "nothing would open them"],
  ["priority"],
  ["preemptionPolicy"],
  ["overhead"],
  ["ephemeralContainers"],
  ["restartPolicy"],
  ["activeDeadlineSeconds"],
  ["terminationGracePeriodSeconds"],
];

/**
 * The PodSpec of a workload as a trial can use it: environment, Secrets, volumes, service account, tolerations, probes, sidecars and init
 * containers stay; what ties the pod to its place among its siblings goes. Problems say what was left out and why.
 */
export function trialPodSpec(template: PodTemplate, problems: Problem[]): Fields {
  const tell = (severity: Problem["severity"], message: string): void => void problems.push({ severity, message });
  const spec = new Map(Object.entries(template.spec));
  for (const [name, why] of leftOut) {
    if (spec.delete(name) && why !== undefined && name !== "nodeName") tell("info", `${name} is left out: ${why}.`);
  }
  withoutSiblings(spec, tell);
  if (spec.get("hostNetwork") === true)
    tell("warning", "The pod has the node's own network: if another process there holds the port, its answer is taken for the trial's.");
  if (listAt(template.spec, "resourceClaims").length > 0)
    tell("warning", "Which nodes have what the pod's resourceClaims ask for is not known: name the node or the pool.");
  const tokens = new Set(
    listAt(template.spec, "volumes").flatMap((volume) => {
      const name = textAt(volume, "name") ?? "";
      // Written into every pod by the API server, under a name that is new each time.
      return name.startsWith("kube-api-access-") ? [name] : [];
    }),
  );
  for (const list of ["containers", "initContainers"]) {
    if (spec.has(list))
      spec.set(
        list,
        listAt(template.spec, list).map((container) => trialContainer(container, tokens, tell)),
      );
  }
  const volumes = trialVolumes(template, tokens, tell);
  if (volumes.length > 0) spec.set("volumes", volumes);
  else spec.delete("volumes");
  return Object.fromEntries(spec);
}

type Tell = (severity: Problem["severity"], message: string) => void;

function withoutSiblings(spec: Map<string, unknown>, tell: Tell): void {
  const { podAffinity, podAntiAffinity, ...kept } = fieldsOf(spec.get("affinity"));
  if (podAffinity === undefined && podAntiAffinity === undefined) return;
  tell("info", "Affinity to other pods is left out: the workload's running pods would keep the trial from the node.");
  if (Object.keys(kept).length > 0) spec.set("affinity", kept);
  else spec.delete("affinity");
}

function trialContainer(container: unknown, tokens: ReadonlySet<string>, tell: Tell): Fields {
  const kept = new Map(Object.entries(fieldsOf(container)));
  const ports = listAt(container, "ports");
  if (ports.some((port) => "hostPort" in fieldsOf(port))) {
    tell("info", `The ports of the node that ${nameOf(container)} takes are left out: a running pod may hold them.`);
    kept.set(
      "ports",
      ports.map((port) => without(port, "hostPort")),
    );
  }
  const mounts = listAt(container, "volumeMounts");
  if (mounts.length > 0)
    kept.set(
      "volumeMounts",
      mounts.filter((mount) => !tokens.has(textAt(mount, "name") ?? "")),
    );
  const { periodSeconds, failureThreshold, initialDelaySeconds } = fieldsAt(container, "livenessProbe");
  if (kept.has("livenessProbe") && !kept.has("startupProbe")) {
    const limitS = numberOr(initialDelaySeconds, 0) + numberOr(periodSeconds, 10) * numberOr(failureThreshold, 3);
    tell(
      "info",
      `The liveness probe of ${nameOf(container)} is kept: it ends a start that takes longer than about ${limitS} s, as it would in earnest.`,
    );
  }
  return Object.fromEntries(kept);
}

function trialVolumes(template: PodTemplate, tokens: ReadonlySet<string>, tell: Tell): readonly unknown[] {
  const volumes = listAt(template.spec, "volumes").filter((volume) => !tokens.has(textAt(volume, "name") ?? ""));
  for (const volume of volumes) {
    const claim = textAt(fieldsAt(volume, "persistentVolumeClaim"), "claimName");
    if (claim === undefined) continue;
    tell(
      "warning",
      `The volume claim ${foreignLine(claim, 80)} is the real one: the trials write into it, and wait where only one node may mount it.`,
    );
  }
  const given = new Set(volumes.map((volume) => textAt(volume, "name")));
  const missing = template.claimedVolumes.filter((name) => !given.has(name));
  for (const name of missing)
    tell("warning", `An empty volume stands in for ${foreignLine(name, 80)}, which the StatefulSet makes for each of its pods.`);
  return [...volumes, ...missing.map((name) => ({ name, emptyDir: {} }))];
}

function without(value: unknown, key: string): Fields {
  return Object.fromEntries(Object.entries(fieldsOf(value)).filter(([name]) => name !== key));
}

function nameOf(container: unknown): string {
  return `container ${foreignLine(textAt(container, "name") ?? "unnamed", 80)}`;
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === "number" && value >= 0 ? value : fallback;
}
