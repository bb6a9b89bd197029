import { isUserError } from "../../base/errors.ts";
import type { Call } from "../../base/log.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { ClusterNode } from "../../cluster/nodes.ts";
import type { OwnerMarks } from "../../cluster/ownership.ts";
import type { BenchNode } from "../benchRun.ts";
import type { BenchPlan } from "../plan.ts";
import { ProbePod } from "../probe/probePod.ts";
import { benchNodeOf } from "./environment.ts";
import { askClock, clockOffsetOver, type ClockOffset } from "./nodeClock.ts";
import { coolNode, readNodeFacts } from "./nodeProbe.ts";

/** One node of a run with its probe, which is started anew when somebody removes it. */
export class RunNode {
  readonly node: ClusterNode;
  readonly #start: ((call: Call) => Promise<ProbePod>) | undefined;
  #probe: ProbePod | undefined;
  #runtime: string | undefined;
  /** Over the whole run, once it has ended. */
  clockOffset: ClockOffset | undefined;
  /** Whether the node had an image of the plan when the run came to it; undefined until its first trial. */
  hadImages: boolean | undefined;
  details: BenchNode["details"] = {};

  constructor(node: ClusterNode, start: ((call: Call) => Promise<ProbePod>) | undefined) {
    this.node = node;
    this.#start = start;
  }

  /** Undefined: the plan needs none, or the user has not agreed. */
  get probe(): ProbePod | undefined {
    return this.#probe;
  }

  /** Starts the probe and asks it for what the node is made of. */
  async begin(call: Call): Promise<void> {
    if (!this.#start) return;
    this.#probe = await this.#start(call);
    const facts = await readNodeFacts(this.#probe, call);
    this.#runtime = facts.runtime;
    this.details = facts.details;
    await this.#compareClocks(this.#probe, call);
  }

  /** Does work with the probe; when its pod is gone, once more with a new one. */
  async withProbe<T>(work: (probe: ProbePod) => Promise<T>, call: Call): Promise<T | undefined> {
    if (!this.#probe || !this.#start) return undefined;
    try {
      return await work(this.#probe);
    } catch (error) {
      if (!isUserError(error) || error.code !== "probe-failed" || (await this.#probe.isRunning(call))) throw error;
      call.log?.warn("The probe pod was gone and is started anew", { node: this.node.name, why: error.message });
      await this.#probe.remove(call);
      this.#probe = await this.#start(call);
      return work(this.#probe);
    }
  }

  /** Takes the plan's images away again from a node that had none of them, and removes the probe. */
  async end(images: readonly string[], runId: string, call: Call): Promise<void> {
    const probe = this.#probe;
    if (!probe) return;
    await this.#compareClocks(probe, call).catch((error: unknown) => {
      call.log?.debug("The clocks were not compared again", { node: this.node.name, why: String(error) });
    });
    try {
      if (this.hadImages === false) await coolNode(probe, { runId, level: "L1", snapshotter: "overlayfs", images }, call);
    } catch (error) {
      call.log?.warn("The images of a run were left on the node", { node: this.node.name, why: String(error) });
    }
    await probe.remove(call);
  }

  async #compareClocks(probe: ProbePod, call: Call): Promise<void> {
    if (this.#runtime !== undefined) this.clockOffset = clockOffsetOver(this.clockOffset, await askClock(probe, this.#runtime, call));
  }

  described(): BenchNode {
    return benchNodeOf(this.node, this.details);
  }
}

export function runNodesOf(
  nodes: readonly ClusterNode[],
  plan: BenchPlan,
  run: { readonly runId: string; readonly owned: OwnerMarks; readonly lifetimeMs: number },
  cluster: Cluster,
): readonly RunNode[] {
  return nodes.map((node) => {
    const { runId, owned, lifetimeMs } = run;
    const settings = { namespace: plan.namespace, node: node.name, image: plan.probeImage, runId, lifetimeMs, ...owned };
    return new RunNode(node, plan.coldness === "L0" ? undefined : (call) => ProbePod.start(cluster, settings, call));
  });
}
