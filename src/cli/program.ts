import { Command, CommanderError, InvalidArgumentError } from "commander";
import { isCancelled, isUserError, type UserErrorCode } from "../base/errors.ts";
import { formatBytes, parseSize } from "../base/format.ts";
import type { InspectArguments } from "./inspectArguments.ts";
import { inspectCommand } from "./inspectCommand.ts";
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
]);

/** Runs the command line and gives its exit code; never throws. */
export async function main(): Promise<number> {
  const cancel = new AbortController();
  process.on("SIGINT", () => {
    // A second Ctrl-C means now.
    if (cancel.signal.aborted) process.exit(exitCode.cancelled);
    cancel.abort();
  });
  process.on("SIGTERM", () => cancel.abort());
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // `coldstart … | head` closes our output early, which is no failure.
    if (error.code === "EPIPE") process.exit(exitCode.fine);
    throw error;
  });
  const program = buildProgram(cancel.signal);
  try {
    await program.parseAsync();
    return exitCode.fine;
  } catch (error) {
    return reported(error, cancel.signal);
  }
}

function buildProgram(signal: AbortSignal): Command {
  const program = new Command("coldstart")
    .description("Where the time goes before an AI container is ready.")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) })
    .showHelpAfterError("(coldstart --help shows what there is)");
  program
    .command("inspect")
    .description("Which share of an image a container touches at startup.")
    .argument(
      "<image|dockerfile>",
      "an image (python:3.12, docker://host/repo:tag, oci:folder:tag, docker-archive:file, …) or a Dockerfile",
    )
    .option("--image <image>", "with a Dockerfile: the image that was built from it")
    .option("--target <stage>", "with a Dockerfile: the stage to answer for (default: the last)")
    .option("--platform <os/arch>", "which platform of a multi-platform image (default: linux and this machine's)")
    .option("--entrypoint <command>", 'run this instead: words separated by spaces, or a JSON list ["a","b c"]')
    .option("--json", "print the whole report as JSON (README.md describes it)")
    .option("--top <n>", "how many files and packages to list", count, 10)
    .option("--measure <name>", "measure to rank by: files, bytes, pages or chunks", "pages")
    .option("--chunk <size>", "chunk size of a lazy loader for the chunk measure", size, 4 * 1024 * 1024)
    .option("--cache-dir <folder>", "where layer facts are kept (default: COLDSTART_CACHE_DIR or the user's cache folder)")
    .option("--plain-http <host...>", "registries to speak plain HTTP with (localhost is allowed anyway)")
    .option("--ca-file <host=file...>", "a PEM file with the certificate authority of a registry")
    .option("--daemon <address>", "Docker or Podman socket, unix:///… or tcp://…")
    .option("--timeout <seconds>", "how long a registry may stay silent", count)
    .option("--no-toc", "download the layers although a table of contents would do")
    .option("--verbose", "tell on stderr what is done")
    .action(async (subject: string, options: Omit<InspectArguments, "subject">) => {
      await inspectCommand({ ...options, subject }, { signal, log: stderrLog(options.verbose === true) });
    });
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
  return program;
}

function reported(error: unknown, signal: AbortSignal): number {
  if (signal.aborted || isCancelled(error, signal)) {
    process.stderr.write("Cancelled. What was read of whole layers is kept.\n");
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

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError("A whole number is wanted.");
  return value;
}

function size(text: string): number {
  const value = parseSize(text);
  if (value === undefined || value < 4096) throw new InvalidArgumentError("A size of at least 4 KiB is wanted, for example 4MiB.");
  return value;
}
