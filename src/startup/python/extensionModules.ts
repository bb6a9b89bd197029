import type { ImportWalk } from "./importWalk.ts";
import type { QueuedModule } from "./moduleQueue.ts";

/** How often a module that an extension names is really imported by it. */
const dottedNameShare = 0.8;
const plainNameShare = 0.6;
/** Modules written by hand in C, C++ or Rust mostly import when one of their functions is called. */
const handwrittenShare = 0.45;
/** A module that needs the extension's own package cannot be imported at its start: functions do it when they are called. */
const circleShare = 0.3;

/** Cython's own support names it in every module with coroutines, and imports it when one is made. */
const onlyNamed = new Set(["asyncio.coroutines"]);

/** A compiled module: the file, the libraries it needs, and the modules that it imports from C by name. */
export function openExtension(imports: ImportWalk, name: string, path: string, by: QueuedModule): void {
  const { walk, command } = imports;
  const entry = walk.catalog.file(path);
  if (entry === undefined) return;
  for (const library of walk.elf.closure(path, command.env, imports.libraries)) {
    const isItself = library === entry.path;
    imports.open(library, isItself ? "py-extension" : "py-extension-library", by.probability, isItself ? by.evidence : `needed by ${path}`);
    const file = walk.catalog.get(library);
    const fact = file && walk.catalog.fact(file);
    if (fact?.kind === "elf" && fact.soname !== undefined && by.probability > 0.5 && !imports.libraries.has(fact.soname))
      imports.libraries.set(fact.soname, library);
  }
  // A Cython source beside it tells what it imports; it is not opened.
  imports.runFile(
    `${path.slice(0, path.lastIndexOf("/"))}/${name.slice(name.lastIndexOf(".") + 1)}.pyx`,
    name,
    parentOf(name),
    by.probability,
  );
  const fact = walk.catalog.fact(entry);
  if (fact?.kind !== "elf") return;
  const isCython = fact.moduleNames?.includes("cython_runtime") === true;
  for (const module of fact.moduleNames ?? []) {
    if (module === name || onlyNamed.has(module)) continue;
    // Built for both, it tries the name of numpy 2 first (numpy/_core/code_generators/generate_numpy_api.py).
    if (module.startsWith("numpy.core.") && imports.finder.find("numpy._core")?.kind === "package") continue;
    const spec = imports.finder.find(module);
    if (spec === undefined || spec.kind === "namespace") continue;
    const share = !module.includes(".")
      ? plainNameShare
      : wouldBeCircle(imports, module, parentOf(name))
        ? circleShare
        : isCython
          ? dottedNameShare
          : handwrittenShare;
    imports.importModule(module, by.probability * share, "py-extension-import", `${imports.shortPath(path)} → ${module}`);
  }
}

/** Whether one of the package's modules imports the other package at its start. */
function wouldBeCircle(imports: ImportWalk, packageName: string, other: string): boolean {
  if (!other.includes(".") || other.startsWith(packageName) || imports.finder.find(packageName)?.kind !== "package") return false;
  return imports.finder
    .submodules(packageName)
    .slice(0, 60)
    .some((leaf) => {
      const body = imports.names.scopeOf(`${packageName}.${leaf}`)?.module.fact.body ?? [];
      return body.some(
        (statement) =>
          (statement.do === "from" && statement.level === 0 && statement.module === other) ||
          (statement.do === "import" && statement.names.some(([imported]) => imported === other)),
      );
    });
}

function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(".")));
}
