import { foreignLine } from "../../base/foreignText.ts";
import { isUserError } from "../../base/errors.ts";
import type { Call } from "../../base/log.ts";
import type { Problem } from "../../base/text.ts";
import { fieldsAt, fieldsOf, listAt, textAt, type Fields } from "../../cluster/fields.ts";
import { podsPath } from "../../cluster/podPath.ts";
import type { Arm } from "../plan.ts";
import { podOf } from "../plan/podManifest.ts";
import type { RunContext } from "./runContext.ts";
import type { RunNode } from "./runNodes.ts";

/** What the cluster's admission (webhooks, policies, LimitRanges) made of a trial's pod. */
export interface AdmittedPod {
  /** Of the main container: what the kubelet will really pull. */
  readonly image: string;
  /** `Always` also where the plugin AlwaysPullImages made it so. */
  readonly pullPolicy: string | undefined;
  /** What was changed and tells on the times. */
  readonly problems: readonly Problem[];
}

/** Compares the pod that was sent with the one that the API server answered. Defaults of Kubernetes itself are no changes. */
export function admittedPod(sent: { readonly spec: Fields }, answered: unknown, container: string): AdmittedPod {
  const spec = fieldsAt(answered, "spec");
  const before = named(sent.spec, "containers", container);
  const after = named(spec, "containers", container);
  const wantedImage = textAt(before, "image") ?? "";
  const image = textAt(after, "image") ?? wantedImage;
  const what: string[] = [];
  if (image !== wantedImage) what.push(`runs ${foreignLine(image, 200)} in place of ${wantedImage}`);
  for (const [list, noun] of [
    ["containers", "container"],
    ["initContainers", "init container"],
  ] as const) {
    const known = new Set(listAt(sent.spec, list).map((each) => textAt(each, "name")));
    const names = listAt(spec, list).flatMap((each) => textAt(each, "name") ?? []);
    const added = names.filter((name) => !known.has(name)).map((name) => foreignLine(name, 63));
    if (added.length > 0) what.push(`adds ${noun} ${added.join(", ")}, whose start counts in the times`);
  }
  const limits = addedAmounts(before, after);
  if (limits !== "") what.push(`gives ${container} ${limits}, which the plan does not say; too little of it makes a start slow`);
  const pullPolicy = textAt(after, "imagePullPolicy");
  if (pullPolicy === "Always" && textAt(before, "imagePullPolicy") === "IfNotPresent")
    what.push("has the registry asked for the image each time");
  for (const [field, noun] of [
    ["runtimeClassName", "RuntimeClass"],
    ["schedulerName", "scheduler"],
  ] as const) {
    const given = textAt(spec, field);
    if (given !== undefined && given !== (textAt(sent.spec, field) ?? usual[field]))
      what.push(`sets the ${noun} ${foreignLine(given, 80)}`);
  }
  return { image, pullPolicy, problems: what.map((each) => ({ severity: "warning", message: `The cluster's admission ${each}.` })) };
}

const usual: Readonly<Record<string, string>> = { schedulerName: "default-scheduler" };

/**
 * Asks for the arms' pods without making them (a dry run), so that the node is made cold for the images that will really run. A webhook that
 * takes no part in dry runs, or a refusal, leaves it to the trials to tell.
 */
export async function learnImages(run: RunContext, at: RunNode, call: Call): Promise<void> {
  for (const arm of run.plan.arms) {
    const place = { trialId: "dry", podName: `coldstart-${run.runId}-dry`, node: at.node.name, taints: at.node.taints, owned: run.owned };
    const manifest = podOf(run.plan, arm, place);
    try {
      const request = { method: "POST", path: podsPath(run.plan.namespace), query: { dryRun: "All" }, body: manifest } as const;
      run.images.set(arm.name, admittedPod(manifest, await run.cluster.request(request, call), run.plan.workload.container).image);
    } catch (error) {
      call.signal?.throwIfAborted();
      if (!isUserError(error)) throw error;
      call.log?.debug("What admission makes of an arm's pod is not known yet", { arm: arm.name, why: error.message });
    }
  }
}

/** The image that the arm's pods really run, as far as it is known by now. */
export function imageOfArm(arm: Pick<Arm, "name" | "image">, { images }: Pick<RunContext, "images">): string {
  return images.get(arm.name) ?? arm.image;
}

function named(spec: Fields, list: string, name: string): Fields {
  return fieldsOf(listAt(spec, list).find((each) => textAt(each, "name") === name));
}

/** Only processors and memory: those are what starts wait for. */
function addedAmounts(before: Fields, after: Fields): string {
  const wanted = fieldsAt(before, "resources", "limits");
  const given = fieldsAt(after, "resources", "limits");
  return ["cpu", "memory"]
    .filter((resource) => wanted[resource] === undefined && textAt(given, resource) !== undefined)
    .map((resource) => `a limit of ${foreignLine(textAt(given, resource) ?? "", 20)} ${resource}`)
    .join(" and ");
}
