import { spawn, type ChildProcess } from "node:child_process";
import { formatDuration } from "../src/base/format.ts";
import { endedBeforeUs, endsWithUs } from "./real/parts/orphans.ts";

/** Says what is done and how long it took, one line each; a step that fails shows what it printed. */
export interface StepOutcome {
  readonly exitCode: number;
  readonly output: string;
}

export interface StepOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Shows everything while it runs, for steps that talk or ask. */
  readonly shown?: boolean;
}

/** Why a step did not begin or was ended: `endSteps`. */
export class Interrupted extends Error {
  constructor() {
    super("Interrupted.");
  }
}

const running = new Set<ChildProcess>();
let interrupted = false;

/** Asks the running commands to end, and lets no further step begin: it throws `Interrupted`. */
export function endSteps(): void {
  interrupted = true;
  // Not SIGINT: a terminal has sent that already, and a second one means "at once" to many.
  for (const child of running) child.kill("SIGTERM");
}

/** Runs one command as a step. It does not throw for a failure: what that means is the caller's business. */
export async function step(title: string, argv: readonly string[], options: StepOptions = {}): Promise<StepOutcome> {
  if (interrupted) throw new Interrupted();
  const started = performance.now();
  if (options.shown) console.log(`── ${title}`);
  const child = spawn(argv[0] ?? "", argv.slice(1), {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: options.shown ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  if (child.pid) endsWithUs(child.pid);
  const output: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => output.push(chunk));
  const exitCode = await new Promise<number>((resolve) => {
    child.once("error", (error) => {
      output.push(Buffer.from(`${error.message}\n`));
      resolve(127);
    });
    child.once("close", (code) => resolve(code ?? 1));
  });
  running.delete(child);
  if (child.pid) endedBeforeUs(child.pid);
  const outcome = { exitCode, output: Buffer.concat(output).toString() };
  if (exitCode !== 0 && !options.shown) process.stdout.write(outcome.output);
  tell(exitCode === 0, title, started);
  if (interrupted) throw new Interrupted();
  return outcome;
}

/** Does some work of this process as a step; a failure is thrown on. */
export async function work<T>(title: string, action: () => Promise<T>): Promise<T> {
  if (interrupted) throw new Interrupted();
  const value = await cleanUp(title, action).catch((error: unknown) => {
    throw interrupted ? new Interrupted() : error;
  });
  if (interrupted) throw new Interrupted();
  return value;
}

/** Like `work`, and done after an interruption too. */
export async function cleanUp<T>(title: string, action: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    const value = await action();
    tell(true, title, started);
    return value;
  } catch (error) {
    tell(false, title, started);
    throw error;
  }
}

function tell(fine: boolean, title: string, started: number): void {
  console.log(`${fine ? "✓" : "✗"} ${title} (${formatDuration(performance.now() - started)})`);
}
