import type { Command } from "commander";
import type { ReportArguments } from "./reportCommand.ts";
import { stderrLog } from "./stderrLog.ts";

/** `coldstart report`. */
export function withReportCommand(program: Command, signal: AbortSignal): void {
  program
    .command("report")
    .description("A saved report in another form: for a terminal, a pull request, a spreadsheet, Perfetto or programs.")
    .argument("<file>", "a *.coldstart.json, or results of fastpull, SOCI's benchmark or stargz-snapshotter's hello-bench")
    .option("--format <name>", "text, md, csv (trials × stages), json or trace (Chrome's, for Perfetto)", "text")
    .option("--image <name>", "where another tool's file has results of several images: of which")
    .option("-o, --output <file>", "write it here (default: standard output)")
    .action(async (file: string, options: Omit<ReportArguments, "file">) => {
      const { reportCommand } = await import("./reportCommand.ts");
      await reportCommand({ ...options, file }, { signal, log: stderrLog(false) });
    });
}
