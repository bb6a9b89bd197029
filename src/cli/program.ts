import { Command, CommanderError } from "commander";
import { isCancelled, isUserError, type UserErrorCode } from "../base/errors.ts";
import { formatBytes } from "../base/format.ts";
import { coldstartVersion } from "../base/version.ts";
import { withBenchCommand } from "./benchProgram.ts";
import { addClusterCommands } from "./clusterProgram.ts";
import { withBootCommand } from "./bootProgram.ts";
import { cancelledText } from "./cancelledText.ts";
import { explainCommand, type ExplainArguments } from "./explainCommand.ts";
import { exportCommand, type ExportArguments } from "./exportCommand.ts";
import { prefetchFormats } from "../traces/prefetchList.ts";
import { imageArgumentText, sizeInBytes, wholeNumber, withImageOptions } from "./imageArguments.ts";
import type { InspectArguments } from "./inspectArguments.ts";
import { inspectCommand } from "./inspectCommand.ts";
import { withReportCommand } from "./reportProgram.ts";
import { stderrLog } from "./stderrLog.ts";

/** Exit codes that scripts may rely on. */
const exitCode = { fine: 0, failed: 1, badUsage: 2, cancelled: 130 } as const;

/** Failures that the command's own words or input caused; all others are failures of the world. */
const badInputCodes: ReadonlySet<UserErrorCode> = new Set<UserErrorCode>([
  "bad-usage",
  "bad-reference",
  "bad-settings",
  "dockerfile-unreadable",
  "file-unreadable",
  "kubeconfig-unreadable",
  "context-not-found",
  "boot-unreadable",
  "plan-unreadable",
  "report-unreadable",
  "report-newer",
]);

/** Runs the command line and gives its exit code; never throws. */
export async function main(): Promise<number> {
  const cancel = new AbortController();
  process.on("SIGINT", () => {
    // A second Ctrl-C means now.
    if (cancel.signal.aborted) process.exit(exitCode.cancelled);
    cancel.abort();
  });
  // The second is a terminal that was closed.
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => cancel.abort());
  const onLostOutput = (error: NodeJS.ErrnoException): void => {
    // `coldstart … | head` closes our output early, which is no failure.
    if (error.code === "EPIPE") process.exit(exitCode.fine);
    // That terminal takes no more words; what there is to clean up is cleaned up without them.
    if (error.code !== "EIO") throw error;
    cancel.abort();
  };
  process.stdout.on("error", onLostOutput);
  process.stderr.on("error", onLostOutput);
  const program = buildProgram(cancel.signal);
  let running: string | undefined;
  program.hook("preAction", (_, command) => void (running = command.name()));
  try {
    await program.parseAsync();
    return exitCode.fine;
  } catch (error) {
    return reported(error, cancel.signal, running);
  }
}

function buildProgram(signal: AbortSignal): Command {
  const program = new Command("coldstart")
    .description("Where the time goes before an AI container is ready.")
    .version(coldstartVersion, "--version", "print the version")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) })
    .showHelpAfterError("(coldstart --help shows what there is)");
  withImageOptions(
    program
      .command("inspect")
      .description("Which share of an image a container touches at startup.")
      .argument("<image|dockerfile>", `${imageArgumentText} or a Dockerfile`)
      .option("--image <image>", "with a Dockerfile: the image that was built from it")
      .option("--target <stage>", "with a Dockerfile: the stage to answer for (default: the last)")
      .option("--json", "print the whole report as JSON (docs/report.md describes it)")
      .option("--top <n>", "how many files and packages to list", wholeNumber, 10)
      .option("--measure <name>", "measure to rank by: files, bytes, pages or chunks", "pages")
      .option(
        "--trace <file>",
        "hold the estimate against a recorded start: a log of strace, fatrace or fanotify, a record of ctr-remote, …",
      )
      .option("--moment <name>", "until when the trace was recorded: ready or first-request"),
  ).action(async (subject: string, options: Omit<InspectArguments, "subject">) => {
    await inspectCommand({ ...options, subject }, { signal, log: stderrLog(options.verbose === true) });
  });
  withImageOptions(
    program
      .command("explain")
      .description("Why files of an image are opened at startup, or why not.")
      .argument("<image>", imageArgumentText)
      .argument("<path...>", "files or folders in the image")
      .option("--json", "print the explanations as JSON"),
  ).action(async (image: string, paths: string[], options: Omit<ExplainArguments, "image" | "paths">) => {
    await explainCommand({ ...options, image, paths }, { signal, log: stderrLog(options.verbose === true) });
  });
  withImageOptions(
    program
      .command("export")
      .description("What startup opens, as a list for the prefetch of a lazy loader, in the order of first use.")
      .argument("<image>", imageArgumentText)
      .requiredOption("--format <name>", `for which loader: ${prefetchFormats.map(({ name }) => name).join(", ")}`)
      .option("--moment <name>", "until when: ready (the default) or first-request")
      .option("--trace <file>", "export a recorded start instead of the estimate")
      .option("--budget <size>", "fetch at most so much; files of which little is read are left out first", sizeInBytes)
      .option("-o, --output <file>", "write the list here (default: standard output)"),
  ).action(async (image: string, options: Omit<ExportArguments, "image">) => {
    await exportCommand({ ...options, image }, { signal, log: stderrLog(options.verbose === true) });
  });
  withBenchCommand(program, signal);
  withBootCommand(program, signal);
  withReportCommand(program, signal);
  const cache = program.command("cache").description("The facts of layers that were read before.");
  cache
    .command("size")
    .description("Where the cache lies and how much it holds.")
    .option("--cache-dir <folder>")
    .action(async (options: { cacheDir?: string }) => {
      const { defaultCacheDir, factsCacheSize } = await import("../facts/factsCache.ts");
      const folder = options.cacheDir ?? defaultCacheDir();
      process.stdout.write(`${formatBytes(await factsCacheSize(folder))} in ${folder}\n`);
    });
  cache
    .command("clear")
    .description("Forget all layers; the next inspection reads them again.")
    .option("--cache-dir <folder>")
    .action(async (options: { cacheDir?: string }) => {
      const { clearFactsCache, defaultCacheDir } = await import("../facts/factsCache.ts");
      const folder = options.cacheDir ?? defaultCacheDir();
      await clearFactsCache(folder);
      process.stdout.write(`Cleared ${folder}\n`);
    });
  addClusterCommands(program, signal);
  return program;
}

function reported(error: unknown, signal: AbortSignal, command: string | undefined): number {
  if (signal.aborted || isCancelled(error, signal)) {
    process.stderr.write(`${cancelledText(command)}\n`);
    return exitCode.cancelled;
  }
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.fine : exitCode.badUsage;
  if (isUserError(error)) {
    process.stderr.write(`${error.message}\n${error.hint}\n`);
    return badInputCodes.has(error.code) ? exitCode.badUsage : exitCode.failed;
  }
  process.stderr.write(`This is a bug in Coldstart:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCode.failed;
}
