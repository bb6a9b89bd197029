import type { PythonCall, PythonStatement } from "../../facts/python/pythonFact.ts";
import { evaluate, type Surroundings, type Value } from "./evaluate.ts";
import { dottedName, parseArguments, within, type Expression } from "./expression.ts";
import { folderOf, joinPath, textOf } from "../paths.ts";
import { setVariables } from "./environmentFile.ts";
import { absoluteName } from "./importability.ts";
import type { ImportWalk } from "./importWalk.ts";
import { fileCalls } from "./fileCalls.ts";
import { processCalls } from "./processCalls.ts";
import type { Scope } from "./scope.ts";
import { entryPoint, isKnownDistribution, loadEntryPoints, openDistribution, scanDistributions } from "./metadata.ts";

export interface SpecialCall {
  readonly imports: ImportWalk;
  readonly call: PythonCall;
  readonly scope: Scope;
  readonly probability: number;
  readonly positional: readonly Expression[];
  readonly first: Value;
  /** `app.py:12`. */
  readonly place: string;
}

export type SpecialHandler = (call: SpecialCall) => void;

/** Calls that import, load or start something, by the last part of their name. */
const handlers: Readonly<Record<string, SpecialHandler>> = {
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
  get_config_var: readBuildSettings,
  get_config_vars: readBuildSettings,
  iter_modules: importAllModules,
  walk_packages: importAllModules,
  find_modules: importPackage,
  ExtensionManager: loadPlugins,
  NamedExtensionManager: loadPlugins,
  EnabledExtensionManager: loadPlugins,
  DriverManager: loadPlugins,
  HookManager: loadPlugins,
  load_setuptools_entrypoints: loadPlugins,
  load_entry_point: callEntryPoint,
  exec: flagMadeUpCode,
  eval: flagMadeUpCode,
  load: flagRemoteCode,
  load_dotenv: readSettings,
  dotenv_values: readSettings,
  config_from_object: importByHelper,
  load_class: importByHelper,
  symbol_by_name: importByHelper,
  ...fileCalls,
  ...processCalls,
};

export function followSpecialCall(imports: ImportWalk, call: PythonCall, scope: Scope, probability: number): void {
  const name = call.name.slice(call.name.lastIndexOf(".") + 1);
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : /import/i.test(name) ? importByHelper : undefined;
  if (handler === undefined) return;
  const { positional } = parseArguments(call.arguments);
  const first = positional[0] === undefined ? undefined : evaluate(positional[0], imports.names.surroundings(scope));
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
    importOwnExtension(at, module);
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
  if (importEach(at) || importFromTable(at)) return;
  const prefix = at.positional[0] && knownPrefix(at.positional[0]);
  if (prefix !== undefined) importByPrefix(at, prefix);
  else if (at.probability > 0.5 && imports.finder.isApplication(scope.module.path))
    imports.walk.flag({ code: "dynamic-import", message: `${place} imports a module whose name only running the program would tell.` });
}

/** A package that asks for its own name has put its folder on the path, and means the compiled module of that name in it (cv2). */
function importOwnExtension({ imports, scope, probability, place }: SpecialCall, module: string): void {
  if (module !== scope.package) return;
  const inner = `${module}.${module.slice(module.lastIndexOf(".") + 1)}`;
  if (imports.finder.find(inner)?.kind === "extension")
    imports.importModule(inner, probability * 0.9, "py-dynamic", `${place} → ${module}`);
}

const mostNames = 300;

/** `for name in ("a", "b"): __import__(f"package.{name}")`: the names that a variable in the argument runs through. */
function importEach({ imports, scope, positional, probability, place }: SpecialCall): boolean {
  const argument = positional[0];
  if (argument === undefined) return false;
  const at = imports.names.surroundings(scope);
  for (const part of within(argument)) {
    const values = part.kind === "name" ? evaluate(part, at) : undefined;
    if (part.kind !== "name" || !Array.isArray(values)) continue;
    let found = false;
    for (const value of (values as readonly Value[]).slice(0, mostNames)) {
      if (typeof value !== "string") continue;
      const lookUp: Surroundings["lookUp"] = (name) =>
        name === part.name ? { expression: { kind: "constant", value }, surroundings: at } : at.lookUp(name);
      const text = evaluate(argument, { ...at, lookUp });
      const dots = typeof text === "string" ? (/^\.*/.exec(text)?.[0].length ?? 0) : 0;
      const name = typeof text === "string" ? absoluteName(text.slice(dots), dots, scope.package) : undefined;
      if (name !== undefined && imports.importModule(name, probability * 0.9, "py-dynamic", `${place} → ${name}`)) found = true;
    }
    if (found) return true;
  }
  return false;
}

