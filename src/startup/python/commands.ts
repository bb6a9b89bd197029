import type { PythonStatement } from "../../facts/python/pythonFact.ts";
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
    const scope = imports.moduleScope(module);
    if (scope === undefined || !registersCommands(scope.module.fact.body)) continue;
    const functions = [...scope.module.index.functions.values()];
    const chosen = functions.filter(({ name }) => {
      const parts = name.toLowerCase();
      return verbs.has(parts) || parts.split("_").some((part) => verbs.has(part));
    });
    const commands =
      chosen.length > 0
        ? chosen.slice(0, 6)
        : functions.length <= 3
          ? functions
          : functions.filter(({ name }) => /^_?(main|cli|app|run|serve|start|callback)$/.test(name));
    for (const node of commands) imports.callFunction(node, scope, undefined, undefined, chosen.length > 0 ? share.chosen : share.group, 0);
  }
  imports.drain();
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
