import type { Command } from "commander";
import type { Call } from "../base/log.ts";
import type { BootArguments } from "./bootCommand.ts";
import { stderrLog } from "./stderrLog.ts";

/** `coldstart boot`. */
export function withBootCommand(program: Command, signal: AbortSignal): void {
  program
    .command("boot")
    .description("Where the start of a machine goes, until kubelet or another unit is ready.")
    .argument("[machine]", "ssh://HOST: asks the machine with your own ssh")
    .option("--ssh <host>", "the same as ssh://HOST")
    .option(
      "--from <path...>",
      "folders or files with what systemctl show, systemd-analyze, journalctl, cloud-init analyze dump or node-latency-for-k8s printed; a folder of folders is many boots",
    )
    .option("--compare <path...>", "boots of another machine image, to tell the difference with an interval")
    .option("--unit <name>", "the unit that is waited for (default: kubelet, or else the default target)")
    .option("--rules <file>", "a JSON list of further rules that name the class of units")
    .option("--json", "print the whole report as JSON")
    .option("--as <form>", "print what systemd-analyze would have printed: time, blame or critical-chain")
    .option("--fuzz <length>", "with --as critical-chain: also units that were active so much earlier, such as 1s")
    .option("--verbose", "tell on stderr what is done")
    .action(async (machine: string | undefined, options: Omit<BootArguments, "machine"> & { verbose?: boolean }) => {
      const { bootCommand } = await import("./bootCommand.ts");
      const call: Call = { signal, log: stderrLog(options.verbose === true) };
      await bootCommand({ ...options, ...(machine !== undefined && { machine }) }, call);
    });
}
