import { eitherSignal } from "../../base/abort.ts";
import { randomBytes } from "node:crypto";
import { nowEpochMs } from "../../base/clock.ts";
import { isCancelled } from "../../base/errors.ts";
import { formatCount } from "../../base/format.ts";
import type { Call } from "../../base/log.ts";
import type { Problem } from "../../base/text.ts";
import { cleanup } from "../../cluster/cleanup.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { isApiFailure } from "../../cluster/errors.ts";
import { readGpuUsage } from "../../cluster/gpuUsage.ts";
import { listNodes, readNode, type ClusterNode } from "../../cluster/nodes.ts";
import { ownerMarks } from "../../cluster/ownership.ts";
import { requirePermissions } from "../../cluster/permissions.ts";
import type { BenchEnvironment, BenchEvent, PlannedTrial, RunEnding } from "../benchRun.ts";
import { consentMissing } from "../errors.ts";
import type { BenchPlan } from "../plan.ts";
import type { ContentSettings } from "../plan/compareImages.ts";
import { checkContent } from "../plan/contentCheck.ts";
import { redactedPlan } from "../plan/redactedPlan.ts";
import { trialOrder } from "../plan/trialOrder.ts";
import type { Trial } from "../trial.ts";
import { chooseNodes } from "./chooseNodes.ts";
import { learnImages } from "./admission.ts";
import { imageNames, imageOnNode, nodeImageName } from "./imageName.ts";
import { readServer } from "./environment.ts";
import { EventQueue } from "./eventQueue.ts";
import type { RunContext } from "./runContext.ts";
import { RunLimit } from "./runLimit.ts";
import { runNodesOf, type RunNode } from "./runNodes.ts";
import { runTrials } from "./runTrials.ts";

/** What a run needs beside its plan: who asks, and what they agreed to. */
export interface RunOptions {
  readonly clientVersion: string;
  /** The user agreed to a privileged pod on the nodes. */
  readonly allowPrivileged: boolean;
  /** How the images are read to compare them; absent: with default settings. */
  readonly content?: ContentSettings;
}

/** Beyond the run's own limit of time: so long its objects may live when nobody is there to remove them. */
const afterRunMs = 15 * 60_000;
const removalTimeoutMs = 60_000;

/**
 * Runs a plan's trials, block by block, and yields what happens; the last event is `ended` with all that is stored. What a trial met is in
 * the trial. Cancelling ends the running trial, removes everything and still yields `ended`. Throws only what keeps a run from beginning:
 * `consent-missing`, `no-gpu-node`, `probe-failed`, and failures of the cluster.
 */
export async function* runBench(plan: BenchPlan, cluster: Cluster, options: RunOptions, call: Call): AsyncGenerator<BenchEvent> {
  if (plan.coldness !== "L0" && !options.allowPrivileged) throw consentMissing(plan.coldness);
  const queue = new EventQueue<BenchEvent>();
  const leaving = new AbortController();
  const signal = eitherSignal(call.signal, leaving.signal);
  const work = run(plan, cluster, options, queue, { ...call, signal }).then(
    () => queue.close(),
    (error: unknown) => queue.close({ error }),
  );
  try {
    yield* queue;
  } finally {
    leaving.abort(new DOMException("Nobody listens any more", "AbortError"));
    await work;
  }
}

