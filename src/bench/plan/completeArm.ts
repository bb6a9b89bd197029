import { foreignLine } from "../../base/foreignText.ts";
import type { Problem } from "../../base/text.ts";
import { textAt } from "../../cluster/fields.ts";
import type { SnapshotterGuess } from "../../cluster/runtimeClasses.ts";
import type { Arm, Workload } from "../plan.ts";
import { nearestName } from "./nearestName.ts";
import type { ArmDraft } from "./planDraft.ts";
import { imageOf, mainOf } from "./workload.ts";

/** A RuntimeClass and what its pods' images are probably mounted by, as `snapshotterOf` concludes. */
export type RuntimeClassEvidence = Pick<SnapshotterGuess, "snapshotter" | "likelihood"> & {
  readonly name: string;
  readonly handler?: string;
};

/** What is known of an arm's surroundings. */
export interface ArmFacts {
  /** Undefined when they could not be listed. */
  readonly runtimeClasses: readonly RuntimeClassEvidence[] | undefined;
  /** Of pods without a RuntimeClass; undefined when nothing is known. */
  readonly defaultRuntime: Pick<SnapshotterGuess, "snapshotter" | "likelihood"> | undefined;
  readonly workload: Workload;
  /** For arms that name none. */
  readonly image: string | undefined;
}

/** Snapshotters by the names that people use, and whether they mount lazily. `soci-parallel`: SOCI that pulls whole layers, in parallel. */
const isLazyByName: ReadonlyMap<string, boolean> = new Map([
  ["overlayfs", false],
  ["native", false],
  ["erofs", false],
  ["devmapper", false],
  ["soci-parallel", false],
  ["stargz", true],
  ["soci", true],
  ["nydus", true],
  ["overlaybd", true],
  ["cvmfs", true],
  ["gcfs", true],
]);

/** One arm with RuntimeClass, snapshotter, laziness, image and pull policy filled in; undefined when a problem of severity `error` was told. */
export function completeArm(draft: ArmDraft, facts: ArmFacts, problems: Problem[]): Arm | undefined {
  const tell = (severity: Problem["severity"], message: string): undefined => {
    problems.push({ severity, message: `Arm ${draft.name}: ${message}` });
    return undefined;
  };
  const image = draft.image ?? facts.image ?? imageOf(facts.workload);
  if (image === undefined) return tell("error", "it has no image; write one for the arm, for the plan, or name a workload that has one.");
  const runtime =
    draft.runtimeClassName === undefined ? runtimeOf(draft, facts, tell) : askedRuntime(draft.runtimeClassName, draft, facts, tell);
  if (!runtime) return undefined;
  const { snapshotter, runtimeClassName = textAt(facts.workload.pod, "runtimeClassName") } = runtime;
  const runtimeHandler = facts.runtimeClasses?.find(({ name }) => name === runtimeClassName)?.handler;
  return {
    name: draft.name,
    image,
    ...(runtimeClassName !== undefined && { runtimeClassName }),
    ...(runtimeHandler !== undefined && runtimeHandler !== "" && { runtimeHandler }),
    snapshotter,
    isLazy: draft.isLazy ?? isLazyByName.get(snapshotter) ?? false,
    pullPolicy: draft.pullPolicy ?? pullPolicyOf(image, facts.workload),
    ...(draft.podPatch && { podPatch: draft.podPatch }),
  };
}

type Tell = (severity: Problem["severity"], message: string) => undefined;
interface Runtime {
  readonly snapshotter: string;
  readonly runtimeClassName?: string | undefined;
}

/** The RuntimeClass is asked for by name. */
function askedRuntime(runtimeClassName: string, draft: ArmDraft, { runtimeClasses }: ArmFacts, tell: Tell): Runtime | undefined {
  const found = runtimeClasses?.find(({ name }) => name === runtimeClassName);
  if (runtimeClasses && !found) {
    const names = runtimeClasses.map(({ name }) => name);
    const near = nearestName(runtimeClassName, names);
    const advice = near === undefined ? `there ${listed(runtimeClasses)}` : `write ${foreignLine(near, 80)}`;
    return tell("error", `the cluster has no RuntimeClass ${runtimeClassName}; ${advice}.`);
  }
  const told = found?.snapshotter;
  if (draft.snapshotter !== undefined) {
    if (told !== undefined && told !== draft.snapshotter && found?.likelihood === "likely") {
      tell("warning", `RuntimeClass ${runtimeClassName} seems to be for ${foreignLine(told, 80)}, not for ${draft.snapshotter}.`);
    }
    return { snapshotter: draft.snapshotter, runtimeClassName };
  }
  const guess = told ?? (isLazyByName.has(runtimeClassName) ? runtimeClassName : draft.name);
  if (told === undefined || found?.likelihood !== "likely") {
    tell("warning", `it is taken for ${foreignLine(guess, 80)}, which is a guess; write snapshotter: NAME to be sure.`);
  }
  return { snapshotter: guess, runtimeClassName };
}

