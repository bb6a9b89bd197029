import type { PythonDefinition, PythonStatement } from "../../facts/python/pythonFact.ts";
import type { ImportWalk } from "./importWalk.ts";
import type { Scope } from "./scope.ts";

/**
 * Command lines of click and typer: a console script calls one object, and a decorator has put the functions behind it. The
 * words of the command line choose; a function is named after its command, or the only one there is runs.
 */

const share = { chosen: 0.95, group: 0.9 } as const;
/** How a module says that it has such functions: `@app.command()`, `@cli.command("run")`, `@main.callback()`. */
const registers = /(^|\.)(command|callback|group)$/;

/** `module`: what the console script imports its function from, or what `python -m` runs. */
export function followCommands(imports: ImportWalk, modules: readonly string[], words: readonly string[]): void {
  const verbs = new Set(words.filter((word) => /^[a-z][\w-]*$/i.test(word)).map((word) => word.replaceAll("-", "_").toLowerCase()));
  for (const module of modules) {
    const scope = imports.names.scopeOf(module);
    if (scope === undefined || !registersCommands(scope.module.fact.body)) continue;
    const functions = [...scope.module.index.functions.values()];
    const chosen = functions.filter(({ name }) => {
      const parts = name.toLowerCase();
      return verbs.has(parts) || parts.split("_").some((part) => verbs.has(part));
    });
    const commands = chosen.length > 0 ? chosen.slice(0, 6) : withoutVerb(functions);
    for (const node of commands)
      imports.calls.callFunction(node, scope, undefined, undefined, chosen.length > 0 ? share.chosen : share.group, 0);
  }
  imports.drain();
}

/** What runs when no word names a command: the group's own function and what sounds like a service, else all of a few. */
function withoutVerb(functions: readonly PythonDefinition[]): readonly PythonDefinition[] {
  const likely = functions.filter(({ name }) =>
    /^_?(main|cli|app|callback|root|entrypoint|(run|serve|start)(_server)?|server)$/.test(name),
  );
  return likely.length > 0 ? likely : functions.length <= 3 ? functions : [];
}

/** Methods that run a command which argparse has chosen: vLLM's `cmd`, transformers' and others' `run`. */
const runMethods = ["run", "cmd", "main", "execute", "handle", "invoke", "start", "__call__", "perform"];
const mostModules = 2000;

/**
 * With argparse a class, function or module is named after its command (`set_defaults(func=…)`), anywhere in the program's own
 * package. `modules`: where the program starts.
 */
export function followSubcommand(imports: ImportWalk, modules: readonly string[], words: readonly string[]): void {
  const verb = words
    .find((word) => !word.startsWith("-"))
    ?.replaceAll("-", "_")
    .toLowerCase();
  if (verb === undefined || !/^[a-z]\w{1,30}$/.test(verb)) return;
  for (const owner of new Set(modules.map((module) => module.split(".", 1)[0] as string))) {
    const within = imports.importedBelow(new RegExp(`^${owner}\\.`)).slice(0, mostModules);
    for (const module of within) {
      const scope = imports.probabilityOf(module) < 0.3 ? undefined : imports.names.scopeOf(module);
      if (scope === undefined || imports.isStandardLibrary(scope.module.path)) continue;
      const isNamed = isCommandName(module.slice(module.lastIndexOf(".") + 1), verb);
      const { classes, functions } = scope.module.index;
      for (const node of classes.values())
        if (isCommandName(node.name, verb))
          for (const method of runMethods) imports.calls.callMethod({ node, scope }, method, { node, scope }, share.chosen, 0);
      for (const node of functions.values())
        if (isCommandName(node.name, verb) || (isNamed && runMethods.includes(node.name)))
          imports.calls.callFunction(node, scope, undefined, undefined, share.chosen, 0);
    }
  }
  imports.drain();
}

/** `serve`, `cmd_serve`, `Serve`, `ServeCommand`, `ServeSubcommand`. */
function isCommandName(name: string, verb: string): boolean {
  const plain = name.toLowerCase().replaceAll("_", "");
  const wanted = verb.replaceAll("_", "");
  if (!plain.includes(wanted) || plain.length > wanted.length + 10) return false;
  return /^(cmd|do|run|handle|main|command|subcommand|cli)?$/.test(plain.replace(wanted, ""));
}

/** Modules from which a console script, or the program itself, imports names. */
export function entryModules(scope: Scope | undefined): readonly string[] {
  if (scope === undefined) return [];
  const own = scope.name === "__main__" ? [] : [scope.name];
  return [...own, ...[...scope.module.index.aliases.values()].filter(({ level }) => level === 0).map(({ module }) => module)].slice(0, 8);
}

function registersCommands(body: readonly PythonStatement[]): boolean {
  return body.some((statement) => statement.do === "calls" && statement.names.some((name) => registers.test(name)));
}
