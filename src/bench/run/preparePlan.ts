import { readFile } from "node:fs/promises";
import { randomInt } from "node:crypto";
import { resolve } from "node:path";
import type { Call } from "../../base/log.ts";
import type { Problem } from "../../base/text.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { isApiFailure } from "../../cluster/errors.ts";
import { readGpuUsage } from "../../cluster/gpuUsage.ts";
import { listNodes, readNode, type ClusterNode } from "../../cluster/nodes.ts";
import { listRuntimeClasses, snapshotterOf } from "../../cluster/runtimeClasses.ts";
import type { BenchRun } from "../benchRun.ts";
import type { BenchPlan, Workload } from "../plan.ts";
import { completePlan } from "../plan/completePlan.ts";
import { startBasisOf } from "../plan/earlierStarts.ts";
import { workloadInManifest } from "../plan/manifestFile.ts";
import { workloadKinds } from "../plan/parseWorkload.ts";
import { limitProblems, planCost, type PlanCost } from "../plan/planCost.ts";
import type { PlanDraft, WorkloadReference } from "../plan/planDraft.ts";
import { workloadOf } from "../plan/workload.ts";
import { makesNoPods, manifestUnreadable, planWrong } from "../errors.ts";
import { chooseNodes } from "./chooseNodes.ts";

/** A plan that may start once it is confirmed. */
export interface PreparedPlan {
  readonly plan: BenchPlan;
  readonly cost: PlanCost;
  /** Warnings and what was left out of a workload. */
  readonly problems: readonly Problem[];
}

/** What there is beside the draft and the cluster. */
export interface PlanSurroundings {
  /** Of the plan's file, for manifests beside it. */
  readonly folder: string | undefined;
  /** Runs whose reports are kept here, of whatever images and clusters: what the expected time rests on. */
  readonly earlier: readonly BenchRun[];
}

/** Completes a draft with what the cluster tells. Throws `plan-unreadable` with all that is wrong. */
export async function preparePlan(
  draft: PlanDraft,
  cluster: Cluster,
  { folder, earlier }: PlanSurroundings,
  call: Call,
): Promise<PreparedPlan> {
  const problems: Problem[] = [];
  const [workload, nodes, classes] = await Promise.all([
    readWorkload(draft, cluster, folder, problems, call),
    nodesOf(draft, cluster, call),
    unlessForbidden(listRuntimeClasses(cluster, call)),
  ]);
  const known = nodes ?? [];
  const completed = completePlan(draft, {
    context: cluster.context,
    namespace: cluster.namespace,
    runtimeClasses: classes?.map((each) => ({ ...snapshotterOf(each, known), name: each.name, handler: each.handler })),
    defaultRuntime: snapshotterOf(undefined, known),
    workload,
    freshSeed: randomInt(2 ** 32),
  });
  problems.push(...completed.problems);
  const plan = completed.value;
  if (!plan || problems.some(({ severity }) => severity === "error")) throw planWrong(problems);
  const usage = nodes && (await unlessForbidden(readGpuUsage(cluster, call)));
  // A named node costs its hour whether or not it is known.
  const chosen = nodes && chooseNodes(plan, nodes, usage);
  problems.push(...(chosen?.problems ?? []));
  const cost = planCost(plan, chosen?.value.length ?? 1, startBasisOf(plan, earlier));
  return { plan, cost, problems: [...problems, ...limitProblems(plan, cost)] };
}

async function readWorkload(
  { workload, namespace }: PlanDraft,
  cluster: Cluster,
  folder: string | undefined,
  problems: Problem[],
  call: Call,
): Promise<Workload | undefined> {
  if (!workload || workload.kind === "options") return undefined;
  if (workload.kind === "file") {
    const path = resolve(folder ?? ".", workload.path);
    const text = await readFile(path, "utf8").catch((cause: unknown) => {
      const code = (cause as NodeJS.ErrnoException).code ?? "unknown error";
      throw manifestUnreadable(path, code, cause);
    });
    const read = workloadInManifest(text, workload);
    problems.push(...read.problems);
    return read.value;
  }
  const object = await readObject(workload.reference, namespace ?? cluster.namespace, cluster, call);
  const read = workloadOf(object, workload.container);
  problems.push(...read.problems);
  return read.value;
}

/** The object as the cluster has it. */
export async function readObject(reference: WorkloadReference, namespace: string, cluster: Cluster, call: Call): Promise<unknown> {
  const kind = workloadKinds.find((each) => each.kind === reference.kind);
  if (!kind) throw makesNoPods(reference.kind);
  const parts = ["namespaces", reference.namespace ?? namespace, kind.plural, reference.name].map(encodeURIComponent);
  return cluster.request({ method: "GET", path: `${kind.apiRoot}/${parts.join("/")}` }, call);
}

async function nodesOf({ target }: PlanDraft, cluster: Cluster, call: Call): Promise<readonly ClusterNode[] | undefined> {
  // Who may not list all nodes may still read the one that is named.
  if (target?.kind === "node") return [await readNode(cluster, target.name, call)];
  return unlessForbidden(listNodes(cluster, {}, call));
}

async function unlessForbidden<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isApiFailure(error) && error.code === "cluster-forbidden") return undefined;
    throw error;
  }
}