/** The RuntimeClass that fits the snapshotter, or none: the pods then run on what the nodes use by default. */
function runtimeOf(draft: ArmDraft, facts: ArmFacts, tell: Tell): Runtime | undefined {
  const { runtimeClasses = [], defaultRuntime } = facts;
  const named = draft.name.toLowerCase().replaceAll(" ", "-");
  const isSnapshotter = isLazyByName.has(named) || runtimeClasses.some(({ name, snapshotter }) => name === named || snapshotter === named);
  if (draft.snapshotter === undefined && !isSnapshotter && isBare(draft)) {
    const near = nearestName(named, [...isLazyByName.keys(), ...runtimeClasses.map(({ name }) => name)]);
    if (near !== undefined) return tell("error", `no snapshotter or RuntimeClass is called so; write ${foreignLine(near, 80)}.`);
    tell("warning", "the name stands for no snapshotter or RuntimeClass, so the pods run on the nodes' default.");
  }
  const wanted = draft.snapshotter ?? (isSnapshotter ? named : "overlayfs");
  const own = textAt(facts.workload.pod, "runtimeClassName");
  // A workload with a RuntimeClass of its own needs it, as `nvidia` for instance; whole pulls work with any.
  if (wanted === "overlayfs" && own !== undefined) return { snapshotter: wanted, runtimeClassName: own };
  const found = fitting(wanted, runtimeClasses);
  if (found) {
    const name = foreignLine(found.name, 80);
    if (own !== undefined && own !== found.name)
      tell("warning", `RuntimeClass ${name} takes the place of the workload's own, ${foreignLine(own, 80)}.`);
    if (found.snapshotter === wanted && found.likelihood !== "likely") {
      tell("warning", `RuntimeClass ${name} is only probably for ${foreignLine(wanted, 80)}; write runtimeClass: NAME to be sure.`);
    }
    return { snapshotter: wanted, runtimeClassName: found.name };
  }
  const usual = defaultRuntime?.likelihood === "likely" ? defaultRuntime.snapshotter : undefined;
  if (usual === wanted) return { snapshotter: wanted };
  if (wanted === "overlayfs") {
    if (usual !== undefined)
      tell("warning", `pods without a RuntimeClass seem to run on ${foreignLine(usual, 80)} here, not on overlayfs.`);
    return { snapshotter: wanted };
  }
  if (wanted === "soci-parallel" || draft.snapshotter !== undefined || facts.runtimeClasses === undefined) {
    tell("warning", `no RuntimeClass is known to be for ${wanted}, so the pods run on the nodes' default; the nodes must be set so.`);
    return { snapshotter: wanted };
  }
  const there = listed(runtimeClasses);
  return tell(
    "error",
    `no RuntimeClass of the cluster is for ${wanted}; there ${there}. Write runtimeClass: NAME, or snapshotter: ${wanted} where the nodes use it by default.`,
  );
}

/** Nothing but its name says what it is. */
function isBare({ image, podPatch, pullPolicy }: ArmDraft): boolean {
  return image === undefined && podPatch === undefined && pullPolicy === undefined;
}

/** Surest first, and of those the one that is named after the snapshotter. */
function fitting(snapshotter: string, classes: readonly RuntimeClassEvidence[]): RuntimeClassEvidence | undefined {
  const rank = (each: RuntimeClassEvidence): number => (each.likelihood === "likely" ? 2 : 0) + (each.name === snapshotter ? 1 : 0);
  const matching = classes.filter(
    (each) => each.snapshotter === snapshotter || (each.snapshotter === undefined && each.name === snapshotter),
  );
  return matching.toSorted((a, b) => rank(b) - rank(a))[0];
}

function listed(classes: readonly RuntimeClassEvidence[]): string {
  const names = classes
    .slice(0, 12)
    .map(({ name, snapshotter }) =>
      foreignLine(snapshotter === undefined || snapshotter === name ? name : `${name} (${snapshotter})`, 100),
    );
  return names.length === 0 ? "is none" : names.length === 1 ? `is ${names[0]}` : `are ${names.join(", ")}`;
}

/** As Kubernetes would: a tag that moves is looked up each time. */
function pullPolicyOf(image: string, workload: Workload): Arm["pullPolicy"] {
  if (textAt(mainOf(workload), "imagePullPolicy") === "Always") return "Always";
  if (image.includes("@")) return "IfNotPresent";
  const tag = /:([^/:]+)$/.exec(image)?.[1] ?? "latest";
  return tag === "latest" ? "Always" : "IfNotPresent";
}
