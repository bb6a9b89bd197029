import { InvalidArgumentError, type Command } from "commander";
import type { Call } from "../base/log.ts";
import { tiers, type Tier } from "../cluster/tiers.ts";
import { cleanupCommand, type CleanupArguments } from "./cleanupCommand.ts";
import { clustersCommand, type ClustersArguments } from "./clustersCommand.ts";
import { rbacCommand, type RbacArguments } from "./rbacCommand.ts";
import { stderrLog } from "./stderrLog.ts";

/** The commands that look at a cluster and tidy it up. */
export function addClusterCommands(program: Command, signal: AbortSignal): void {
  const callOf = (options: { verbose?: boolean }): Call => ({ signal, log: stderrLog(options.verbose === true) });
  withClusterOptions(
    program
      .command("clusters")
      .description("Contexts of the kubeconfig, and the GPU node pools, free GPUs and RuntimeClasses of one of them.")
      .option("--json", "print everything as JSON"),
  ).action(async (options: ClustersArguments & { verbose?: boolean }) => clustersCommand(options, callOf(options)));
  withClusterOptions(
    program
      .command("rbac")
      .description("The least roles that Coldstart needs in a cluster, as YAML for kubectl apply.")
      .option("--tier <name>", `what it shall be able to do: ${tiers.join(", ")}`, tierNamed, "bench" satisfies Tier)
      .option("--namespace <name>", "where its pods run (default: the namespace of the context)")
      .option("--subject <who>", "who gets the roles: user:NAME, group:NAME or serviceaccount:NAMESPACE/NAME")
      .option("--check", "ask the cluster what of it is missing, in place of printing roles"),
  ).action(async (options: RbacArguments & { verbose?: boolean }) => rbacCommand(options, callOf(options)));
  withClusterOptions(
    program
      .command("cleanup")
      .description("Remove the pods that Coldstart left in a cluster, and print a receipt.")
      .option("--namespace <name>", "look in this namespace only")
      .option("--run <id>", "remove what this run (or collection of boots) created, even while it goes on, and nothing else")
      .option("--all", "also what runs are using at the moment, of whoever")
      .option("--json", "print the receipt as JSON"),
    true,
  ).action(async (options: CleanupArguments & { verbose?: boolean }) => cleanupCommand(options, callOf(options)));
}

function withClusterOptions(command: Command, mustNameContext = false): Command {
  if (mustNameContext) command.requiredOption("--context <name>", "context of the kubeconfig");
  else command.option("--context <name>", "context of the kubeconfig (default: the current one)");
  return command
    .option("--kubeconfig <file>", "kubeconfig to use (default: KUBECONFIG, then ~/.kube/config)")
    .option("-v, --verbose", "tell what is being done");
}

function tierNamed(text: string): Tier {
  const tier = tiers.find((name) => name === text);
  if (!tier) throw new InvalidArgumentError(`Use one of: ${tiers.join(", ")}.`);
  return tier;
}
