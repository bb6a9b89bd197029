import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { delay } from "../../../src/base/abort.ts";
import { endedBeforeUs, endsWithUs, removedAfterUs } from "./orphans.ts";

export interface Finished {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** After this the command's whole group is killed. */
  readonly timeoutMs?: number;
}

/** Runs a command to its end, whatever its exit code. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const started = performance.now();
  const child = spawn(argv[0] ?? "", argv.slice(1), { cwd: options.cwd, env: { ...process.env, ...options.env }, detached: true });
  keepGroup(child.pid);
  if (child.pid) commands.add(child.pid);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on("error", () => {}); // it may end without reading its input
  child.stdin.end(options.input ?? "");
  const timer = setTimeout(() => signalGroup(child.pid, "SIGKILL"), options.timeoutMs ?? 600_000);
  try {
    const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, name) => resolve([code, name]));
    });
    return {
      exitCode,
      signal,
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
      durationMs: performance.now() - started,
    };
  } finally {
    clearTimeout(timer);
    forgetGroup(child.pid);
    commands.delete(child.pid ?? 0);
  }
}

/** Ends all commands that `run` waits for: they end as if somebody had ended them, or by force after `graceMs`. */
export async function endCommands(graceMs = 10_000): Promise<void> {
  const ended = [...commands];
  for (const pid of ended) signalGroup(pid, "SIGTERM");
  const deadline = performance.now() + graceMs;
  while (ended.some((pid) => commands.has(pid)) && performance.now() < deadline) await delay(50);
  for (const pid of ended) if (commands.has(pid)) signalGroup(pid, "SIGKILL");
}

/** Like `run`, but a command that fails throws with what it said. Returns its standard output, trimmed. */
export async function must(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const finished = await run(argv, options);
  if (finished.exitCode === 0) return finished.stdout.trim();
  throw new Error(`${argv.join(" ")} ended with ${finished.exitCode ?? finished.signal}:\n${finished.stderr}${finished.stdout}`);
}

export interface Server {
  readonly pid: number;
  /** What it has printed so far, both streams. */
  log(): string;
  running(): boolean;
  /** Ends its whole process group and waits for it. */
  stop(): Promise<void>;
}

/** Starts a server in a process group of its own; the group ends with this process at the latest. Resolves when `ready` says so. */
export async function startServer(
  argv: readonly string[],
  ready: () => Promise<boolean>,
  options: { env?: NodeJS.ProcessEnv; cwd?: string; readyTimeoutMs?: number; logFile: string },
): Promise<Server> {
  const log = openSync(options.logFile, "w");
  const child = spawn(argv[0] ?? "", argv.slice(1), {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  const gone = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  const pid = child.pid ?? 0;
  keepGroup(child.pid);
  const record = process.env["COLDSTART_TEST_SERVERS"] && join(process.env["COLDSTART_TEST_SERVERS"], String(pid));
  if (record && pid > 0) writeFileSync(record, argv.join(" "));
  const running = (): boolean => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const server: Server = {
    pid,
    running,
    log: () => readFileSync(options.logFile, "utf8"),
    async stop() {
      signalGroup(pid, "SIGTERM");
      await Promise.race([gone, delay(5000)]);
      signalGroup(pid, "SIGKILL");
      await gone;
      forgetGroup(child.pid);
      if (record) rmSync(record, { force: true });
    },
  };
  try {
    await poll(
      `${argv[0]} to be ready`,
      async () => {
        if (!running()) throw new Error(`${argv.join(" ")} ended:\n${server.log()}`);
        return ready();
      },
      options.readyTimeoutMs ?? 60_000,
    );
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** Asks again and again until the answer is neither false nor undefined; an error ends the waiting. */
export async function poll<T>(what: string, ask: () => Promise<T | false | undefined>, timeoutMs = 30_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`Waited ${Math.round(timeoutMs / 1000)} s in vain for ${what}.`);
    await delay(50);
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** A folder that is removed when this process ends. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `coldstart-${name}-`));
  folders.add(folder);
  removedAfterUs(folder);
  return folder;
}

function keepGroup(pid: number | undefined): void {
  if (!pid) return;
  groups.add(pid);
  endsWithUs(-pid);
}

function forgetGroup(pid: number | undefined): void {
  if (!pid) return;
  groups.delete(pid);
  endedBeforeUs(-pid);
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (!pid) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // it has ended already
  }
}

const groups = new Set<number>();
/** Those of `groups` that are commands, not servers. */
const commands = new Set<number>();
const folders = new Set<string>();
process.on("exit", () => {
  for (const pid of groups) signalGroup(pid, "SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});
