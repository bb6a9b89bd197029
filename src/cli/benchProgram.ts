import { InvalidArgumentError, Option, type Command } from "commander";
import { parseDuration } from "../base/format.ts";
import { coldnessLevels } from "../bench/plan.ts";
import { readinessForms, requestForms } from "../bench/plan/parseReadiness.ts";
import type { BenchArguments } from "./benchArguments.ts";
import { wholeNumber } from "./imageArguments.ts";
import { stderrLog } from "./stderrLog.ts";

/** `coldstart bench`. */
export function withBenchCommand(program: Command, signal: AbortSignal): void {
  program
    .command("bench")
    .description("Cold starts of an image on a cluster, repeated and compared, stage by stage until ready.")
    .argument("<plan|image>", "a plan (*.coldstart.yaml) or an image; options go before what the plan says")
    .option("--context <name>", "context of the kubeconfig (default: the plan's, else the current one)")
    .option("--kubeconfig <file>", "kubeconfig to use (default: KUBECONFIG, then ~/.kube/config)")
    .option("--arm <name[=image]>", "what is compared: overlayfs, stargz, soci, nydus, …; once for each", collected)
    .option("--trials <n>", "trials of each arm (default: 5)", positive)
    .option("--ready <when>", `when the pod is ready: ${readinessForms}`)
    .option("--request <request>", `a real request, sent once it is ready: ${requestForms}`)
    .option("--workload <kind/name>", "run what this object of the cluster runs, such as deployment/app")
    .option("--from-file <manifest>", "run what this manifest runs; --workload then names one of its objects")
    .option("--container <name>", "which of the workload's containers is compared")
    .option("--node <name>", "the node that all pods run on")
    .option("--pool <name>", "the node pool that the pods run on")
    .option("--namespace <name>", "where the pods are made")
    .option("--gpus <n>", "GPUs of each pod", wholeNumber)
    .option("--gpu-resource <name>", "the resource that stands for a GPU (default: nvidia.com/gpu)")
    .option("--timeout <time>", "a trial that is not ready by then has failed (default: 10m)", duration)
    .addOption(
      new Option(
        "--coldness <level>",
        "how cold each start is: L0 unknown, L1 image removed, L2 content gone, L3 also page cache dropped",
      ).choices(coldnessLevels),
    )
    .option("--seed <n>", "draws the order of the arms (default: a random one, which the report keeps)", seed)
    .option("--pods-at-once <n>", "pods of the run on one node at a time (default: 1)", positive)
    .option("--price <amount>", "price of one node's hour, for the cost", amount)
    .option("--currency <code>", "of prices (default: USD)")
    .option("--max-cost <amount>", "the run ends when its nodes have cost this", amount)
    .option("--max-time <time>", "the run ends after this time", duration)
    .option("--probe-image <image>", "image of the privileged pod; must have sh and nsenter")
    .option("--plain-http <host...>", "registries to speak plain HTTP with when the images are compared")
    .option("--out <file>", "store the report here (*.coldstart.json); written after each trial")
    .option("--json", "print the whole report as JSON")
    .option("--yes", "start without asking")
    .option("--allow-privileged", "allow the privileged pod that makes nodes cold and proves it")
    .option("--verbose", "tell on stderr what is done")
    .action(async (subject: string, options: Omit<BenchArguments, "subject">) => {
      const { benchCommand } = await import("./benchCommand.ts");
      await benchCommand({ ...options, subject }, { signal, log: stderrLog(options.verbose === true) });
    });
}

function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function positive(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError("At least 1 is wanted.");
  return value;
}

function seed(text: string): number {
  const value = wholeNumber(text);
  if (value >= 2 ** 32) throw new InvalidArgumentError("A whole number below 4294967296 is wanted.");
  return value;
}

function duration(text: string): number {
  const durationMs = parseDuration(text);
  if (!durationMs) throw new InvalidArgumentError("A time with its unit is wanted, such as 10m or 90s.");
  return durationMs;
}

function amount(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError("An amount of money is wanted, such as 3.5.");
  return value;
}
