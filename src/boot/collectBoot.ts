import type { ExecaError } from "execa";
import { isUserError } from "../base/errors.ts";
import type { Call } from "../base/log.ts";
import type { Problem } from "../base/text.ts";
import { readBootSource, type BootSource, type ReadSource } from "./bootSource.ts";
import { systemctlRecipe, type CollectionRecipe, type CollectionStep } from "./collectionRecipe.ts";
import { bootUnreadable, sshFailed } from "./errors.ts";
import { joinSources } from "./joinSources.ts";
import type { ReadBoot } from "./bootChain.ts";

/**
 * Runs one command on the machine and gives its output as it comes. Throws a `UserError` when the machine cannot be asked at all, another
 * error when the command failed there.
 */
export type RunStep = (step: CollectionStep, environment: Readonly<Record<string, string>>, call: Call) => AsyncIterable<Uint8Array>;

/** Nothing that is asked for takes as long, unless the machine is stuck. */
const stepTimeoutMs = 120_000;
const connectTimeoutSeconds = 15;

/**
 * Asks a machine about its boot by a recipe. What a command cannot tell is said in a problem; throws `UserError` when a required one fails.
 */
export async function collectBoot(name: string, recipe: CollectionRecipe, run: RunStep, call: Call): Promise<ReadBoot> {
  const sources: BootSource[] = [];
  const problems: Problem[] = [];
  for (const step of recipe.steps) {
    const read = await answerOf(step, recipe, run, call);
    if (read.source) sources.push(read.source);
    if (read.problem === undefined) continue;
    call.log?.info("boot collection step told nothing", { step: step.file, why: read.problem });
    if (step.isRequired && !read.source) throw bootUnreadable(name, `${step.command} gave nothing that could be read: ${read.problem}`);
    problems.push({ severity: "info", message: `${step.command} told ${read.source ? "not everything" : "nothing"} (${read.problem}).` });
  }
  const boot = joinSources(name, sources)[0];
  if (!boot) throw bootUnreadable(name, "its answers hold no unit");
  return { value: boot.value, problems: [...boot.problems, ...problems] };
}

/** The answer to one command, or to its lesser form. Throws only where the machine cannot be asked, or the work was cancelled. */
async function answerOf(step: CollectionStep, recipe: CollectionRecipe, run: RunStep, call: Call): Promise<ReadSource> {
  call.signal?.throwIfAborted();
  try {
    const read = await readBootSource(run(step, recipe.environment, call));
    if (read.source || !step.otherwise) return read;
  } catch (error) {
    call.signal?.throwIfAborted();
    if (isUserError(error)) throw error;
    if (!step.otherwise) return { problem: (error as Error).message, isForeign: true };
  }
  const { otherwise, ...lesser } = step;
  return answerOf({ ...lesser, args: otherwise }, recipe, run, call);
}

/** Over the user's own ssh, with its keys and configuration; it never asks for a password. `host` is anything that ssh takes: `user@node-7`. */
export async function collectOverSsh(host: string, call: Call): Promise<ReadBoot> {
  // What begins with a dash would be an option of ssh, and those can run programs.
  if (!/^[^-\s][^\s]{0,255}$/.test(host)) throw sshFailed(host, "this is no name of a host");
  return collectBoot(host, systemctlRecipe, overSsh(host), call);
}

function overSsh(host: string): RunStep {
  return (step, environment, call) => {
    const words = ["env", ...Object.entries(environment).map(([key, value]) => `${key}=${value}`), step.command, ...step.args];
    const options = ["-o", "BatchMode=yes", "-o", `ConnectTimeout=${connectTimeoutSeconds}`, "-T"];
    return outputOf(host, [...options, "--", host, words.map(shellWord).join(" ")], call);
  };
}

async function* outputOf(host: string, args: readonly string[], call: Call): AsyncGenerator<Uint8Array> {
  const { execa } = await import("execa");
  const child = execa("ssh", args, {
    buffer: { stdout: false, stderr: true },
    encoding: "buffer",
    stdin: "ignore",
    maxBuffer: 65_536,
    timeout: stepTimeoutMs,
    ...(call.signal && { cancelSignal: call.signal }),
  });
  try {
    // Ends as the program does: a failure is thrown behind the last of the output.
    yield* child.iterable({ binary: true, preserveNewlines: true });
  } catch (cause) {
    call.signal?.throwIfAborted();
    throw failureOf(host, cause as Partial<ExecaError> & Error);
  }
}

function failureOf(host: string, cause: Partial<ExecaError> & Error): Error {
  if (cause.code === "ENOENT") return sshFailed(host, "there is no program ssh", cause);
  if (cause.timedOut) return sshFailed(host, `no answer within ${stepTimeoutMs / 1000} s`, cause);
  const told = cause.stderr instanceof Uint8Array ? Buffer.from(cause.stderr).toString("utf8").trim().split("\n").at(-1) : undefined;
  const why = (told || `exit status ${cause.exitCode ?? "unknown"}`).replace(/\.$/, "");
  // 255 is ssh's own; any other status is of the command on the machine.
  return cause.exitCode === undefined || cause.exitCode === 255 ? sshFailed(host, why, cause) : new Error(why, { cause });
}

/** ssh hands its words to the user's shell on the host as one text. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}
