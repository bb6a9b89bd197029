import { fieldsAt, fieldsOf, listAt, textAt, textsAt, type Fields } from "../../cluster/fields.ts";

/** What an object of Kubernetes says of the pods that it makes. */
export interface PodTemplate {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly spec: Fields;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Names of the volumes that a StatefulSet makes for each of its pods. */
  readonly claimedVolumes: readonly string[];
}

/** Finds the pod in a Pod, a CronJob, or anything with `spec.template` (Deployment, StatefulSet, DaemonSet, Job, Rollout, …). */
export function podTemplateOf(object: unknown): PodTemplate | undefined {
  const kind = textAt(object, "kind") ?? "";
  const metadata = fieldsAt(object, "metadata");
  const pod =
    kind === "Pod"
      ? fieldsOf(object)
      : kind === "CronJob"
        ? fieldsAt(object, "spec", "jobTemplate", "spec", "template")
        : fieldsAt(object, "spec", "template");
  const spec = fieldsAt(pod, "spec");
  if (listAt(spec, "containers").length === 0) return undefined;
  return {
    kind,
    name: textAt(metadata, "name") ?? "unnamed",
    namespace: textAt(metadata, "namespace"),
    spec,
    labels: textsAt(fieldsAt(pod, "metadata"), "labels"),
    annotations: textsAt(fieldsAt(pod, "metadata"), "annotations"),
    claimedVolumes: listAt(fieldsAt(object, "spec"), "volumeClaimTemplates").flatMap(
      (claim) => textAt(fieldsAt(claim, "metadata"), "name") ?? [],
    ),
  };
}