async function run(plan: BenchPlan, cluster: Cluster, options: RunOptions, queue: EventQueue<BenchEvent>, call: Call): Promise<void> {
  const runId = randomBytes(4).toString("hex");
  const startedAtEpochMs = nowEpochMs();
  const order = trialOrder(plan);
  const problems: Problem[] = [];
  const problem = (found: Problem): void => {
    problems.push(found);
    queue.push({ kind: "problem", problem: found });
  };
  // What goes out of here may be shown and stored, so no values of the workload's environment.
  const shownPlan = redactedPlan(plan);
  queue.push({ kind: "planned", runId, plan: shownPlan, order });
  await requirePermissions(cluster, plan.coldness === "L0" ? "bench" : "probe", plan.namespace, call);
  const server = await readServer(cluster, call);
  for (const found of await removeLeftovers(plan, cluster, call)) problem(found);
  const usage = await readGpuUsage(cluster, call).catch(() => undefined);
  // Each block takes one node; more nodes than blocks would only cost.
  const found = chooseNodes(plan, await nodesFor(plan, cluster, call), usage);
  for (const each of found.problems) problem(each);
  const chosen = found.value.slice(0, plan.trialsPerArm);
  const limit = new RunLimit(plan, chosen.length);
  const limited: Call = { ...call, signal: eitherSignal(call.signal, limit.signal) };
  const owned = ownerMarks(runId, startedAtEpochMs + plan.limits.maxDurationMs + afterRunMs);
  const nodes = runNodesOf(chosen, plan, { runId, owned, lifetimeMs: plan.limits.maxDurationMs + afterRunMs }, cluster);
  const platform = { os: "linux", architecture: chosen[0]?.architecture ?? "amd64" };
  const content = checkContent(plan.arms, { ...limited, platform, content: options.content });
  const trials: Trial[] = [];
  let environment = environmentOf(cluster, server, nodes, options);
  let ending: RunEnding = { kind: "complete" };
  let learnt: RunContext["images"] = new Map();
  try {
    for (const node of nodes) await node.begin(limited);
    const checked = await content;
    for (const found of checked.problems) problem(found);
    environment = { ...environmentOf(cluster, server, nodes, options), images: checked.images, contentCheck: checked.contentCheck };
    queue.push({ kind: "environment", environment });
    const context: RunContext = {
      runId,
      plan,
      cluster,
      layers: new Map(checked.layers),
      images: new Map(),
      present: await presentImages(plan, chosen, cluster, limited),
      apiRoundTripMs: server.roundTripMs,
      owned,
      emit: (event) => queue.push(event),
      tell: (found) => {
        if (!problems.some(({ message }) => message === found.message)) problem(found);
      },
    };
    learnt = context.images;
    const [first] = nodes;
    if (first?.probe) await learnImages(context, first, limited);
    for (const group of groupsOf(order, plan.podsAtOnce)) {
      if (limited.signal?.aborted) break;
      // A block stays on one node, so that arms are compared on the same one.
      const at = nodes[(group[0]?.block ?? 0) % nodes.length] as RunNode;
      for (const trial of await runTrials(group, at, context, limited)) {
        trials.push(trial);
        queue.push({ kind: "trial-ended", trial });
      }
    }
  } catch (error) {
    if (!limited.signal?.aborted && !isCancelled(error, limited.signal)) {
      if (trials.length === 0) throw error;
      ending = { kind: "failed", message: error instanceof Error ? error.message : String(error) };
    }
  } finally {
    limit.end();
    const images = imageNames(plan, learnt);
    for (const node of nodes) await node.end(images, runId, { log: call.log, signal: AbortSignal.timeout(removalTimeoutMs) });
  }
  environment = { ...environment, clockOffsets: clockOffsetsOf(nodes) };
  if (limit.message !== undefined) ending = { kind: "limit", message: limit.message };
  else if (call.signal?.aborted) ending = { kind: "cancelled" };
  queue.push({
    kind: "ended",
    run: { id: runId, startedAtEpochMs, endedAtEpochMs: nowEpochMs(), ending, plan: shownPlan, environment, trials, problems },
  });
}

/** What runs that were killed left in the plan's namespace; it would warm the node or hold its GPU. */
async function removeLeftovers(plan: BenchPlan, cluster: Cluster, call: Call): Promise<readonly Problem[]> {
  const { entries } = await cleanup(cluster, { which: "leftovers", namespace: plan.namespace }, call);
  if (entries.length === 0) return [];
  const names = entries.map(({ name, outcome }) => (outcome === "removed" ? name : `${name} (still there)`)).join(", ");
  return [{ severity: "info", message: `${formatCount(entries.length)} pods that earlier runs had left behind were removed: ${names}.` }];
}

/** Where nobody makes the nodes cold: the plan's images that the kubelets tell of, which is at most the 50 largest. */
async function presentImages(plan: BenchPlan, nodes: readonly ClusterNode[], cluster: Cluster, call: Call): Promise<Set<string>> {
  if (plan.coldness !== "L0") return new Set();
  const found = new Set<string>();
  for (const { name } of nodes) {
    const node = await readNode(cluster, name, call).catch((error: unknown) => {
      if (!isApiFailure(error)) throw error;
    });
    const names = new Set(node?.images?.flatMap((image) => image.names));
    for (const { image } of plan.arms) if (names.has(nodeImageName(image))) found.add(imageOnNode(name, image));
  }
  return found;
}

/** Only the named one where the plan names one: a person may read that and not list all. */
async function nodesFor(plan: BenchPlan, cluster: Cluster, call: Call): Promise<readonly ClusterNode[]> {
  return plan.target.kind === "node" ? [await readNode(cluster, plan.target.name, call)] : listNodes(cluster, {}, call);
}

function environmentOf(
  cluster: Cluster,
  server: { readonly version: string | undefined; readonly roundTripMs: number },
  nodes: readonly RunNode[],
  options: RunOptions,
): BenchEnvironment {
  return {
    ...(server.version !== undefined && { kubernetesVersion: server.version }),
    server: cluster.server,
    nodes: nodes.map((node) => node.described()),
    images: [],
    contentCheck: { equal: undefined, how: "not looked at" },
    clockOffsets: clockOffsetsOf(nodes),
    apiRoundTripMs: server.roundTripMs,
    clientVersion: options.clientVersion,
  };
}

function clockOffsetsOf(nodes: readonly RunNode[]): BenchEnvironment["clockOffsets"] {
  return nodes.flatMap(({ node, clockOffset }) => (clockOffset ? [{ node: node.name, ...clockOffset }] : []));
}

/** Trials that are on the node at the same time: of one block only. */
function groupsOf(order: readonly PlannedTrial[], size: number): readonly (readonly PlannedTrial[])[] {
  const groups: PlannedTrial[][] = [];
  for (const trial of order) {
    const last = groups.at(-1);
    if (last && last.length < size && last[0]?.block === trial.block) last.push(trial);
    else groups.push([trial]);
  }
  return groups;
}
