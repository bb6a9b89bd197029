import { dottedName, parsedExpression, within, type Expression } from "./expression.ts";
import type { ImportWalk } from "./importWalk.ts";
import type { Scope } from "./scope.ts";

/**
 * Functions and classes that application code gives to others to call: `run_in_threadpool(Encoder, settings)`,
 * `Thread(target=consume)`, `FastAPI(lifespan=lifespan)`, `app.on_startup.append(connect)`. What the callee or the keyword is
 * called says whether it happens until the service is ready; everything else waits for an event and is left to `requests.ts`.
 */

/** Callees that run what they are given, soon. */
const runs =
  /(^|\.)(run|run_sync|run_until_complete|run_forever|create_task|ensure_future|start_soon|spawn|spawn_later|start_new_thread|Thread|Process|Greenlet|to_thread|run_in_threadpool|run_in_executor|run_sync_in_worker_thread|submit|apply_async|gather|wait_for|map|starmap|call_soon|call_soon_threadsafe|call_later|start_background_task|add_task|enter_async_context|enter_context|main|serve_forever)$/;
/** Lists of what a framework calls before it serves, and ways to register for that. */
const registersStart =
  /(^|\.)(on_startup|startup|cleanup_ctx|lifespan\w*|before_serving|before_start|on_start|worker_init)\.(append|add|connect|insert|register)$|(^|\.)(register_startup|add_startup_handler|add_startup|before_server_start|after_server_start|main_process_start|main_process_ready)$/;
const registersEvent = /(^|\.)(add_event_handler|register_listener|add_listener|listen|on)$/;
const startEvent = /^(on_)?(start|startup|before_server_start|after_server_start|main_process_start|main_process_ready|ready|worker_init|worker_ready|engine_connect)$/; // prettier-ignore
/** Keyword arguments that take a function which is called soon. */
const startKeyword =
  /^(lifespan|on_startup|on_start|startup|before_start|target|initializer|when_ready|run|main|func|factory|setup|on_ready)$/;

const share = { runs: 0.97, own: 0.75 } as const;

/** `text`: one expression of application code. */
export function followHandedOver(imports: ImportWalk, text: string, scope: Scope, probability: number): void {
  if (!text.includes("(")) return;
  for (const expression of within(parsedExpression(text))) {
    if (expression.kind !== "call") continue;
    const callee = dottedName(expression.callee) ?? (expression.callee.kind === "attribute" ? expression.callee.name : "");
    const isStart =
      runs.test(callee) || registersStart.test(callee) || (registersEvent.test(callee) && expression.positional.some(isStartEvent));
    // The application's own helpers call what they are given: retries, timers, caches.
    const positional = isStart ? share.runs : !callee.includes(".") && isOwnFunction(imports, callee, scope) ? share.own : 0;
    for (const argument of expression.positional.slice(0, 8)) follow(imports, argument, scope, probability * positional);
    for (const { name, value } of expression.keywords.slice(0, 40))
      follow(imports, value, scope, probability * (startKeyword.test(name) ? share.runs : 0));
  }
}

function isStartEvent(argument: Expression): boolean {
  return argument.kind === "constant" && typeof argument.value === "string" && startEvent.test(argument.value);
}

function isOwnFunction(imports: ImportWalk, name: string, scope: Scope): boolean {
  const found = imports.names.findCallee([name], scope);
  return found?.target.kind === "function" && imports.finder.isApplication(found.target.scope.module.path);
}

/** The function itself, the one that `partial` wraps, or each of a list. */
function follow(imports: ImportWalk, argument: Expression, scope: Scope, probability: number): void {
  if (probability < 0.15) return;
  if (argument.kind === "list") for (const item of argument.items.slice(0, 40)) follow(imports, item, scope, probability);
  else if (argument.kind === "call" && /(^|\.)partial$/.test(dottedName(argument.callee) ?? "")) {
    if (argument.positional[0] !== undefined) follow(imports, argument.positional[0], scope, probability);
  } else if (argument.kind === "name" || argument.kind === "attribute") {
    const name = dottedName(argument);
    if (name !== undefined) imports.calls.followCall(name, scope, probability);
  }
}
