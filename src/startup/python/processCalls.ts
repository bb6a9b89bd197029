import { unknownWord } from "../walk.ts";
import { evaluate, type Value } from "./evaluate.ts";
import { dottedName, parseArguments, type Expression } from "./expression.ts";
import type { ImportWalk } from "./importWalk.ts";
import type { Scope } from "./scope.ts";
import type { SpecialCall, SpecialHandler } from "./specialCalls.ts";

/** Calls that start programs, processes of multiprocessing, or threads. */
export const processCalls: Readonly<Record<string, SpecialHandler>> = {
  Popen: startProgram,
  run: startProgram,
  call: startProgram,
  check_call: startProgram,
  check_output: startProgram,
  system: startProgram,
  popen: startProgram,
  posix_spawn: startProgram,
  create_subprocess_exec: startProgram,
  create_subprocess_shell: startProgram,
  execv: startProgram,
  execve: startProgram,
  execvp: startProgram,
  execvpe: startProgram,
  execl: startProgram,
  execlp: startProgram,
  execle: startProgram,
  get_context: chooseStartMethod,
  set_start_method: chooseStartMethod,
  Process: startProcess,
  Thread: runTarget,
  Pool: startProcess,
  Manager: startProcess,
  ProcessPoolExecutor: startProcess,
  ThreadPoolExecutor: (at) => load(at, ["concurrent.futures.thread"]),
};

function load({ imports, probability, place }: SpecialCall, modules: readonly string[]): void {
  for (const module of modules) imports.importModule(module, probability * 0.9, "py-known", `${place} → ${module}`);
}

/** What the parent imports, and the child, which is a new interpreter that runs `multiprocessing.spawn` (multiprocessing/popen_*.py). */
const spawned = [
  "multiprocessing.spawn",
  "multiprocessing.popen_spawn_posix",
  "multiprocessing.resource_tracker",
  "multiprocessing.reduction",
  "runpy",
  "pkgutil",
];

/** `target=function`: what the process or thread runs. */
function runTarget({ imports, call, scope, probability }: SpecialCall): void {
  const target = parseArguments(call.arguments).keywords.find(({ name }) => name === "target")?.value;
  const name = target && dottedName(target);
  if (name !== undefined) imports.calls.followCall(name, scope, probability * 0.9);
}

function chooseStartMethod(at: SpecialCall): void {
  // Choosing imports nothing yet; an application that chooses also starts one, and a function that was called is about to.
  if (at.scope.depth === 0 && !at.imports.finder.isApplication(at.scope.module.path)) return;
  if (at.first === "spawn") load(at, spawned);
  else if (at.first === "forkserver") load(at, ["multiprocessing.forkserver", "multiprocessing.popen_forkserver", ...spawned]);
}

/** Fork is Linux's way until Python 3.14, which prefers a fork server. */
function startProcess(at: SpecialCall): void {
  runTarget(at);
  const name = at.call.name.slice(at.call.name.lastIndexOf(".") + 1);
  const children =
    at.imports.layout.minor >= 14
      ? ["multiprocessing.forkserver", "multiprocessing.popen_forkserver", ...spawned]
      : ["multiprocessing.popen_fork"];
  load(at, ["multiprocessing", "multiprocessing.process", ...children]);
  if (name === "Manager")
    load(at, [
      "multiprocessing.managers",
      "multiprocessing.pool",
      "multiprocessing.shared_memory",
      "multiprocessing.resource_tracker",
      "_posixshmem",
      "mmap",
    ]);
  if (name === "Pool") load(at, ["multiprocessing.pool", "multiprocessing.synchronize", "multiprocessing.resource_tracker"]);
  if (name === "ProcessPoolExecutor")
    load(at, ["concurrent.futures.process", "multiprocessing.synchronize", "multiprocessing.resource_tracker"]);
}

/**
 * Programs started from code are followed when their words are known. Application code that starts any is flagged; libraries
 * start small helpers (`lscpu`, `uname`), which are worth a flag only where a server is started.
 */
function startProgram({ imports, call, scope, probability, positional, first, place }: SpecialCall): void {
  if (probability < 0.3) return;
  const { command, walk, moment } = imports;
  const isApplication = imports.finder.isApplication(scope.module.path);
  const isExec = /^exec|spawn/.test(call.name.slice(call.name.lastIndexOf(".") + 1));
  if (isApplication) walk.flag({ code: "spawned-process", message: `${place} starts another program (${call.name}).` });
  const named = parseArguments(call.arguments).keywords.find(({ name }) => name === "args")?.value;
  const second = evaluated(imports, scope, positional[1]);
  const words = isExec && Array.isArray(second) ? second : (first ?? evaluated(imports, scope, named));
  const argv = Array.isArray(words)
    ? (words as readonly Value[]).map((word) => (typeof word === "string" ? word : typeof word === "number" ? String(word) : unknownWord))
    : typeof words === "string"
      ? call.name.includes("create_subprocess_exec")
        ? positional.map((word) => stringOr(evaluated(imports, scope, word)))
        : ["/bin/sh", "-c", words]
      : undefined;
  if (argv === undefined || argv.length === 0 || moment === "firstRequest") return;
  if (!isApplication && (argv[0] === unknownWord || !Array.isArray(words))) return;
  walk.run({ ...command, argv, probability: command.probability * probability * (isApplication ? 0.8 : 0.6), startedBy: place });
}

function evaluated(imports: ImportWalk, scope: Scope, expression: Expression | undefined): Value {
  return expression === undefined ? undefined : evaluate(expression, imports.names.surroundings(scope));
}

function stringOr(value: Value): string {
  return typeof value === "string" ? value : unknownWord;
}
