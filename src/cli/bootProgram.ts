import type { Command } from "commander";
import type { Call } from "../base/log.ts";
import { defaultProbeImage } from "../cluster/probeImage.ts";
import type { BootArguments } from "./bootCommand.ts";
import { stderrLog } from "./stderrLog.ts";

/** `coldstart boot`. */
export function withBootCommand(program: Command, signal: AbortSignal): void {
  program
    .command("boot")
    .description("Where the start of a machine goes, until kubelet or another unit is ready.")
    .argument("[machine]", "ssh://HOST: asks the machine with your own ssh")
    .option("--ssh <host>", "the same as ssh://HOST")
    .option("--node <name...>", "nodes of a cluster; many are many boots")
    .option("--pool <name>", "all nodes of a pool of a cluster")
    .option("--context <name>", "context of the kubeconfig (default: the current one)")
    .option("--kubeconfig <file>", "kubeconfig to use (default: KUBECONFIG, then ~/.kube/config)")
    .option("--namespace <name>", "where pods that ask nodes run (default: that of the context)")
    .option(
      "--way <name>",
      "how nodes are asked: logs (the kubelet's, without a pod), bus (a pod without privileges on the node's D-Bus), probe (a privileged pod), or auto: one after another",
      "auto",
    )
    .option("--allow-privileged", "let a privileged pod run where nothing else tells of the boot")
    .option(
      "--probe-image <image>",
      `image of such pods: has sh, grep and, for the privileged pod, nsenter (default: ${defaultProbeImage})`,
    )
    .option(
      "--from <path...>",
      "folders or files with what systemctl show, systemd-analyze, journalctl, cloud-init analyze dump or node-latency-for-k8s printed; a folder of folders is many boots",
    )
    .option("--compare <path...>", "boots of another machine image, to tell the difference with an interval")
    .option("--unit <name>", "the unit that is waited for (default: kubelet, or else the default target)")
    .option("--rules <file>", "a JSON list of further rules that name the class of units")
    .option("--json", "print the whole report as JSON")
    .option("-o, --out <file>", "also save the report, as a *.coldstart.json")
    .option("--as <form>", "print what systemd-analyze would have printed: time, blame or critical-chain")
    .option("--fuzz <length>", "with --as critical-chain: also units that were active so much earlier, such as 1s")
    .option("--verbose", "tell on stderr what is done")
    .action(async (machine: string | undefined, options: Omit<BootArguments, "machine"> & { verbose?: boolean }) => {
      const { bootCommand } = await import("./bootCommand.ts");
      const call: Call = { signal, log: stderrLog(options.verbose === true) };
      await bootCommand({ ...options, ...(machine !== undefined && { machine }) }, call);
    });
}
