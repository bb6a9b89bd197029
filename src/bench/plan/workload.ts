import { foreignLine } from "../../base/foreignText.ts";
import type { Problem, WithProblems } from "../../base/text.ts";
import { fieldsAt, listAt, textAt, type Fields } from "../../cluster/fields.ts";
import type { Workload } from "../plan.ts";
import { gpusOf, defaultGpuResource } from "./gpuResource.ts";
import type { PlainContainer } from "./planDraft.ts";
import { podTemplateOf, type PodTemplate } from "./podTemplate.ts";
import { trialPodSpec } from "./trialPodSpec.ts";

/** Larger objects cannot be stored by Kubernetes either (etcd's limit). */
const maxObjectLength = 1_500_000;

/**
 * What trials run, copied from an object as the API or a manifest has it. Undefined, with a problem of severity `error`, when it makes no
 * pods or has not the container that was asked for. Other problems tell what was left out and why, and what the trials will touch.
 */
export function workloadOf(object: unknown, containerName: string | undefined): WithProblems<Workload | undefined> {
  const template = podTemplateOf(object);
  if (!template) {
    const what = foreignLine(textAt(object, "kind") ?? "It", 40);
    return failed(`${what} makes no pods; name a Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job or CronJob.`);
  }
  if (JSON.stringify(template.spec).length > maxObjectLength) return failed("The pod is larger than Kubernetes can store.");
  const containers = listAt(template.spec, "containers");
  const main = mainContainer(containers, template, containerName);
  if (main === undefined) {
    const names = containers.map((container) => foreignLine(textAt(container, "name") ?? "unnamed", 80));
    return failed(`It has no container ${foreignLine(containerName ?? "", 80)}; there is ${names.join(", ")}.`);
  }
  const problems: Problem[] = [];
  const pod = trialPodSpec(template, problems);
  const { count, resource } = gpusOf(containers.find((container) => textAt(container, "name") === main));
  const annotations = keptAnnotations(template, problems);
  if (Object.keys(template.labels).length > 0) {
    tell(problems, "The labels are left out, so that no Service sends requests to a trial; what needs one can be put back by podPatch.");
  }
  const others = containers.length - 1;
  if (others > 0)
    tell(
      problems,
      `${others} more ${others === 1 ? "container starts" : "containers start"} beside ${main}; the images count in the times.`,
    );
  if (usesSecrets(pod)) tell(problems, "The trials run for real, with the workload's own Secrets and service account.");
  const { namespace } = template;
  const place = namespace === undefined ? "" : ` in ${foreignLine(namespace, 80)}`;
  const origin = `${foreignLine(template.kind, 40).toLowerCase()}/${foreignLine(template.name, 80)}${place}`;
  const workload: Workload = {
    container: main,
    pod,
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...(namespace !== undefined && { namespace }),
    origin,
    gpuCount: count,
    gpuResource: resource,
  };
  return { value: workload, problems };
}

/** A pod of one container, put together from options; the image's own command where none is given. */
export function plainWorkload({ command, args, env, port }: PlainContainer): Workload {
  const container = {
    name: "app",
    ...(command && { command }),
    ...(args && { args }),
    ...(env && env.length > 0 && { env: env.map(variable) }),
    ...(port !== undefined && { ports: [{ containerPort: port }] }),
  };
  // No token of the service account: nothing that a trial runs has any business with the API server.
  const pod = { containers: [container], automountServiceAccountToken: false, enableServiceLinks: false };
  const origin = command ? "the given command" : "the image's own command";
  return { container: "app", pod, origin, gpuCount: 0, gpuResource: defaultGpuResource };
}

/** The image that the workload's main container names; undefined when it was put together from options. */
export function imageOf(workload: Workload): string | undefined {
  return textAt(mainOf(workload), "image");
}

export function mainOf(workload: Workload): Fields {
  return fieldsAt({ found: listAt(workload.pod, "containers").find((each) => textAt(each, "name") === workload.container) }, "found");
}

function variable(given: NonNullable<PlainContainer["env"]>[number]): Fields {
  return "value" in given ? { ...given } : { name: given.name, valueFrom: { secretKeyRef: given.secret } };
}

/** As asked; else the one with a GPU, the one that kubectl would take, the first. */
function mainContainer(containers: readonly unknown[], template: PodTemplate, asked: string | undefined): string | undefined {
  const names = containers.flatMap((container) => textAt(container, "name") ?? []);
  if (asked !== undefined) return names.find((name) => name === asked);
  const withGpu = containers.find((container) => gpusOf(container).count > 0);
  const usual = template.annotations["kubectl.kubernetes.io/default-container"];
  return textAt(withGpu, "name") ?? names.find((name) => name === usual) ?? names[0];
}

/** Written by tools about one pod or for other tools; a start does not depend on them. */
const foreignAnnotations =
  /^(?:kubectl\.kubernetes\.io|kubernetes\.io\/config|cni\.projectcalico\.org|k8s\.v1\.cni\.cncf\.io\/network-?status|k8s\.ovn\.org|prometheus\.io|checksum)\b/;

function keptAnnotations({ annotations }: PodTemplate, problems: Problem[]): Readonly<Record<string, string>> {
  const kept = Object.entries(annotations).filter(([name]) => !foreignAnnotations.test(name));
  if (kept.some(([name]) => /inject/i.test(name))) {
    tell(problems, "Annotations that inject containers are kept; what is injected counts in the times.");
  }
  return Object.fromEntries(kept);
}

function usesSecrets(pod: Fields): boolean {
  const text = JSON.stringify(pod);
  return /"(?:secretKeyRef|secretRef|secretName|serviceAccountName)":/.test(text);
}

function tell(problems: Problem[], message: string): void {
  problems.push({ severity: "info", message });
}

function failed(message: string): WithProblems<undefined> {
  return { value: undefined, problems: [{ severity: "error", message }] };
}
