import { spawn } from "node:child_process";
import { formatDuration } from "../src/base/format.ts";

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

/** Runs one command as a step. It does not throw: what a failure means is the caller's business. */
export async function step(title: string, argv: readonly string[], options: StepOptions = {}): Promise<StepOutcome> {
  const started = performance.now();
  if (options.shown) console.log(`── ${title}`);
  const child = spawn(argv[0] ?? "", argv.slice(1), {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: options.shown ? "inherit" : ["ignore", "pipe", "pipe"],
  });
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
  const outcome = { exitCode, output: Buffer.concat(output).toString() };
  if (exitCode !== 0 && !options.shown) process.stdout.write(outcome.output);
  console.log(`${exitCode === 0 ? "✓" : "✗"} ${title} (${formatDuration(performance.now() - started)})`);
  return outcome;
}

/** Does some work of this process as a step; a failure is thrown on. */
export async function work<T>(title: string, action: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    const value = await action();
    console.log(`✓ ${title} (${formatDuration(performance.now() - started)})`);
    return value;
  } catch (error) {
    console.log(`✗ ${title} (${formatDuration(performance.now() - started)})`);
    throw error;
  }
}
