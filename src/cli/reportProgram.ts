import type { Command } from "commander";
import { chartNames } from "../results/pictures/chartNames.ts";
import type { ReportArguments } from "./reportCommand.ts";
import { stderrLog } from "./stderrLog.ts";

/** `coldstart report`. */
export function withReportCommand(program: Command, signal: AbortSignal): void {
  program
    .command("report")
    .description(
      "A saved report in another form: for a terminal, a pull request, a browser, a spreadsheet, Perfetto or programs. Several: compared.",
    )
    .argument(
      "<files...>",
      "a *.coldstart.json, or results of fastpull, SOCI's benchmark or stargz-snapshotter's hello-bench; several are compared with the first",
    )
    .option(
      "--format <name>",
      "text, md, html (one file that loads nothing), csv (trials × stages, units of boots, or files), csv-packages, svg, json or trace (Chrome's, for Perfetto)",
      "text",
    )
    .option("--chart <name>", `which picture of svg: ${chartNames.join(", ")} (default: the first that the report has something for)`)
    .option("--of <name>", "of which arm or trial's number the waterfall is, of which arm the gain, of which boot the boot's picture")
    .option("--part <name>", "of a report that holds several: bench, boots or image")
    .option("--image <name>", "where another tool's file has results of several images: of which")
    .option("-o, --output <file>", "write it here (default: standard output)")
    .action(async (files: readonly string[], options: Omit<ReportArguments, "files">) => {
      const { reportCommand } = await import("./reportCommand.ts");
      await reportCommand({ ...options, files }, { signal, log: stderrLog(false) });
    });
}
