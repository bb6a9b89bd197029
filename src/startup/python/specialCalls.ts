import type { PythonCall } from "../../facts/python/pythonFact.ts";
import { unknownWord } from "../walk.ts";
import { evaluate, type Value } from "./evaluate.ts";
import { parseArguments, type Expression } from "./expression.ts";
import { absoluteName } from "./importability.ts";
import type { ImportWalk } from "./importWalk.ts";
import type { Scope } from "./scope.ts";
import { isKnownDistribution, openDistribution, scanDistributions } from "./metadata.ts";

interface SpecialCall {
  readonly imports: ImportWalk;
  readonly call: PythonCall;
  readonly scope: Scope;
  readonly probability: number;
  readonly positional: readonly Expression[];
  readonly first: Value;
  /** `app.py:12`. */
  readonly place: string;
}

/** Calls that import, load or start something, by the last part of their name. */
const handlers: Readonly<Record<string, (call: SpecialCall) => void>> = {
  import_module: importByName,
  __import__: importByName,
  import_string: importByName,
  run_module: importByName,
  entry_points: scanMetadata,
  iter_entry_points: scanMetadata,
  distributions: scanMetadata,
  packages_distributions: scanMetadata,
  version: readMetadata,
  metadata: readMetadata,
  distribution: readMetadata,
  requires: readMetadata,
  get_distribution: readMetadata,
  CDLL: loadLibrary,
  PyDLL: loadLibrary,
  LoadLibrary: loadLibrary,
  dlopen: loadLibrary,
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
};

export function followSpecialCall(imports: ImportWalk, call: PythonCall, scope: Scope, probability: number): void {
  const name = call.name.slice(call.name.lastIndexOf(".") + 1);
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (handler === undefined) return;
  const { positional } = parseArguments(call.arguments);
  const first = positional[0] === undefined ? undefined : evaluate(positional[0], imports.surroundings(scope));
  const place = `${imports.shortPath(scope.module.path)}:${call.line}`;
  handler({ imports, call, scope, probability, positional, first, place });
}

function importByName(at: SpecialCall): void {
  const { imports, scope, first, place } = at;
  if (typeof first === "string" && first !== "") {
    const dots = /^\.*/.exec(first)?.[0].length ?? 0;
    const name = absoluteName(first.slice(dots), dots, scope.package);
    if (name === undefined) return;
    const [module = name, attribute] = name.split(":");
    const found = imports.importModule(module, at.probability * 0.9, "py-dynamic", `${place} → ${module}`);
    if (!found && attribute === undefined)
      imports.importModule(
        module.slice(0, Math.max(0, module.lastIndexOf("."))),
        at.probability * 0.8,
        "py-dynamic",
        `${place} → ${module}`,
      );
    return;
  }
  const prefix = at.positional[0] && knownPrefix(at.positional[0]);
  if (prefix !== undefined) importByPrefix(at, prefix);
  else if (at.probability > 0.5 && imports.finder.isApplication(scope.module.path))
    imports.walk.flag({ code: "dynamic-import", message: `${place} imports a module whose name only running the program would tell.` });
}

/** The text before the first unknown part. */
function knownPrefix(expression: Expression): string | undefined {
  if (expression.kind === "format") {
    const first = expression.parts[0];
    return first?.kind === "constant" && typeof first.value === "string" ? first.value : undefined;
  }
  if (expression.kind !== "binary" || expression.left.kind !== "constant" || typeof expression.left.value !== "string") return undefined;
  return expression.operator === "+"
    ? expression.left.value
    : expression.operator === "%"
      ? expression.left.value.split("%")[0]
      : undefined;
}

/** `import_module(f"package.{name}")`: all that fit, when they are few. */
function importByPrefix({ imports, scope, probability, place }: SpecialCall, text: string): void {
  const dots = /^\.*/.exec(text)?.[0].length ?? 0;
  const prefix = dots === 0 ? text : `${absoluteName("", dots, scope.package) ?? ""}.${text.slice(dots)}`;
  const dot = prefix.lastIndexOf(".");
  if (dot <= 0) return;
  const parent = prefix.slice(0, dot);
  const names = new Set(imports.finder.submodules(parent).filter((name) => name.startsWith(prefix.slice(dot + 1))));
  if (names.size === 0 || names.size > 12) return;
  const share = names.size <= 2 ? 0.6 : 1.2 / names.size;
  for (const name of names)
    imports.importModule(`${parent}.${name}`, probability * share * 0.9, "py-dynamic", `${place} → ${parent}.${name}`);
}

function scanMetadata({ imports, probability, place }: SpecialCall): void {
  scanDistributions(imports, probability, `${place} reads all entry points`);
}

/** A name that is worked out at run time is one of those that the file mentions. */
function readMetadata({ imports, scope, probability, first, place }: SpecialCall): void {
  if (typeof first === "string") openDistribution(imports, first, probability, `${place} → ${first}`);
  else if (!imports.finder.isApplication(scope.module.path))
    for (const name of scope.module.fact.distributionNames ?? [])
      if (isKnownDistribution(imports, name)) openDistribution(imports, name, probability * 0.75, `${place} → ${name}`);
}

function loadLibrary({ imports, probability, first, place }: SpecialCall): void {
  if (typeof first !== "string" || !first.includes(".so")) return;
  const { walk, command } = imports;
  const paths = first.includes("/")
    ? [first]
    : ["/usr/local/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/lib", "/usr/lib64", "/usr/lib"].map(
        (folder) => `${folder}/${first}`,
      );
  const path = paths.find((one) => walk.catalog.file(one) !== undefined);
  if (path !== undefined)
    walk.elf.load(command, path, "py-library-load", probability * command.probability * 0.9, `${place} → ${first}`, imports.libraries);
}

/** Programs started from application code are followed when their words are known, and flagged in any case. */
function startProgram({ imports, call, scope, probability, positional, first, place }: SpecialCall): void {
  if (!imports.finder.isApplication(scope.module.path) || probability < 0.3) return;
  const { command, walk } = imports;
  const isExec = /^exec|spawn/.test(call.name.slice(call.name.lastIndexOf(".") + 1));
  walk.flag({ code: "spawned-process", message: `${place} starts another program (${call.name}).` });
  const words = isExec && Array.isArray(evaluated(imports, scope, positional[1])) ? evaluated(imports, scope, positional[1]) : first;
  const argv = Array.isArray(words)
    ? (words as readonly Value[]).map((word) => (typeof word === "string" ? word : typeof word === "number" ? String(word) : unknownWord))
    : typeof words === "string"
      ? call.name.includes("create_subprocess_exec")
        ? positional.map((word) => stringOr(evaluated(imports, scope, word)))
        : ["/bin/sh", "-c", words]
      : undefined;
  if (argv === undefined || argv.length === 0) return;
  walk.run({ ...command, argv, probability: command.probability * probability * 0.8, startedBy: place });
}

function evaluated(imports: ImportWalk, scope: Scope, expression: Expression | undefined): Value {
  return expression === undefined ? undefined : evaluate(expression, imports.surroundings(scope));
}

function stringOr(value: Value): string {
  return typeof value === "string" ? value : unknownWord;
}
