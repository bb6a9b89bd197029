import type { PythonStatement } from "../../facts/python/pythonFact.ts";
import type { ImportWalk, NestedFunction } from "./importWalk.ts";
import type { Scope } from "./scope.ts";

/**
 * What the first request makes a service do: the functions of the application that nothing has called until it was ready.
 * A decorator that takes a route or registers a task tells a handler for certain; methods by which frameworks hand over a
 * request come next, and everything else may be called by either.
 */

/** `app.get("/…")`, `router.api_route(…)`, `shared_task(…)`: with these the function below answers requests, messages or tasks. */
const handlerDecorator =
  /^@?[\w.]*\b(get|post|put|patch|delete|head|options|route|api_route|websocket|websocket_route|view|endpoint|rpc|method|api|task|shared_task|actor|job|command|event|callback|query|mutation|field|tool|resource|prompt|subscriber|agent|message_handler|on_message|function|batch)\b\s*(\(|$)/;
const healthRoute = /["']\/?[\w/-]*(health|ready|readiness|live|liveness|alive|ping|status)\w*\/?["']/i;
/** Methods that servers and frameworks call with a request. */
const handlerMethods =
  /^(get|post|put|patch|delete|head|options|list|retrieve|create|update|do_GET|do_POST|dispatch|handle\w*|__call__|forward|predict\w*|infer\w*|inference|preprocess|postprocess|initialize|execute|process\w*|encode_response|decode_request|on_message|run|call|get_queryset|get_context_data)$/;

const share = { onlyRoute: 0.85, leastRoute: 0.3, health: 0.6, handlerMethod: 0.6, hook: 0.75, other: 0.55, oneOfMany: 0.4 } as const;

/** Methods in which frameworks let an application's classes load what they need, before or in the process that serves. */
const hookMethods =
  /^(setup|load|load_model|_load_model|initialize|on_start|on_startup|startup|start|prepare|build|configure|ready|__enter__|__aenter__|warmup)$/;

/** What a framework calls on an application's own classes until it is ready. */
export function followHooks(imports: ImportWalk): void {
  for (const scope of [...imports.applicationScopes])
    for (const node of scope.module.index.classes.values()) {
      if (!imports.names.isDerivedFromLibrary({ node, scope })) continue;
      for (const statement of node.body)
        if (
          statement.do === "def" &&
          (statement.name === "__init__" || hookMethods.test(statement.name)) &&
          !imports.calls.isCalled(statement)
        )
          imports.calls.callMethod({ node, scope }, statement.name, { node, scope }, share.hook, 0);
    }
  imports.drain();
}

/** Readiness is asked for by HTTP: what answers that runs until ready. */
export function followProbe(imports: ImportWalk): void {
  for (const { node, scope, above } of functionsOf(imports))
    if (above.some((text) => handlerDecorator.test(text) && healthRoute.test(text)))
      imports.calls.callFunction(node, scope, undefined, undefined, share.health, 0);
  imports.drain();
}

export function followRequests(imports: ImportWalk): void {
  imports.moment = "firstRequest";
  for (const follow of imports.later) follow();
  imports.drain();
  const functions = functionsOf(imports).filter(({ node }) => !imports.calls.isCalled(node));
  const routes = functions.filter(({ above }) => above.some((text) => handlerDecorator.test(text)));
  // Which of many routes is asked for first, nobody knows.
  const each = Math.min(share.onlyRoute, Math.max(share.leastRoute, (2 * share.onlyRoute) / Math.max(1, routes.length)));
  for (const { node, scope } of routes) imports.calls.callFunction(node, scope, undefined, undefined, each, 0);
  imports.drain();
  for (const scope of [...imports.applicationScopes])
    for (const node of scope.module.index.classes.values())
      for (const statement of node.body)
        if (statement.do === "def" && handlerMethods.test(statement.name) && !imports.calls.isCalled(statement))
          imports.calls.callMethod({ node, scope }, statement.name, { node, scope }, share.handlerMethod, 0);
  imports.drain();
  const others = functions.filter(({ node }) => !imports.calls.isCalled(node));
  for (const { node, scope } of others)
    imports.calls.callFunction(node, scope, undefined, undefined, others.length <= 8 ? share.other : share.oneOfMany, 0);
  imports.drain();
}

function functionsOf(imports: ImportWalk): readonly NestedFunction[] {
  const functions = [
    ...imports.applicationScopes.flatMap((scope) => functionsIn(scope.module.fact.body, scope)),
    ...imports.nestedFunctions,
  ];
  return functions.filter((one) => !isCommand(one));
}

/** Commands of a command line: the words of the command line choose among them, no request does. */
function isCommand({ scope, above }: NestedFunction): boolean {
  return above.some((text) => /\.?(command|callback|group)\b/.test(text)) && usesCommandLine(scope);
}

function usesCommandLine({ module: { index } }: Scope): boolean {
  return [...index.aliases.values()].some(({ module }) => /^(click|typer|cyclopts|asyncclick|rich_click|cloup)(\.|$)/.test(module));
}

/** Functions of a block, those in its branches included. */
export function functionsIn(body: readonly PythonStatement[], scope: Scope): readonly NestedFunction[] {
  const found: NestedFunction[] = [];
  let above: string[] = [];
  for (const statement of body) {
    if (statement.do === "expression") {
      above.push(statement.text);
      continue;
    }
    if (statement.do === "def") found.push({ node: statement, scope, above });
    else if (statement.do === "if") for (const branch of statement.branches) found.push(...functionsIn(branch.body, scope));
    else if (statement.do === "try") found.push(...functionsIn([...statement.body, ...statement.rest], scope));
    above = [];
  }
  return found;
}
