import { randomBytes } from "node:crypto";
import { nowEpochMs } from "../../base/clock.ts";
import { isCancelled } from "../../base/errors.ts";
import { formatDuration } from "../../base/format.ts";
import type { Call } from "../../base/log.ts";
import type { Problem } from "../../base/text.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { readGpuUsage } from "../../cluster/gpuUsage.ts";
import { listNodes, readNode, type ClusterNode } from "../../cluster/nodes.ts";
import { ownerMarks } from "../../cluster/ownership.ts";
import type { BenchEnvironment, BenchEvent, BenchNode, RunEnding } from "../benchRun.ts";
import { consentMissing } from "../errors.ts";
import type { BenchPlan } from "../plan.ts";
import type { ContentSettings } from "../plan/compareImages.ts";
import { checkContent } from "../plan/contentCheck.ts";
import { formatMoney } from "../plan/planCost.ts";
import { trialOrder } from "../plan/trialOrder.ts";
import { ProbePod } from "../probe/probePod.ts";
import type { Trial } from "../trial.ts";
import { chooseNodes } from "./chooseNodes.ts";
import { benchNodeOf, readServer } from "./environment.ts";
import { EventQueue } from "./eventQueue.ts";
import { readNodeFacts } from "./nodeProbe.ts";
import type { RunContext, RunNode } from "./runContext.ts";
import { runTrial } from "./runTrial.ts";

export interface RunOptions {
  readonly clientVersion: string;
  /** The user agreed to a privileged pod on the nodes. */
  readonly allowPrivileged: boolean;
  /** How the images are read to compare them; absent: with default settings. */
  readonly content?: ContentSettings;
}

/** Beyond the run's own limit of time: so long its objects may live when nobody is there to remove them. */
const afterRunMs = 15 * 60_000;

/**
 * Runs a plan's trials, block by block, and yields what happens; the last event is `ended` with all that is stored. What a trial met is in
 * the trial. Cancelling ends the running trial, removes everything and still yields `ended`. Throws only what keeps a run from beginning:
 * `consent-missing`, `no-gpu-node`, `probe-failed`, and failures of the cluster.
 */
