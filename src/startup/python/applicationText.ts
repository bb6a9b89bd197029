import type { PythonStatement } from "../../facts/python/pythonFact.ts";
import { joinPath } from "../paths.ts";
import { followBoundCalls } from "./boundCalls.ts";
import { evaluate } from "./evaluate.ts";
import { dottedName, parsedExpression, within, type Expression } from "./expression.ts";
import type { Reading } from "../startupSet.ts";
import { followHandedOver } from "./handedOver.ts";
import type { ImportWalk } from "./importWalk.ts";
import type { Scope } from "./scope.ts";
import { usePath } from "./namedPaths.ts";
import { followTemplates } from "./templates.ts";

/** Expressions of application code: the paths and modules they name, and functions that a framework will call at startup. */

const pathShare = 0.9;
const moduleShare = 0.8;
/** A relative name that happens to exist, where nothing says that it is opened. */
const looseNameShare = 0.4;
/** One that code put together, of which the same is true. */
const joinedPathShare = 0.65;
/** Keyword arguments that take the path of a file which is read. */
const takesPath = /(^|_)(file|path|filename|fname|checkpoint|weights|model|vocab|tokenizer|config)$/;
const opensFile =
  /(^|\.)(open|load|loads?_\w+|read_\w+|\w*from_file|from_pretrained|InferenceSession|load_model|FileConfig|fileConfig|parse|exists|Llama|memmap)$/;

/** Decorators of functions that are called before the service is ready. */
const startupDecorator =
  /(^|\.)(before_server_start|after_server_start|main_process_start|main_process_ready|(worker_(ready|init|process_init)|celeryd_init|celeryd_after_setup|on_after_configure|on_after_finalize)\.connect)\b|\.on_event\(\s*["']startup|\.before_serving|\.before_first_request|\.on_startup|\.listener\(\s*["'](before|main_process|after)_server_start/;
/** `os.environ.setdefault("NAME", "value")` and `os.environ["NAME"] = "value"`. */
const setsVariable = /environ(?:(\.setdefault)\(|\[)\s*["'](\w+)["']\s*(,|\]\s*=)\s*["']([^"'\n]*)["']/g;

export function followText(
  imports: ImportWalk,
  text: string,
  line: number,
  scope: Scope,
  probability: number,
  following: readonly PythonStatement[],
): void {
  if (!imports.finder.isApplication(scope.module.path)) return;
  const place = `${imports.shortPath(scope.module.path)}:${line}`;
  // Further decorators and the function's own header stand in between.
  const next = following.find((one) => one.do !== "expression");
  if (next?.do === "def" && startupDecorator.test(text))
    imports.calls.callFunction(next, scope, undefined, undefined, probability * 0.95, scope.depth);
  followHandedOver(imports, text, scope, probability);
  // A function's own header reads like a call of it.
  if (next?.do !== "def" || !text.startsWith(next.name)) followBoundCalls(imports, text, scope, probability);
  followTemplates(imports, text, scope, probability, place);
  if (imports.applicationTexts.length < 20_000) imports.applicationTexts.push(text);
  for (const match of text.matchAll(setsVariable)) {
    const [, setter, name = "", , value = ""] = match;
    if (setter === undefined || !imports.command.env.has(name)) imports.command.env.set(name, value);
  }
  const surroundings = imports.names.surroundings(scope);
  const seen = new Set<string>();
  const consider = (expression: Expression, share: number, reading?: Reading): void => {
    const value = evaluate(expression, surroundings);
    if (typeof value !== "string" || value.length < 2 || seen.has(value)) return;
    if (value.startsWith("/")) {
      seen.add(value);
      if (value.length > 3) usePath(imports, value, probability * pathShare, `${place} → ${value}`, reading);
    } else if (/^[A-Za-z_]\w*(\.\w+)+(:\w+)?$|^[A-Za-z_]\w*:\w+$/.test(value) && namesModule(imports, value, place, probability))
      seen.add(value);
    else if (/[./]/.test(value) && value.length < 200)
      usePath(imports, joinPath(imports.command.cwd, value), probability * share, `${place} → ${value}`, reading);
  };
  for (const expression of within(parsedExpression(text))) {
    if (expression.kind === "call" && opensFile.test(dottedName(expression.callee) ?? ""))
      for (const argument of expression.positional.slice(0, 1)) consider(argument, pathShare, readingOf(expression));
    else if (expression.kind === "call")
      for (const { name, value } of expression.keywords) if (takesPath.test(name)) consider(value, pathShare, readingOf(expression));
    if (
      expression.kind === "constant" ||
      expression.kind === "format" ||
      expression.kind === "binary" ||
      expression.kind === "call" ||
      expression.kind === "subscript"
    )
      consider(expression, expression.kind === "constant" ? looseNameShare : joinedPathShare);
  }
}

/** How a loader reads the file, where its arguments say: `torch.load(path, mmap=True)`, `np.load(path, mmap_mode="r")`. */
function readingOf({ callee, keywords }: Expression & { kind: "call" }): Reading | undefined {
  if (/(^|\.)memmap$/.test(dottedName(callee) ?? "")) return "mapped";
  const choice = keywords.find(({ name }) => /^(mmap|mmap_mode|memory_map|use_mmap)$/.test(name))?.value;
  if (choice?.kind !== "constant") return undefined;
  return choice.value === null || choice.value === false ? "read" : "mapped";
}

/** A string such as `proj.settings` or `main:app`: the module it names, or the one whose attribute it names. */
function namesModule(imports: ImportWalk, text: string, place: string, probability: number): boolean {
  const [dotted = text] = text.split(":");
  for (let name = dotted; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
    if (!name.includes(".") && dotted.includes(".")) return false;
    const spec = imports.finder.find(name);
    if (spec === undefined) continue;
    if (spec.kind === "namespace") return false;
    imports.importModule(name, probability * moduleShare, "py-string", `${place} → ${name}`);
    return true;
  }
  return false;
}
