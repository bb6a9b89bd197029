import type { PythonFact, PythonStatement } from "../../facts/python/pythonFact.ts";

/**
 * Which submodule provides which name, of a package that loads on first use: from its tables, and from the imports that it
 * repeats for type checkers. Full module names; undefined for a package that is not lazy.
 */
export function lazySubmodules(
  fact: PythonFact,
  name: string,
  exists: (module: string) => boolean,
): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  for (const [submodule, names] of fact.lazy ?? []) {
    const relative = submodule.replace(/^\.+/, "");
    const full = relative.startsWith(`${name}.`) ? relative : `${name}.${relative}`;
    if (exists(full)) for (const one of names) if (!found.has(one)) found.set(one, full);
  }
  if (isLazy(fact)) for (const statement of fact.body) typeCheckingImports(statement, name, found);
  return found.size > 0 ? found : undefined;
}

/** What is imported for type checkers only is a table of names where something looks them up; elsewhere it is nothing. */
function isLazy(fact: PythonFact): boolean {
  return (
    fact.lazy !== undefined ||
    fact.body.some(
      (statement) =>
        (statement.do === "def" && statement.name === "__getattr__") ||
        (statement.do === "call" && /attach|[Ll]azy/.test(statement.name)) ||
        (statement.do === "calls" && statement.names.some((name) => /attach|[Ll]azy/.test(name))) ||
        (statement.do === "if" && statement.branches.some(({ test }) => /lazy/i.test(test))),
    )
  );
}

/** Lazy packages repeat their names for type checkers: `if TYPE_CHECKING: from .x import Y`. */
function typeCheckingImports(statement: PythonStatement, name: string, into: Map<string, string>): void {
  if (statement.do !== "if" || !statement.branches[0]?.test.includes("TYPE_CHECKING")) return;
  for (const inner of statement.branches[0].body)
    if (inner.do === "from" && inner.level === 1 && inner.module !== "")
      for (const [one, alias] of inner.names) if (!into.has(alias ?? one)) into.set(alias ?? one, `${name}.${inner.module}`);
}
