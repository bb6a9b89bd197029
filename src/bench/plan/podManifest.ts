import type { Problem } from "../../base/text.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textsAt, type Fields } from "../../cluster/fields.ts";
import type { Taint } from "../../cluster/nodes.ts";
import { taintMeaning } from "../../cluster/taintMeaning.ts";
import type { Arm, BenchPlan, Workload } from "../plan.ts";
import { mergePatch } from "./mergePatch.ts";

/** What one trial adds to its arm's pod. */
export interface TrialPlace {
  readonly trialId: string;
  readonly podName: string;
  /** Absent: the scheduler chooses among all nodes that the workload allows. */
  readonly node?: string | undefined;
  /** Of the node; those that keep other pods away from it are tolerated. */
  readonly taints: readonly Taint[];
  /** What marks an object as the run's own: run, owner, expiry. */
  readonly owned: { readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>> };
}

/** A Pod as the API takes it. */
export interface PodManifest {
  readonly apiVersion: "v1";
  readonly kind: "Pod";
  readonly metadata: Fields;
  readonly spec: Fields;
}

const trialLabel = "coldstart.dev/trial";
const armAnnotation = "coldstart.dev/arm";
/**
 * Without the kubelet's gate RuntimeClassInImageCriApi, which is off by default, only this tells containerd on whose behalf it pulls; an image
 * would go to the default snapshotter else, whatever the RuntimeClass says (containerd, docs/snapshotters/README.md).
 */
const handlerAnnotation = "io.containerd.cri.runtime-handler";

/** The pod outlives its trial by this, so that laziness can be proved; then Kubernetes ends it, whatever became of us. */
const afterTimeoutS = 120;
/** Many programs ignore the signal to end when they are process 1; nothing of a trial is worth waiting for. */
const graceS = 2;

/**
 * The pod of one trial: the workload with the arm's image and RuntimeClass, pinned to its node by affinity rather than by `nodeName`, so that
 * scheduling is part of what is measured. The arm's patch comes last, but owner marks, name, deadline, node, the main container's image and
 * `restartPolicy: Never` stand whatever it says, and it adds nothing that could keep the pod from being deleted.
 */
export function podOf(plan: BenchPlan, arm: Arm, place: TrialPlace): PodManifest {
  const { workload } = plan;
  const pod = {
    metadata: { annotations: { ...workload.annotations } },
    spec: specOf(workload, arm, place),
  };
  const patched = fieldsOf(arm.podPatch ? mergePatch(pod, arm.podPatch) : pod);
  const metadata = without(fieldsAt(patched, "metadata"), ["generateName", "finalizers", "ownerReferences", "managedFields"]);
  const spec = without(fieldsAt(patched, "spec"), ["nodeName", "schedulingGates"]);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...metadata,
      name: place.podName,
      namespace: plan.namespace,
      labels: { ...textsAt(metadata, "labels"), ...place.owned.labels, [trialLabel]: place.trialId },
      annotations: {
        ...textsAt(metadata, "annotations"),
        ...(arm.runtimeHandler !== undefined && { [handlerAnnotation]: arm.runtimeHandler }),
        ...place.owned.annotations,
        [armAnnotation]: arm.name,
      },
    },
    spec: {
      ...(place.node === undefined ? spec : pinned(spec, place.node)),
      containers: containersOf(hasMain(spec, workload) ? spec : pod.spec, workload, { image: arm.image }),
      restartPolicy: "Never",
      activeDeadlineSeconds: Math.ceil(plan.trialTimeoutMs / 1000) + afterTimeoutS,
    },
  };
}

/** What an arm's patch says in vain, or breaks. */
export function patchProblems(arm: Arm, workload: Workload): readonly Problem[] {
  const problems: Problem[] = [];
  const patch = fieldsOf(arm.podPatch);
  const spec = fieldsAt(patch, "spec");
  const inVain = [
    ...["name", "namespace", "generateName", "finalizers", "ownerReferences"]
      .filter((key) => key in fieldsAt(patch, "metadata"))
      .map((key) => `metadata.${key}`),
    ...["restartPolicy", "activeDeadlineSeconds", "nodeName", "schedulingGates"].filter((key) => key in spec).map((key) => `spec.${key}`),
    ...Object.keys(patch).filter((key) => key !== "metadata" && key !== "spec"),
  ];
  if (inVain.length > 0) {
    problems.push({ severity: "warning", message: `Arm ${arm.name}: the run itself sets ${inVain.join(", ")}; podPatch cannot.` });
  }
  if ("containers" in spec && !hasMain(spec, workload)) {
    const message = `Arm ${arm.name}: podPatch replaces the list of containers as a whole, and ${workload.container} is not in it; write all of them.`;
    problems.push({ severity: "error", message });
  }
  if (listAt(spec, "containers").some((each) => textAt(each, "name") === workload.container && "image" in fieldsOf(each))) {
    problems.push({
      severity: "warning",
      message: `Arm ${arm.name}: the image of ${workload.container} is the arm's; podPatch cannot change it.`,
    });
  }
  return problems;
}

function specOf(workload: Workload, arm: Arm, { taints }: TrialPlace): Fields {
  const tolerations = [...listAt(workload.pod, "tolerations"), ...taints.filter(isTolerated).map(toleration)];
  return {
    ...without(workload.pod, ["runtimeClassName", "tolerations"]),
    containers: containersOf(workload.pod, workload, { image: arm.image, imagePullPolicy: arm.pullPolicy }),
    ...(arm.runtimeClassName !== undefined && { runtimeClassName: arm.runtimeClassName }),
    ...(tolerations.length > 0 && { tolerations }),
    terminationGracePeriodSeconds: graceS,
  };
}

function containersOf(spec: Fields, workload: Workload, main: Fields): readonly Fields[] {
  return listAt(spec, "containers").map((each) =>
    textAt(each, "name") === workload.container ? { ...fieldsOf(each), ...main } : fieldsOf(each),
  );
}

function hasMain(spec: Fields, workload: Workload): boolean {
  return listAt(spec, "containers").some((each) => textAt(each, "name") === workload.container);
}

/** In place of the workload's own wishes, which may exclude the node. */
function pinned(spec: Fields, node: string): Fields {
  const term = { matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] };
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
  return { ...without(spec, ["nodeSelector"]), affinity: { ...fieldsAt(spec, "affinity"), nodeAffinity } };
}

function isTolerated(taint: Taint): boolean {
  return taintMeaning(taint) !== "passing";
}

function toleration({ key, value, effect }: Taint): Fields {
  return value === "" ? { key, operator: "Exists", effect } : { key, operator: "Equal", value, effect };
}

function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
