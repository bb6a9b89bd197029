import type { PythonDefinition } from "../../facts/python/pythonFact.ts";
import { evaluate, type Value } from "./evaluate.ts";
import { dottedName, parsedExpression, within, type Expression } from "./expression.ts";
import { absoluteName } from "./importability.ts";
import type { ImportWalk } from "./importWalk.ts";
import type { Found } from "./nameResolver.ts";
import type { Bindings, Scope } from "./scope.ts";

/**
 * Calls within application code whose arguments are known: `models.load(os.environ.get("MODEL", "small"), folder)` decides which
 * module is imported and which files are opened behind it, so the function is followed with them.
 */

/** What a function's parameters are worth; undefined when its parameters or all arguments are unknown. */
export type Binder = (node: PythonDefinition, isMethod: boolean) => Bindings | undefined;

type Call = Expression & { kind: "call" };

/** `text`: one expression of application code. */
export function followBoundCalls(imports: ImportWalk, text: string, scope: Scope, probability: number): void {
  if (probability < 0.15 || !text.includes("(")) return;
  for (const call of within(parsedExpression(text))) {
    if (call.kind !== "call" || call.positional.length + call.keywords.length === 0) continue;
    const found = calleeOf(imports, call, scope);
    if (found === undefined || !imports.finder.isApplication(found.target.scope.module.path)) continue;
    const binder: Binder = (node, isMethod) => bindingsOf(imports, call, node, isMethod, scope, found.target.scope);
    const { target, method } = found;
    if (target.kind === "class" && method !== undefined)
      imports.calls.callMethod(target, method, target, probability, scope.depth, 0, binder);
    else imports.calls.callFound(target, probability, scope.depth, binder);
  }
}

function calleeOf(imports: ImportWalk, { callee }: Call, scope: Scope): { readonly target: Found; readonly method?: string } | undefined {
  const name = dottedName(callee);
  if (name !== undefined) {
    const parts = name.split(".");
    if ((parts[0] === "self" || parts[0] === "cls") && parts.length === 2)
      return scope.self && { target: { kind: "class", ...scope.self }, method: parts[1] as string };
    return imports.names.findCallee(parts, scope) ?? imports.names.methodOfInstance(parts, scope);
  }
  if (callee.kind !== "attribute" || callee.of.kind !== "call") return undefined;
  const inner = callee.of;
  if (/(^|\.)import_module$/.test(dottedName(inner.callee) ?? "")) {
    const module = importedName(imports, inner, scope);
    const target = module === undefined ? undefined : imports.names.lookUp(module, callee.name);
    return target && { target };
  }
  const made = calleeOf(imports, inner, scope);
  return made?.target.kind === "class" && made.method === undefined ? { target: made.target, method: callee.name } : undefined;
}

function importedName(imports: ImportWalk, { positional: [first] }: Call, scope: Scope): string | undefined {
  const name = first && evaluate(first, imports.names.surroundings(scope));
  if (typeof name !== "string") return undefined;
  const dots = /^\.*/.exec(name)?.[0].length ?? 0;
  return absoluteName(name.slice(dots), dots, scope.package);
}

function bindingsOf(
  imports: ImportWalk,
  { positional, keywords }: Call,
  { parameters = [] }: PythonDefinition,
  isMethod: boolean,
  caller: Scope,
  callee: Scope,
): Bindings | undefined {
  if (parameters.length === 0) return undefined;
  const at = imports.names.surroundings(caller);
  const values = new Map<string, string | number | boolean | null>();
  const names = isMethod && /^(self|cls|this)$/.test(parameters[0]?.[0] ?? "") ? parameters.slice(1) : parameters;
  let known = 0;
  for (const [index, [name, fallback]] of names.entries()) {
    const given = positional[index] ?? keywords.find((keyword) => keyword.name === name)?.value;
    const value =
      given !== undefined
        ? evaluate(given, at)
        : fallback === undefined
          ? undefined
          : evaluate(parsedExpression(fallback), imports.names.surroundings(callee));
    if (!isPlain(value)) continue;
    values.set(name, value);
    if (given !== undefined) known++;
  }
  return known > 0 ? values : undefined;
}

function isPlain(value: Value): value is string | number | boolean | null {
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