/** `import_module(modules[name], package)`: the value of a table, all of them when the key is not known. */
function importFromTable({ imports, scope, positional, probability, place }: SpecialCall): boolean {
  const at = imports.names.surroundings(scope);
  const table = positional[0]?.kind === "subscript" ? evaluate(positional[0].of, at) : undefined;
  if (!(table instanceof Map)) return false;
  const texts = [...(table as ReadonlyMap<string, Value>).values()].flatMap((value) => {
    const first = Array.isArray(value) ? (value as readonly Value[])[0] : value;
    return typeof first === "string" ? [first] : [];
  });
  const share = Math.max(0.25, Math.min(0.7, 2 / Math.max(1, texts.length)));
  for (const text of texts.slice(0, 100)) {
    const dots = /^\.*/.exec(text)?.[0].length ?? 0;
    const name = absoluteName(text.slice(dots).replace(/:.*$/, ""), dots, scope.package);
    if (name !== undefined) imports.importModule(name, probability * share, "py-dynamic", `${place} → ${name}`);
  }
  if (texts.length > 1)
    imports.walk.flag({
      code: "dynamic-import",
      message: `${place} imports one of ${texts.length} modules by a name that a setting chooses.`,
    });
  return texts.length > 0;
}

/**
 * `import_optional_dependency("pyarrow")`, `_import_c_module(globals(), "package.part")`: helpers of libraries that import what an
 * argument names. The call says where, the helper's name says that it imports.
 */
function importByHelper({ imports, call, scope, probability, place }: SpecialCall): void {
  const helper = call.name.slice(call.name.lastIndexOf(".") + 1);
  if (/error|warning|exception|importor|reimport|important/i.test(helper)) return;
  const { positional, keywords } = parseArguments(call.arguments);
  const share = /lazy|defer/i.test(helper) ? 0.2 : 0.75;
  for (const argument of [...positional, ...keywords.map((keyword) => keyword.value)].slice(0, 6)) {
    const value = evaluate(argument, imports.names.surroundings(scope));
    if (typeof value !== "string" || !/^\.*[A-Za-z_]\w*([.:]\w+)*$/.test(value)) continue;
    const dots = /^\.*/.exec(value)?.[0].length ?? 0;
    const name = absoluteName(value.slice(dots).replace(/:.*$/, ""), dots, scope.package);
    if (name === undefined) continue;
    const spec = imports.finder.find(name);
    if (spec !== undefined && spec.kind !== "namespace")
      imports.importModule(name, probability * share, "py-dynamic", `${place} → ${name}`);
    else if (name.includes(".")) {
      const parent = name.slice(0, name.lastIndexOf("."));
      if (parent.includes(".")) imports.importModule(parent, probability * share, "py-dynamic", `${place} → ${parent}`);
    }
  }
}

/** `find_modules("package.parts")`: werkzeug's way to import a whole package. */
function importPackage({ imports, first, probability, place }: SpecialCall): void {
  if (typeof first !== "string") return;
  for (const name of imports.finder.submodules(first).slice(0, mostNames))
    imports.importModule(`${first}.${name}`, probability * 0.85, "py-dynamic", `${place} → ${first}.${name}`);
}

/** stevedore and pluggy load the entry points of the group that they are given. */
function loadPlugins({ imports, call, scope, positional, probability, place }: SpecialCall): void {
  const named = parseArguments(call.arguments).keywords.find(({ name }) => name === "namespace" || name === "group")?.value;
  const group = evaluated(imports, scope, named ?? positional[0]);
  scanDistributions(imports, probability, `${place} reads all entry points`);
  if (typeof group === "string") loadEntryPoints(imports, group, probability, place);
}

/** Scripts that older setuptools wrote: `load_entry_point("name==1.0", "console_scripts", "name")()`. */
function callEntryPoint({ imports, scope, positional, probability, place }: SpecialCall): void {
  const [spec, group, name] = positional.map((one) => evaluated(imports, scope, one));
  if (typeof spec !== "string" || typeof group !== "string" || typeof name !== "string") return;
  const found = entryPoint(imports, spec.split(/[=<>~! ]/, 1)[0] ?? spec, group, name);
  if (found === undefined) return;
  imports.importModule(found.module, probability, "py-plugin", `${place} → ${name} of ${group}`);
  imports.drain();
  if (found.attribute !== undefined) imports.calls.callByName(found.module, found.attribute, probability);
}

/** Code that is put together at run time says nothing before. */
function flagMadeUpCode({ imports, call, scope, probability, positional, place }: SpecialCall): void {
  if (probability > 0.5 && positional.length > 0 && positional[0]?.kind !== "constant" && imports.finder.isApplication(scope.module.path))
    imports.walk.flag({ code: "dynamic-import", message: `${place} runs code that only exists at run time (${call.name}).` });
}

/** torch.hub fetches a repository and imports its `hubconf.py`. */
function flagRemoteCode({ imports, probability, place }: SpecialCall): void {
  if (probability > 0.3)
    imports.walk.flag({ code: "dynamic-import", message: `${place} runs code that it fetches from the network (torch.hub.load).` });
}