export async function* runBench(plan: BenchPlan, cluster: Cluster, options: RunOptions, call: Call): AsyncGenerator<BenchEvent> {
  if (plan.coldness !== "L0" && !options.allowPrivileged) throw consentMissing(plan.coldness);
  const queue = new EventQueue<BenchEvent>();
  const leaving = new AbortController();
  const signal = call.signal ? AbortSignal.any([call.signal, leaving.signal]) : leaving.signal;
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
  const trials: Trial[] = [];
  const problem = (found: Problem): void => {
    problems.push(found);
    queue.push({ kind: "problem", problem: found });
  };
  queue.push({ kind: "planned", runId, plan, order });
  const server = await readServer(cluster, call);
  const chosen = chooseNodes(plan, await nodesFor(plan, cluster, call), await readGpuUsage(cluster, call).catch(() => undefined));
  const platform = { os: "linux", architecture: chosen[0]?.architecture ?? "amd64" };
  const content = checkContent(plan.arms, { ...call, platform, content: options.content });
  const owned = ownerMarks(runId, startedAtEpochMs + plan.limits.maxDurationMs + afterRunMs);
  const limit = new RunLimit(plan, chosen.length, startedAtEpochMs);
  const limited: Call = { ...call, signal: AbortSignal.any([...(call.signal ? [call.signal] : []), limit.signal]) };
  const nodes: RunNode[] = [];
  let environment: BenchEnvironment = {
    ...(server.version !== undefined && { kubernetesVersion: server.version }),
    server: cluster.server,
    nodes: chosen.map((node) => benchNodeOf(node, {})),
    images: [],
    contentCheck: { equal: undefined, how: "not looked at" },
    clockOffsets: [],
    apiRoundTripMs: server.roundTripMs,
    clientVersion: options.clientVersion,
  };
  let ending: RunEnding = { kind: "complete" };
  try {
    const details: BenchNode[] = [];
    for (const node of chosen) {
      if (plan.coldness === "L0") {
        nodes.push({ node });
        details.push(benchNodeOf(node, {}));
        continue;
      }
      const probe = await ProbePod.start(
        cluster,
        {
          namespace: plan.namespace,
          node: node.name,
          image: plan.probeImage,
          runId,
          lifetimeMs: plan.limits.maxDurationMs + afterRunMs,
          ...owned,
        },
        limited,
      );
      nodes.push({ node, probe });
      const facts = await readNodeFacts(probe, limited);
      nodes[nodes.length - 1] = { node, probe, ...(facts.clockOffset && { clockOffset: facts.clockOffset }) };
      details.push(benchNodeOf(node, facts.details));
    }
    const checked = await content;
    for (const found of checked.problems) problem(found);
    environment = {
      ...environment,
      nodes: details,
      images: checked.images,
      contentCheck: checked.contentCheck,
      clockOffsets: nodes.flatMap(({ node, clockOffset }) => (clockOffset ? [{ node: node.name, ...clockOffset }] : [])),
    };
    queue.push({ kind: "environment", environment });
    const context: RunContext = {
      runId,
      plan,
      cluster,
      nodes,
      layers: new Map(checked.layers),
      apiRoundTripMs: server.roundTripMs,
      owned,
      emit: (event) => queue.push(event),
      problem,
    };
    for (const planned of order) {
      if (limited.signal?.aborted) break;
      // A block stays on one node, so that arms are compared on the same one.
      const at = nodes[planned.block % nodes.length] as RunNode;
      const trial = await runTrial(planned, at, context, limited);
      trials.push(trial);
      queue.push({ kind: "trial-ended", trial });
    }
  } catch (error) {
    if (!limited.signal?.aborted && !isCancelled(error, limited.signal)) {
      if (trials.length === 0) throw error;
      ending = { kind: "failed", message: error instanceof Error ? error.message : String(error) };
    }
  } finally {
    limit.end();
    for (const { probe } of nodes) await probe?.remove({ log: call.log, signal: AbortSignal.timeout(30_000) });
  }
  if (limit.message !== undefined) ending = { kind: "limit", message: limit.message };
  else if (call.signal?.aborted) ending = { kind: "cancelled" };
  queue.push({
    kind: "ended",
    run: { id: runId, startedAtEpochMs, endedAtEpochMs: nowEpochMs(), ending, plan, environment, trials, problems },
  });
}

/** Only the named one where the plan names one: a person may read that and not list all. */
async function nodesFor(plan: BenchPlan, cluster: Cluster, call: Call): Promise<readonly ClusterNode[]> {
  return plan.target.kind === "node" ? [await readNode(cluster, plan.target.name, call)] : listNodes(cluster, {}, call);
}

/** Ends the run when its time or money is used up. */
class RunLimit {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  message: string | undefined;

  constructor(plan: BenchPlan, nodeCount: number, startedAtEpochMs: number) {
    const { maxDurationMs, maxCost } = plan.limits;
    const price = plan.pricePerNodeHour;
    const affordableMs = maxCost !== undefined && price !== undefined && price > 0 ? (maxCost / (price * nodeCount)) * 3_600_000 : Infinity;
    const isMoney = affordableMs < maxDurationMs;
    this.#timer = setTimeout(
      () => {
        this.message = isMoney
          ? `The limit of ${formatMoney(maxCost ?? 0, plan.currency)} was reached.`
          : `The limit of ${formatDuration(maxDurationMs)} was reached.`;
        this.#controller.abort(new DOMException("The run's limit was reached", "AbortError"));
      },
      Math.min(maxDurationMs, affordableMs, 2 ** 31 - 1) - (nowEpochMs() - startedAtEpochMs),
    );
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