/** `load_dotenv()`: variables that are not set yet come from the file `.env` of the working directory, the module's folder or above. */
function readSettings({ imports, scope, first, probability, place }: SpecialCall): void {
  const { command, walk } = imports;
  const folders = [command.cwd];
  for (let folder = folderOf(scope.module.path); folder !== "/" && folders.length < 12; folder = folderOf(folder)) folders.push(folder);
  const paths = typeof first === "string" ? [joinPath(command.cwd, first)] : folders.map((folder) => joinPath(folder, ".env"));
  const path = paths.find((one) => walk.catalog.file(one) !== undefined);
  if (path === undefined || probability < 0.3) return;
  imports.open(path, "py-path", probability, `${place} loads it`);
  setVariables(command.env, textOf(walk.catalog, path) ?? "");
}

/** sysconfig keeps the settings of the build in a module whose name contains the platform. */
function readBuildSettings({ imports, call, probability, place }: SpecialCall): void {
  if (!/^(distutils\.)?_?sysconfig\.|^get_config_vars?$/.test(call.name)) return;
  const { standardLibrary } = imports.layout;
  const names = imports.walk.catalog
    .list(standardLibrary)
    .filter((name) => /^_sysconfigdata_.*\.py$/.test(name) && !/^_sysconfigdata_d/.test(name));
  const name = names.find((one) => one.startsWith("_sysconfigdata__linux")) ?? names[0];
  if (name !== undefined) imports.importModule(name.slice(0, -3), probability, "py-dynamic", `${place} → ${name.slice(0, -3)}`);
}

/** `for … in pkgutil.iter_modules(__path__)` beside an `import_module` of what it yields: all modules of the package. */
function importAllModules({ imports, scope, probability, place, positional }: SpecialCall): void {
  const argument = positional[0];
  const names =
    argument === undefined
      ? []
      : [...within(argument)].flatMap((one) => (one.kind === "name" || one.kind === "attribute" ? [dottedName(one) ?? ""] : []));
  const isOwn = names.some((name) => name === "__path__" || name === "__file__" || name === "__name__");
  if (!importsUnknown(scope.module.fact.body)) return;
  const owner = isOwn
    ? scope.package
    : names.map((name) => name.replace(/\.__path__$/, "")).find((name) => imports.finder.find(name) !== undefined);
  const target = owner === undefined || owner === "" ? undefined : imports.names.packageNamed(owner, scope);
  if (target === undefined) return;
  for (const name of imports.finder.submodules(target).slice(0, 300))
    if (name !== "__main__") imports.importModule(`${target}.${name}`, probability * 0.8, "py-dynamic", `${place} → ${target}.${name}`);
}

/** Whether the code imports a module whose name is worked out at run time. */
function importsUnknown(body: readonly PythonStatement[], depth = 0): boolean {
  if (depth > 20) return false;
  return body.some((statement) => {
    switch (statement.do) {
      case "call":
        return /(^|\.)(import_module|__import__|load_module|exec_module)$/.test(statement.name) && !/^["']/.test(statement.arguments);
      case "def":
      case "class":
      case "maybe":
        return importsUnknown(statement.body, depth + 1);
      case "if":
        return statement.branches.some((branch) => importsUnknown(branch.body, depth + 1));
      case "try":
        return importsUnknown(statement.body, depth + 1) || importsUnknown(statement.rest, depth + 1);
      case "import":
      case "from":
      case "raise":
      case "set":
      case "expression":
      case "calls":
        return false;
    }
  });
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

function scanMetadata({ imports, call, scope, probability, positional, place }: SpecialCall): void {
  scanDistributions(imports, probability, `${place} reads all entry points`);
  const { keywords } = parseArguments(call.arguments);
  const isFirst = call.name.endsWith("iter_entry_points");
  const argument = keywords.find(({ name }) => name === "group")?.value ?? (isFirst ? positional[0] : undefined);
  const group = evaluated(imports, scope, argument);
  if (typeof group === "string") loadEntryPoints(imports, group, probability, place);
}

/** A name that is worked out at run time is one of those that the file mentions. */
function readMetadata({ imports, scope, probability, first, place }: SpecialCall): void {
  if (typeof first === "string") openDistribution(imports, first, probability, `${place} → ${first}`);
  else if (!imports.finder.isApplication(scope.module.path))
    for (const name of scope.module.fact.distributionNames ?? [])
      if (isKnownDistribution(imports, name)) openDistribution(imports, name, probability * 0.75, `${place} → ${name}`);
}

function evaluated(imports: ImportWalk, scope: Scope, expression: Expression | undefined): Value {
  return expression === undefined ? undefined : evaluate(expression, imports.names.surroundings(scope));
}
